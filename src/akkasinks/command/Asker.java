package akkasinks.command;

/**
 * Who asks.
 *
 * @param role the role's lasting id: a role of the same name that is made later is another
 * @param name the role's, or what a client calls itself where nobody logs in
 * @param from the client's address
 * @param login how it is known that it is this role
 */
public record Asker(String role, String name, String from, Login login) {
  /** Id of the role that is always there, and its name. */
  public static final String SUPERUSER = "u0";

  public static final String SUPERUSER_NAME = "akkasinks";

  /** An actor in the cluster: whoever is a member could as well write to the catalog itself. */
  public static final Asker MEMBER = new Asker(SUPERUSER, SUPERUSER_NAME, "cluster", Login.MEMBER);

  /** How a role has proven that it is this one. */
  public enum Login {
    /** Not at all: the node lets everyone in. */
    NONE,
    SCRAM,
    BASIC,
    BEARER,
    /** By being a member of the cluster. */
    MEMBER
  }

  /** Anyone at all, on a node that asks nobody who they are. */
  public static Asker anyone(String name, String from) {
    return new Asker(SUPERUSER, name.isEmpty() ? SUPERUSER_NAME : name, from, Login.NONE);
  }
}
