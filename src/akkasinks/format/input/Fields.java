package akkasinks.format.input;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Buffer;

/**
 * The columns of one row while it is read: each is a piece of the record itself, or of bytes made
 * from it. To be used again for the next row. One thread.
 */
public final class Fields {
  private final byte[][] arrays;
  private final int[] offsets;
  private final int[] lengths;
  private final Buffer made = new Buffer(256);

  public Fields(int columns) {
    arrays = new byte[columns][];
    offsets = new int[columns];
    lengths = new int[columns];
    clear();
  }

  /** No column has a value any more. */
  public void clear() {
    made.clear();
    for (int column = 0; column < lengths.length; column++) {
      lengths[column] = Batch.ABSENT;
    }
  }

  /** The column is {@code bytes[from, to)}, which nobody may change before the row is copied. */
  public void set(int column, byte[] bytes, int from, int to) {
    arrays[column] = bytes;
    offsets[column] = from;
    lengths[column] = to - from;
  }

  /** The column is NULL. */
  public void setNull(int column) {
    lengths[column] = Batch.NULL;
  }

  /** For bytes that the record does not hold as they are; then {@link #setMade}. */
  public Buffer made() {
    return made;
  }

  /** The column is what was put into {@link #made} from {@code from} on. */
  public void setMade(int column, int from) {
    // A buffer that grows leaves the array of before as it was.
    set(column, made.room(0), from, made.size());
  }

  /** Bytes of the column, or {@link Batch#NULL}, or {@link Batch#ABSENT} if it was not set. */
  public int length(int column) {
    return lengths[column];
  }

  /** The row's next column in {@code out}; one that was not set is absent. */
  public void copy(int column, BatchBuilder out) {
    if (lengths[column] < 0) {
      out.nothing(lengths[column]);
    } else {
      out.value(arrays[column], offsets[column], lengths[column]);
    }
  }
}
