package akkasinks.format.text;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Relation;

/**
 * What is wrong with a value of a relation's column, for whoever encodes it. The value itself stays
 * out of every message: it is the user's data.
 */
public record ColumnFailures(Relation relation) {
  /** The source left it out. */
  public FailureException notSent(int column) {
    return Failure.of(
            Code.DATA, "the source did not send the value of %s".formatted(described(column)))
        .detail("The value is not part of the table's replica identity, or is an unchanged TOAST")
        .hint(
            "ALTER TABLE \"%s\".\"%s\" REPLICA IDENTITY FULL"
                .formatted(relation.schema(), relation.name()))
        .exception();
  }

  /** It is not text of its type. */
  public FailureException malformed(int column, MalformedText cause) {
    return Failure.of(
            Code.DATA,
            "the value of %s is not text that PostgreSQL writes for %s"
                .formatted(described(column), relation.columns().get(column).type()))
        .detail("Expected " + cause.getMessage())
        .hint("Report this with the column's type and, if you can, the value")
        .exception(cause);
  }

  /**
   * Its type in the format cannot hold it.
   *
   * @param format that cannot
   * @param instead those that can: "FORMAT JSON"
   * @param page of the documentation
   */
  public FailureException noForm(
      int column, NoForm cause, String format, String instead, String page) {
    return Failure.of(
            Code.DATA, "the value of %s has no form in %s".formatted(described(column), format))
        .detail("Reason: " + cause.getMessage())
        .hint(
            "Change the value or the column's type in PostgreSQL, or use %s; see %s"
                .formatted(instead, page))
        .exception(cause);
  }

  /** The column with its table. */
  public String described(int column) {
    return "column \"%s\" of table \"%s\".\"%s\""
        .formatted(relation.columns().get(column).name(), relation.schema(), relation.name());
  }
}
