package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.change.Batch;
import akkasinks.change.Batch.Ending;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the walsender's messages: pure, one thread.
 *
 * <p>Each table has a batch of its own under way; they end together, at one position, which the
 * last of them reaches and the others are a part of. So a batch is long however the transactions
 * mix their tables.
 */
final class ChangeAssembler {
  private static final int HEADER = 25;

  /** PostgreSQL counts time from 2000. */
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private final StreamTables tables;
  private final OnTruncate onTruncate;
  private final Limits limits;
  private final StreamPlace place;
  private final Cursor in = new Cursor();
  private final ArrayDeque<Batch> ready = new ArrayDeque<>();

  /** Those with changes that no batch has told yet, in the order of their first one. */
  private final List<TableChanges> filled = new ArrayList<>();

  private int consumed;
  private long weight;
  private boolean moved;
  private TableChanges.Begun transaction = TableChanges.Begun.NONE;

  /** Where a batch ends, whichever comes first; counted over all tables. */
  record Limits(int changes, int bytes) {
    static final Limits DEFAULT = new Limits(4096, 1 << 20);
  }

  ChangeAssembler(
      StreamTables tables, OnTruncate onTruncate, Limits limits, PostgresPosition start) {
    this.tables = tables;
    this.onTruncate = onTruncate;
    this.limits = limits;
    this.place = new StreamPlace(start);
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

  /** The position here. */
  PostgresPosition position() {
    return position(false);
  }

  /**
   * All that was accepted and not yet given, perhaps without changes: the first of the batches that
   * it became. Nothing may be {@link #ready}.
   */
  Batch flush(boolean quiet) {
    gather(quiet, false);
    return ready.remove();
  }

  private void gather(boolean quiet, boolean beforeLast) {
    var position = position(beforeLast);
    var ending =
        tables.atomic() && place.inTransaction()
            ? Ending.PART
            : quiet ? Ending.QUIET : Ending.WHOLE;
    moved = false;
    consumed = 0;
    weight = 0;
    if (filled.isEmpty()) {
      ready.add(Batch.empty(tables.relation(), position, ending));
    }
    for (int i = 0; i < filled.size(); i++) {
      boolean last = i == filled.size() - 1;
      ready.add(filled.get(i).build(position, last ? ending : Ending.PART, limits));
    }
    filled.clear();
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
    for (var snapshot : tables.snapshots()) {
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
      case 'I', 'U', 'D' -> rowChange(tag);
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
    long commitMicros = in.i64() + EPOCH_MICROS;
    int xid = in.i32();
    transaction = new TableChanges.Begun(finalLsn, xid, commitMicros);
    if (place.begin(finalLsn)) {
      for (var snapshot : tables.snapshots()) {
        snapshot.begin(xid);
      }
    }
  }

  private void commit() {
    in.u8();
    in.i64();
    if (place.commit(in.i64())) {
      reached();
    }
  }

  /** Told already, or of a table that is not in the stream, it only counts. */
  private void rowChange(int tag) {
    if (!place.change()) {
      return;
    }
    var table = tables.of(in.i32());
    if (table == null) {
      return;
    }
    if (consumed >= limits.changes || weight >= limits.bytes) {
      gather(false, true);
    }
    try {
      if (!table.described()) {
        tables.describe(table);
      }
      int before = table.weight();
      touch(table);
      switch (tag) {
        case 'I' -> table.insert(in, transaction, place.ordinal());
        case 'U' -> table.update(in, transaction, place.ordinal());
        default -> table.delete(in, transaction, place.ordinal());
      }
      weight += table.weight() - before;
    } catch (FailureException e) {
      tables.failed(table, e);
    }
  }

  private void touch(TableChanges table) {
    if (table.consumed() == 0) {
      filled.add(table);
    }
    consumed++;
  }

  private void described() {
    var message = RelationMessage.read(in);
    var table = tables.of(message.oid());
    if (table == null) {
      tables.elsewhere(message);
      return;
    }
    try {
      table.describe(message, () -> gather(false, false));
    } catch (FailureException e) {
      tables.failed(table, e);
    }
  }

  private void truncate() {
    int count = in.i32();
    in.u8();
    Set<TableChanges> hit = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      var table = tables.of(in.i32());
      if (table != null) {
        hit.add(table);
      }
    }
    if (place.change()) {
      hit.forEach(this::truncated);
    }
  }

  private void truncated(TableChanges table) {
    switch (onTruncate) {
      case IGNORE -> {
        touch(table);
        table.passOver();
      }
      case STALL ->
          tables.failed(
              table,
              Failure.of(Code.DATA, "table %s was truncated".formatted(table.shown()))
                  .detail("Transaction that commits at " + Lsn.text(transaction.finalLsn()) + ".")
                  .hint(
                      "ALTER SINK … RESNAPSHOT brings the topic in step; WITH (ON TRUNCATE ="
                          + " TOMBSTONE) or IGNORE at CREATE chooses what happens by itself.")
                  .exception());
      case TOMBSTONE -> {
        if (pending()) {
          gather(false, true);
        }
        ready.add(table.truncated(position(false)));
      }
    }
  }

  private PostgresPosition position(boolean beforeLast) {
    return tables.keeping(place.position(beforeLast));
  }

  private static RuntimeException unknown(int tag) {
    return Failure.of(Code.INTERNAL, "unexpected message '" + (char) tag + "' of the walsender")
        .exception();
  }
}
