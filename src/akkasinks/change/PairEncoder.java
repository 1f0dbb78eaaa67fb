package akkasinks.change;

/**
 * Writes the rows before and after a change as one value; {@link Batch#NO_ROW} for an absent one.
 */
@FunctionalInterface
public interface PairEncoder {
  void encode(Batch batch, int before, int after, Buffer out);
}
