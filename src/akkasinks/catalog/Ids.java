package akkasinks.catalog;

/** Prefixes of lasting ids; one letter, so that slot names made of them stay legal and short. */
public final class Ids {
  public static final String SECRET = "k";
  public static final String CONNECTION = "c";
  public static final String SOURCE = "r";
  public static final String SINK = "s";
  public static final String DEBT = "d";
  public static final String ROLE = "u";

  private Ids() {}
}
