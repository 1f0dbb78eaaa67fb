package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Lsn;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes batches of the walsender's messages: pure, one thread. */
final class ChangeAssembler {
  private static final int HEADER = 25;

  /** PostgreSQL counts time from 2000. */
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private final int table;
  private final OnTruncate onTruncate;
  private final Described.Describer describer;
  private final Limits limits;
  private final StreamPlace place;
  private final @Nullable Snapshot snapshot;
  private final boolean tells;
  private final Cursor in = new Cursor();
  private final ArrayDeque<Batch> ready = new ArrayDeque<>();

  private Relation relation;
  private @Nullable PgOutput decoder;
  private @Nullable BatchBuilder builder;
  private int consumed;
  private int expectedChanges = 16;
  private int expectedBytes = 1024;

  private boolean moved;
  private int xid;
  private long commitTime;

  /** Where a batch ends, whichever comes first. */
  record Limits(int changes, int bytes) {
    static final Limits DEFAULT = new Limits(4096, 1 << 20);
  }

  /**
   * @param table oid of the sink's table
   * @param known the table as it is now, until a Relation message tells more
   * @param snapshot judges what is emitted; null if no snapshot runs
   * @param tells whether batches know of their transactions
   */
  ChangeAssembler(
      int table,
      Relation known,
      OnTruncate onTruncate,
      Described.Describer describer,
      Limits limits,
      PostgresPosition start,
      @Nullable Snapshot snapshot,
      boolean tells) {
    this.table = table;
    this.relation = known;
    this.onTruncate = onTruncate;
    this.describer = describer;
    this.limits = limits;
    this.place = new StreamPlace(start);
    this.snapshot = snapshot;
    this.tells = tells;
  }

  /** A batch that is complete, or null. */
  @Nullable Batch poll() {
    return ready.poll();
  }

  boolean ready() {
    return !ready.isEmpty();
  }

  boolean betweenTransactions() {
    return !place.inTransaction();
  }

  /** End LSN of the last transaction consumed whole. */
  long end() {
    return place.end();
  }

  /** Whether there is something that no batch has told yet. */
  boolean pending() {
    return moved || consumed > 0;
  }

  /** Whether there are changes that no batch has told yet. */
  boolean pendingChanges() {
    return consumed > 0;
  }

  Relation relation() {
    return relation;
  }

  /** All that was accepted and not yet given, perhaps without changes. */
  Batch flush(boolean quiet) {
    return flush(quiet, false);
  }

  private Batch flush(boolean quiet, boolean beforeLast) {
    var position = position(beforeLast);
    moved = false;
    var full = builder;
    builder = null;
    int stood = consumed;
    consumed = 0;
    if (full == null || full.size() == 0) {
      return stood == 0
          ? Batch.empty(relation, position, quiet)
          : new BatchBuilder(relation, 0, 0).build(position, stood, quiet);
    }
    expectedChanges = Math.min(limits.changes, Math.max(16, full.size() + full.size() / 4));
    expectedBytes = Math.min(2 * limits.bytes, Math.max(1024, full.used() + full.used() / 4));
    return full.build(position, stood, quiet);
  }

  /** Takes one message of the copy stream: XLogData or a keep-alive. */
  void accept(byte[] message) {
    switch (message[0]) {
      case 'w' -> {
        in.reset(message, HEADER);
        output(in.u8());
      }
      case 'k' -> {
        in.reset(message, 1);
        keepAlive(in.i64());
      }
      default -> throw unknown(message[0]);
    }
  }

  private void keepAlive(long sent) {
    if (place.keepAlive(sent)) {
      reached();
    }
  }

  private void reached() {
    moved = true;
    if (snapshot != null) {
      snapshot.committed(place.end());
    }
  }

  /** The xid of the transaction that {@code message} begins; 0 if it begins none. */
  int begins(byte[] message) {
    if (message[0] != 'w' || message[HEADER] != 'B') {
      return 0;
    }
    in.reset(message, HEADER + 1 + 16);
    return in.i32();
  }

  /** Whether nothing that comes with or after this message lies before {@code point}. */
  boolean passes(byte[] message, long point) {
    if (message[0] == 'k') {
      in.reset(message, 1);
      return place.passedAt(in.i64(), point);
    }
    in.reset(message, HEADER);
    return in.u8() == 'B' && !Lsn.before(in.i64(), point);
  }

  /** Nothing before {@code lsn} is left, although no message has said so. */
  void reach(long lsn) {
    keepAlive(lsn);
  }

  private void output(int tag) {
    switch (tag) {
      case 'I' -> {
        if (ours()) {
          insert();
        }
      }
      case 'U' -> {
        if (ours()) {
          update();
        }
      }
      case 'D' -> {
        if (ours()) {
          delete();
        }
      }
      case 'B' -> begin();
      case 'C' -> commit();
      case 'R' -> described();
      case 'T' -> truncate();
      case 'Y', 'O', 'M' -> {}
      default -> throw unknown(tag);
    }
  }

  private void begin() {
    long finalLsn = in.i64();
    commitTime = in.i64() + EPOCH_MICROS;
    xid = in.i32();
    if (place.begin(finalLsn) && snapshot != null) {
      snapshot.begin(xid);
    }
  }

  private void commit() {
    in.u8();
    in.i64();
    if (place.commit(in.i64())) {
      reached();
    }
  }

  /** Counts a row change; true if it is one of the sink's table that no batch has told yet. */
  private boolean ours() {
    if (!place.change() || in.i32() != table) {
      return false;
    }
    if (consumed >= limits.changes || (builder != null && builder.weight() >= limits.bytes)) {
      ready.add(flush(false, true));
    }
    consumed++;
    return true;
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

  private void insert() {
    var out = builder();
    int after = decoder().inserted(in, out);
    if (emits(out, after)) {
      change(out, Op.INSERT, Batch.NO_ROW, after);
    }
  }

  private void change(BatchBuilder out, Op op, int before, int after) {
    out.change(op, before, after, place.finalLsn());
    if (tells) {
      out.transaction(place.finalLsn(), Integer.toUnsignedLong(xid), commitTime, place.ordinal());
    }
  }

  private void update() {
    var out = builder();
    int before = decoder().old(in, out);
    int after = decoder().updated(in, out, before);
    boolean old = before == Batch.NO_ROW || emits(out, before);
    boolean fresh = emits(out, after);
    if (fresh && old) {
      change(out, Op.UPDATE, before, after);
    } else if (fresh && before != Batch.NO_ROW) {
      // The key has moved, and each of the two keys is judged by itself.
      change(out, Op.INSERT, Batch.NO_ROW, after);
    } else if (old && before != Batch.NO_ROW) {
      change(out, Op.DELETE, before, Batch.NO_ROW);
    }
  }

  private void delete() {
    var out = builder();
    int before = decoder().old(in, out);
    if (before == Batch.NO_ROW) {
      throw unknown('D');
    }
    if (emits(out, before)) {
      change(out, Op.DELETE, before, Batch.NO_ROW);
    }
  }

  private boolean emits(BatchBuilder rows, int row) {
    return snapshot == null || snapshot.emits(rows, row);
  }

  private void described() {
    var message = RelationMessage.read(in);
    if (message.oid() != table && !named(message)) {
      return;
    }
    var described = describer.describe(message);
    if (!described.relation().equals(relation) && pending()) {
      ready.add(flush(false));
    }
    builder = builder != null && described.relation().equals(relation) ? builder : null;
    relation = described.relation();
    decoder = new PgOutput(relation, described.identity());
  }

  private boolean named(RelationMessage message) {
    return message.schema().equals(relation.schema()) && message.name().equals(relation.name());
  }

  private void truncate() {
    int count = in.i32();
    in.u8();
    boolean hit = false;
    for (int i = 0; i < count; i++) {
      hit |= in.i32() == table;
    }
    if (!place.change() || !hit) {
      return;
    }
    switch (onTruncate) {
      case IGNORE -> consumed++;
      case STALL ->
          throw Failure.of(
                  Code.DATA,
                  "table %s was truncated".formatted(Sql.name(relation.schema(), relation.name())))
              .detail("Transaction that commits at " + Lsn.text(place.finalLsn()) + ".")
              .hint(
                  "ALTER SINK … RESNAPSHOT brings the topic in step; WITH (ON TRUNCATE = TOMBSTONE)"
                      + " or IGNORE at CREATE chooses what happens by itself.")
              .exception();
      case TOMBSTONE -> {
        if (pending()) {
          ready.add(flush(false, true));
        }
        ready.add(
            Batch.truncated(
                relation,
                position(false),
                snapshot == null ? new Batch.Truncation(key -> true) : snapshot.truncated()));
      }
    }
  }

  private PostgresPosition position(boolean beforeLast) {
    return place.position(beforeLast, snapshot == null ? Optional.empty() : snapshot.state());
  }

  private static RuntimeException unknown(int tag) {
    return Failure.of(Code.INTERNAL, "unexpected message '" + (char) tag + "' of the walsender")
        .exception();
  }
}
