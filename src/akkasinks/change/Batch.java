package akkasinks.change;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stream's element: changes of one relation, in source order, and the position after them.
 *
 * <p>All column values lie in one byte array; a row is a run of (offset, length) pairs, a change
 * names up to two rows. So a change costs a few ints, not objects, and a stage that drops or merges
 * changes shares the bytes ({@link #with}). Immutable once built.
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
  private final Changes changes;

  // What changes hold, taken apart: every stage reads these once per change.
  private final int size;
  private final byte[] ops;
  private final int[] befores;
  private final int[] afters;
  private final long[] transactions;

  private final Position position;
  private final int consumed;
  private final Ending ending;
  private final Optional<Event> event;
  private final Transactions told;

  /** Takes all over: the caller writes to none of it any more. */
  Batch(
      Relation relation,
      byte[] bytes,
      int[] fields,
      Changes changes,
      Position position,
      int consumed,
      Ending ending,
      Optional<Event> event,
      Transactions told) {
    this.relation = relation;
    this.bytes = bytes;
    this.fields = fields;
    this.changes = changes;
    this.size = changes.size();
    this.ops = changes.ops();
    this.befores = changes.befores();
    this.afters = changes.afters();
    this.transactions = changes.transactions();
    this.position = position;
    this.consumed = consumed;
    this.ending = ending;
    this.event = event;
    this.told = told;
  }

  /** A batch that only says: everything up to {@code position} has been seen. */
  public static Batch empty(Relation relation, Position position, boolean quiet) {
    return empty(relation, position, Ending.of(quiet));
  }

  /** The same. */
  public static Batch empty(Relation relation, Position position, Ending ending) {
    return new Batch(
        relation,
        new byte[0],
        new int[0],
        Changes.NONE,
        position,
        0,
        ending,
        Optional.empty(),
        Transactions.NONE);
  }

  /** What a batch may tell that has no changes. */
  public sealed interface Event permits Truncation, Refused {}

  /**
   * The table was truncated here, and the sink asked for tombstones.
   *
   * @param gone says for a key, as one PostgreSQL text per key column, whether its row went: during
   *     a snapshot some chunks may have been read after the truncation
   */
  public record Truncation(Predicate<List<String>> gone) implements Event {}

  /**
   * A record of a topic that cannot be read as the source is declared, and is to go to the sink's
   * dead letter topic as it is.
   *
   * @param key,value as they were
   * @param headers its own, then why and where from
   */
  public record Refused(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers)
      implements Event {
    public Refused {
      headers = List.copyOf(headers);
    }

    /** A header of a record. */
    public record Header(String name, byte @Nullable [] value) {}
  }

  /** A batch without changes that tells of a truncation. */
  public static Batch truncated(Relation relation, Position position, Truncation truncation) {
    return of(relation, position, truncation);
  }

  /** A batch without changes that carries a record which cannot be read. */
  public static Batch refused(Relation relation, Position position, Refused refused) {
    return of(relation, position, refused);
  }

  private static Batch of(Relation relation, Position position, Event event) {
    return new Batch(
        relation,
        new byte[0],
        new int[0],
        Changes.NONE,
        position,
        1,
        Ending.WHOLE,
        Optional.of(event),
        Transactions.NONE);
  }

  public Optional<Event> event() {
    return event;
  }

  public Optional<Truncation> truncation() {
    return event.filter(Truncation.class::isInstance).map(Truncation.class::cast);
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

  /** What the source told of the transactions; nothing unless it was asked to. */
  public Transactions told() {
    return told;
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

  public Ending ending() {
    return ending;
  }

  /** True if nothing more was waiting at the source when this batch was made: commit at once. */
  public boolean quiet() {
    return ending == Ending.QUIET;
  }

  /** What a batch's end is for those who commit. */
  public enum Ending {
    /** Its position is only reached with the batches that follow: nothing is committed here. */
    PART,
    WHOLE,
    /** Whole, and nothing more was waiting at the source: commit at once. */
    QUIET;

    static Ending of(boolean quiet) {
      return quiet ? QUIET : WHOLE;
    }
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
   * bytes; position, consumed and ending stay.
   */
  public Batch with(Changes chosen) {
    return new Batch(relation, bytes, fields, chosen, position, consumed, ending, event, told);
  }

  /** The same batch, marked as the last before silence. */
  public Batch nowQuiet() {
    return new Batch(
        relation, bytes, fields, changes, position, consumed, Ending.QUIET, event, told);
  }

  @Override
  public String toString() {
    return "Batch[" + relation.name() + " " + size + " changes, " + Optional.of(position) + "]";
  }
}
