package akkasinks.change;

/** Writes a change as one value that tells its operation and its place in the source too. */
@FunctionalInterface
public interface EventEncoder {
  /**
   * @param change for what the batch knows of it
   * @param op which may be another than the change's: one that moves a key is a delete and an
   *     insert
   * @param before,after rows, or {@link Batch#NO_ROW}
   */
  void encode(Batch batch, int change, Op op, int before, int after, Buffer out);

  /** One that tells nothing but the two rows. */
  static EventEncoder of(PairEncoder pair) {
    return (batch, _, _, before, after, out) -> pair.encode(batch, before, after, out);
  }
}
