package akkasinks.change;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The stream's element: changes of one relation, in source order, and the position after them.
 *
 * <p>All column values lie in one byte array; a row is a run of (offset, length) pairs, a change
 * names up to two rows. So a change costs a few ints, not objects, and a stage that drops or merges
 * changes shares the bytes ({@link #select}). Immutable once built.
 *
 * <p>A batch without changes only carries a position forward, or tells that the source has gone
 * {@linkplain #quiet() quiet}.
 */
public final class Batch {
  /** Length of a column that is SQL NULL. */
  public static final int NULL = -1;

  /** Length of a column that the source did not send (not part of the replica identity). */
  public static final int ABSENT = -2;

  /** No such row. */
  public static final int NO_ROW = -1;

  private static final Op[] OPS = Op.values();

  private final Relation relation;
  private final byte[] bytes;
  private final int[] fields;
  private final int size;
  private final byte[] ops;
  private final int[] befores;
  private final int[] afters;
  private final long[] transactions;
  private final Position position;
  private final int consumed;
  private final boolean quiet;
  private final Optional<Truncation> truncation;

  private Batch(
      Relation relation,
      byte[] bytes,
      int[] fields,
      int size,
      byte[] ops,
      int[] befores,
      int[] afters,
      long[] transactions,
      Position position,
      int consumed,
      boolean quiet,
      Optional<Truncation> truncation) {
    this.relation = relation;
    this.bytes = bytes;
    this.fields = fields;
    this.size = size;
    this.ops = ops;
    this.befores = befores;
    this.afters = afters;
    this.transactions = transactions;
    this.position = position;
    this.consumed = consumed;
    this.quiet = quiet;
    this.truncation = truncation;
  }

  /** A batch that only says: everything up to {@code position} has been seen. */
  public static Batch empty(Relation relation, Position position, boolean quiet) {
    return new Batch(
        relation,
        new byte[0],
        new int[0],
        0,
        new byte[0],
        new int[0],
        new int[0],
        new long[0],
        position,
        0,
        quiet,
        Optional.empty());
  }

  /**
   * The table was truncated here, and the sink asked for tombstones.
   *
   * @param gone says for a key, as one PostgreSQL text per key column, whether its row went: during
   *     a snapshot some chunks may have been read after the truncation
   */
  public record Truncation(Predicate<List<String>> gone) {}

  /** A batch without changes that tells of a truncation. */
  public static Batch truncated(Relation relation, Position position, Truncation truncation) {
    return new Batch(
        relation,
        new byte[0],
        new int[0],
        0,
        new byte[0],
        new int[0],
        new int[0],
        new long[0],
        position,
        1,
        false,
        Optional.of(truncation));
  }

  public Optional<Truncation> truncation() {
    return truncation;
  }

  public Relation relation() {
    return relation;
  }

  /** Number of changes. */
  public int size() {
    return size;
  }

  public Op op(int change) {
    return OPS[ops[change]];
  }

  /** The row before the change, or {@link #NO_ROW}. */
  public int before(int change) {
    return befores[change];
  }

  /** The row after the change, or {@link #NO_ROW}. */
  public int after(int change) {
    return afters[change];
  }

  /** What tells source transactions apart: the commit record's LSN; 0 for a snapshot's rows. */
  public long transaction(int change) {
    return transactions[change];
  }

  /** The array that all columns' offsets point into; never to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the column's bytes begin in {@link #bytes()}. */
  public int offset(int row, int column) {
    return fields[2 * (row * relation.columns().size() + column)];
  }

  /** Number of bytes, or {@link #NULL} or {@link #ABSENT}. */
  public int length(int row, int column) {
    return fields[2 * (row * relation.columns().size() + column) + 1];
  }

  /** The point after the last change, and after all that was netted away or dropped before it. */
  public Position position() {
    return position;
  }

  /** Source changes that this batch stands for, before netting. */
  public int consumed() {
    return consumed;
  }

  /** True if nothing more was waiting at the source when this batch was made: commit at once. */
  public boolean quiet() {
    return quiet;
  }

  /** About the heap that this batch holds, in bytes. */
  public long weight() {
    return bytes.length + 4L * fields.length + 17L * size;
  }

  /** The column as text, for messages and tests; {@code "null"} for NULL. */
  public String text(int row, int column) {
    int length = length(row, column);
    return length < 0
        ? "null"
        : new String(bytes, offset(row, column), length, StandardCharsets.UTF_8);
  }

  /** Whether two rows (of this batch) have the same bytes in {@code columns}. */
  public boolean sameColumns(int row, int other, int[] columns) {
    for (int column : columns) {
      int length = length(row, column);
      if (length != length(other, column)) {
        return false;
      }
      if (length > 0) {
        int a = offset(row, column);
        int b = offset(other, column);
        if (!Arrays.equals(bytes, a, a + length, bytes, b, b + length)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The same rows under other changes: the changes of {@code chosen}, in its order. Shares the
   * bytes; position, consumed and quiet stay.
   */
  public Batch with(Changes chosen) {
    return new Batch(
        relation,
        bytes,
        fields,
        chosen.size,
        chosen.ops,
        chosen.befores,
        chosen.afters,
        chosen.transactions,
        position,
        consumed,
        quiet,
        truncation);
  }

  /** A growing list of changes over existing rows. */
  public static final class Changes {
    private int size;
    private byte[] ops;
    private int[] befores;
    private int[] afters;
    private long[] transactions;

    public Changes(int capacity) {
      int room = Math.max(capacity, 4);
      ops = new byte[room];
      befores = new int[room];
      afters = new int[room];
      transactions = new long[room];
    }

    public void add(Op op, int before, int after, long transaction) {
      if (size == ops.length) {
        int room = size * 2;
        ops = Arrays.copyOf(ops, room);
        befores = Arrays.copyOf(befores, room);
        afters = Arrays.copyOf(afters, room);
        transactions = Arrays.copyOf(transactions, room);
      }
      ops[size] = (byte) op.ordinal();
      befores[size] = before;
      afters[size] = after;
      transactions[size] = transaction;
      size++;
    }

    public int size() {
      return size;
    }
  }

  /**
   * Builds one batch. Order of calls: {@link #row()}, then for each column of the relation one of
   * {@link #value}, {@link #nothing}, {@link #sameAs}; then {@link #change}. Not thread-safe.
   */
  public static final class Builder {
    private final Relation relation;
    private byte[] bytes;
    private int used;
    private int[] fields;
    private int fieldsUsed;
    private int rows;
    private final Changes changes;

    public Builder(Relation relation, int expectedChanges, int expectedBytes) {
      this.relation = relation;
      this.bytes = new byte[Math.max(expectedBytes, 64)];
      this.fields = new int[Math.max(2 * expectedChanges * relation.columns().size(), 16)];
      this.changes = new Changes(expectedChanges);
    }

    public Relation relation() {
      return relation;
    }

    /** Begins a row and gives its number. */
    public int row() {
      return rows++;
    }

    /** The next column's bytes, copied. */
    public void value(byte[] source, int offset, int length) {
      reserve(length);
      System.arraycopy(source, offset, bytes, used, length);
      field(used, length);
      used += length;
    }

    /** The next column has no bytes: {@link Batch#NULL} or {@link Batch#ABSENT}. */
    public void nothing(int why) {
      field(0, why);
    }

    /** The next column is that of an earlier row of this batch; shares its bytes. */
    public void sameAs(int row, int column) {
      int at = 2 * (row * relation.columns().size() + column);
      field(fields[at], fields[at + 1]);
    }

    /**
     * Makes room for {@code length} bytes and gives the array to write them to, from {@link
     * #used()}; then call {@link #wrote}. For sources that unescape while they copy.
     */
    public byte[] reserve(int length) {
      if (bytes.length - used < length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + length));
      }
      return bytes;
    }

    public int used() {
      return used;
    }

    /** The next column is the {@code length} bytes just written at {@link #used()}. */
    public void wrote(int length) {
      field(used, length);
      used += length;
    }

    /** Adds a change over rows already built. */
    public void change(Op op, int before, int after, long transaction) {
      changes.add(op, before, after, transaction);
    }

    public int size() {
      return changes.size();
    }

    public int weight() {
      return used + 4 * fieldsUsed + 17 * changes.size();
    }

    public int length(int row, int column) {
      return fields[2 * (row * relation.columns().size() + column) + 1];
    }

    public String text(int row, int column) {
      int at = 2 * (row * relation.columns().size() + column);
      return new String(bytes, fields[at], fields[at + 1], StandardCharsets.UTF_8);
    }

    /**
     * Ends the batch; the builder must not be used again.
     *
     * @param consumed source changes it stands for, including those that were dropped
     */
    public Batch build(Position position, int consumed, boolean quiet) {
      return new Batch(
          relation,
          bytes,
          fields,
          changes.size,
          changes.ops,
          changes.befores,
          changes.afters,
          changes.transactions,
          position,
          consumed,
          quiet,
          Optional.empty());
    }

    private void field(int offset, int length) {
      if (fieldsUsed == fields.length) {
        fields = Arrays.copyOf(fields, fieldsUsed * 2);
      }
      fields[fieldsUsed] = offset;
      fields[fieldsUsed + 1] = length;
      fieldsUsed += 2;
    }
  }

  /** The same batch, marked as the last before silence. */
  public Batch nowQuiet() {
    return new Batch(
        relation,
        bytes,
        fields,
        size,
        ops,
        befores,
        afters,
        transactions,
        position,
        consumed,
        true,
        truncation);
  }

  @Override
  public String toString() {
    return "Batch[" + relation.name() + " " + size + " changes, " + Optional.of(position) + "]";
  }
}
