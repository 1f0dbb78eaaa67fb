package akkasinks.catalog;

import akkasinks.command.Asker;

/**
 * Somebody who may ask something.
 *
 * @param login whether it may log in
 * @param verifier of its password, in PostgreSQL's form; empty if it has none
 */
public record Role(String id, String name, boolean login, boolean superuser, String verifier) {
  /** The one of the node's configuration, which has its password, too. */
  static final Role SUPERUSER = new Role(Asker.SUPERUSER, Asker.SUPERUSER_NAME, true, true, "");

  /** Stands for all roles where something is granted. */
  static final Role EVERYONE = new Role("public", "public", false, false, "");

  /** Without the verifier: passwords can be guessed against it. */
  @Override
  public String toString() {
    return "Role[" + id + ", " + name + "]";
  }
}
