package akkasinks.change;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Builds one {@link Batch}. Order of calls: {@link #row()}, then for each column of the relation
 * one of {@link #value}, {@link #nothing}, {@link #sameAs}; then {@link #change}. Not thread-safe.
 */
public final class BatchBuilder {
  private final Relation relation;
  private byte[] bytes;
  private int used;
  private int[] fields;
  private int fieldsUsed;
  private int rows;
  private final Changes changes;
  private Transactions told = Transactions.NONE;

  public BatchBuilder(Relation relation, int expectedChanges, int expectedBytes) {
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
   * Makes room for {@code length} bytes and gives the array, to be written from {@link #used()};
   * then {@link #took} says how many were. For sources whose rows come in one piece: their columns
   * are then named by {@link #at}.
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

  public void took(int length) {
    used += length;
  }

  /** The next column is what lies at {@code offset} of the array that {@link #reserve} gave. */
  public void at(int offset, int length) {
    field(offset, length);
  }

  /** Adds a change over rows already built. */
  public void change(Op op, int before, int after, long transaction) {
    changes.add(op, before, after, transaction);
  }

  /** What is known of the transaction of the change added last; see {@link Transactions#add}. */
  public void transaction(long commit, long id, long time, long order) {
    if (told == Transactions.NONE) {
      told = new Transactions();
    }
    told.add(commit, id, time, order);
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
    return build(position, consumed, Batch.Ending.of(quiet));
  }

  /** The same. */
  public Batch build(Position position, int consumed, Batch.Ending ending) {
    return new Batch(
        relation, bytes, fields, changes, position, consumed, ending, Optional.empty(), told);
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
