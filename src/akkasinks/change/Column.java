package akkasinks.change;

/**
 * One column of a relation as the source sends it.
 *
 * @param modifier PostgreSQL's atttypmod, −1 if none
 * @param nullable false only if the source forbids NULL
 */
public record Column(
    String name, Type type, int modifier, boolean nullable, Representation representation) {
  public static Column of(String name, Type type) {
    return new Column(name, type, -1, true, Representation.POSTGRES_TEXT);
  }
}
