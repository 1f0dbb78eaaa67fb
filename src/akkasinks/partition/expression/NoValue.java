package akkasinks.partition.expression;

/** Computing a row's value failed, as it may: the record then goes to partition 0. */
final class NoValue extends RuntimeException {
  /** One for all: it has no trace, and costs nothing where it happens often. */
  static final NoValue HERE = new NoValue();

  private NoValue() {
    super("no value", null, false, false);
  }
}
