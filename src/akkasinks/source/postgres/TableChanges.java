package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Op;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One table's changes on their way into batches: decoded, judged, gathered. One thread. */
final class TableChanges {
  private final int oid;
  private final Described.Describer describer;
  private final Optional<Snapshot> snapshot;
  private final boolean tells;

  private Relation relation;
  private @Nullable PgOutput decoder;
  private @Nullable BatchBuilder builder;
  private int consumed;
  private int expectedChanges = 16;
  private int expectedBytes = 1024;

  /** The transaction under way. */
  record Begun(long finalLsn, int xid, long commitMicros) {
    static final Begun NONE = new Begun(0, 0, 0);
  }

  /**
   * @param known the table as it is now, until a Relation message tells more
   * @param snapshot judges what is emitted, if one runs
   * @param tells whether batches know of their transactions
   */
  TableChanges(
      int oid,
      Relation known,
      Described.Describer describer,
      Optional<Snapshot> snapshot,
      boolean tells) {
    this.oid = oid;
    this.relation = known;
    this.describer = describer;
    this.snapshot = snapshot;
    this.tells = tells;
  }

  int oid() {
    return oid;
  }

  Relation relation() {
    return relation;
  }

  Optional<Snapshot> snapshot() {
    return snapshot;
  }

  String shown() {
    return Sql.name(relation.schema(), relation.name());
  }

  /** Changes accepted that no batch has told yet. */
  int consumed() {
    return consumed;
  }

  /** About the bytes that those hold. */
  int weight() {
    return builder == null ? 0 : builder.weight();
  }

  /** Counts a change of the table that emits nothing. */
  void passOver() {
    consumed++;
  }

  /**
   * What the next changes are decoded by.
   *
   * @param before called if changes that were gathered must be told before
   * @throws FailureException as {@link Described.Describer}
   */
  void describe(RelationMessage message, Runnable before) {
    var described = describer.describe(message);
    if (!described.relation().equals(relation)) {
      if (consumed > 0) {
        before.run();
      }
      builder = null;
    }
    relation = described.relation();
    decoder = new PgOutput(relation, described.identity());
  }

  boolean described() {
    return decoder != null;
  }

  void insert(Cursor in, Begun transaction, long ordinal) {
    consumed++;
    var out = builder();
    int after = decoder().inserted(in, out);
    if (emits(out, after)) {
      change(out, Op.INSERT, Batch.NO_ROW, after, transaction, ordinal);
    }
  }

  void update(Cursor in, Begun transaction, long ordinal) {
    consumed++;
    var out = builder();
    int before = decoder().old(in, out);
    int after = decoder().updated(in, out, before);
    boolean old = before == Batch.NO_ROW || emits(out, before);
    boolean fresh = emits(out, after);
    if (fresh && old) {
      change(out, Op.UPDATE, before, after, transaction, ordinal);
    } else if (fresh && before != Batch.NO_ROW) {
      // The key has moved, and each of the two keys is judged by itself.
      change(out, Op.INSERT, Batch.NO_ROW, after, transaction, ordinal);
    } else if (old && before != Batch.NO_ROW) {
      change(out, Op.DELETE, before, Batch.NO_ROW, transaction, ordinal);
    }
  }

  void delete(Cursor in, Begun transaction, long ordinal) {
    consumed++;
    var out = builder();
    int before = decoder().old(in, out);
    if (before == Batch.NO_ROW) {
      throw Failure.of(Code.INTERNAL, "a delete came without its old row").exception();
    }
    if (emits(out, before)) {
      change(out, Op.DELETE, before, Batch.NO_ROW, transaction, ordinal);
    }
  }

  /** What a TRUNCATE of the table by the current transaction did. */
  Batch truncated(Position position) {
    return Batch.truncated(
        relation,
        position,
        snapshot.map(Snapshot::truncated).orElseGet(() -> new Batch.Truncation(key -> true)));
  }

  /**
   * Ends the batch.
   *
   * @param most changes that a batch can have, to make room for the next one
   */
  Batch build(Position position, Batch.Ending ending, ChangeAssembler.Limits most) {
    var full = builder;
    builder = null;
    int stood = consumed;
    consumed = 0;
    if (full == null || full.size() == 0) {
      return new BatchBuilder(relation, 0, 0).build(position, stood, ending);
    }
    expectedChanges = Math.min(most.changes(), Math.max(16, full.size() + full.size() / 4));
    expectedBytes = Math.min(2 * most.bytes(), Math.max(1024, full.used() + full.used() / 4));
    return full.build(position, stood, ending);
  }

  private void change(
      BatchBuilder out, Op op, int before, int after, Begun transaction, long ordinal) {
    out.change(op, before, after, transaction.finalLsn());
    if (tells) {
      out.transaction(
          transaction.finalLsn(),
          Integer.toUnsignedLong(transaction.xid()),
          transaction.commitMicros(),
          ordinal);
    }
  }

  private boolean emits(BatchBuilder rows, int row) {
    return snapshot.isEmpty() || snapshot.get().emits(rows, row);
  }

  private BatchBuilder builder() {
    var out = builder;
    if (out == null) {
      out = new BatchBuilder(relation, expectedChanges, expectedBytes);
      builder = out;
    }
    return out;
  }

  private PgOutput decoder() {
    var known = decoder;
    if (known == null) {
      throw Failure.of(Code.INTERNAL, "a row change came before its Relation message").exception();
    }
    return known;
  }
}
