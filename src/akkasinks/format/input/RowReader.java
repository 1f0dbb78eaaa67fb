package akkasinks.format.input;

/** Reads a record's key or value as columns of a row. An instance belongs to one thread. */
@FunctionalInterface
public interface RowReader {
  /**
   * Sets each of its columns in {@code out}.
   *
   * @throws BadRecord if the bytes are not what was declared
   */
  void read(byte[] bytes, Fields out);
}
