package akkasinks.change;

/** Writes what a row's column says into its record's headers. */
@FunctionalInterface
public interface HeaderEncoder {
  /**
   * @throws akkasinks.base.FailureException DATA, naming the column, if the value says no headers
   */
  void encode(Batch batch, int row, Headers out);
}
