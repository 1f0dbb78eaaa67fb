package akkasinks.change;

/** Writes one row in one format; compiled for a relation and a choice of its columns. */
@FunctionalInterface
public interface RowEncoder {
  /**
   * @throws akkasinks.base.FailureException DATA, naming the column, if a value has no form in the
   *     format
   */
  void encode(Batch batch, int row, Buffer out);
}
