package akkasinks.source.postgres;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Lsn;
import akkasinks.change.SnapshotState.Visible;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The session in which chunks are read: each in a transaction of its own, short and read-only. One
 * thread, but for {@link #close}.
 */
final class ChunkSession implements AutoCloseable {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final long MOST_SKIPPED_BYTES = 64L << 20;

  /** COPY may be silent for long where a row filter lets few rows through. */
  private static final int SILENCE_MILLIS = 600_000;

  private final Connection connection;
  private final ChunkQuery query;
  private final KeyTexts keys;
  private final long pageBytes;
  private final long segmentBytes;
  private int bytesPerRow;
  private boolean spent;

  /**
   * @param snapshot of the transaction that is now open
   * @param until the insert LSN right after it was taken: the commit records of all it sees lie
   *     before
   * @param flushed the flush LSN then
   */
  record Moment(Visible snapshot, long until, long flushed) {}

  /** Where a batch of the stream ends inside a chunk, whichever comes first. */
  record Part(int rows, int bytes) {}

  /**
   * @param parts at least one
   * @param upTo key of the last row; empty if there was none
   * @param last the read ran out of rows
   */
  record Rows(List<BatchBuilder> parts, List<String> upTo, boolean last) {
    Rows {
      parts = List.copyOf(parts);
    }

    long weight() {
      return parts.stream().mapToLong(BatchBuilder::weight).sum();
    }

    int count() {
      return parts.stream().mapToInt(BatchBuilder::size).sum();
    }
  }

  ChunkSession(Sessions sessions, ChunkQuery query) throws SQLException {
    this.connection = sessions.plain("snapshot of " + query.relation().name());
    this.query = query;
    this.keys = new KeyTexts(query.key());
    this.bytesPerRow = 16 * query.relation().columns().size();
    connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT current_setting('wal_block_size')::bigint,"
                    + " pg_size_bytes(current_setting('wal_segment_size'))")) {
      row.next();
      pageBytes = row.getLong(1);
      segmentBytes = row.getLong(2);
    }
  }

  /**
   * Opens a transaction and locks the table before anything can take a snapshot: TRUNCATE and
   * rewriting ALTERs are not MVCC-safe. False if somebody holds the table for himself.
   */
  boolean begin() throws SQLException {
    try {
      execute(
          "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
              // A plan without the index would sort the whole table again for each chunk.
              + " SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off;"
              + " SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL lock_timeout = '2s';");
      execute(query.lock());
      return true;
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        rollback();
        return false;
      }
      throw e;
    }
  }

  /** Takes the open transaction's snapshot, or in auto-commit just looks. */
  Moment moment() throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT pg_current_snapshot()::text, pg_current_wal_insert_lsn()::text,"
                    + " pg_current_wal_flush_lsn()::text, to_regclass("
                    + Sql.string(query.published().name())
                    + ")::oid::bigint")) {
      row.next();
      if (row.getLong(4) != query.relation().id()) {
        throw query.published().same().lost(connection);
      }
      return new Moment(
          Visibles.parse(row.getString(1)),
          recordEnd(Lsn.parse(row.getString(2)), pageBytes, segmentBytes),
          Lsn.parse(row.getString(3)));
    }
  }

  /**
   * Has the server flush its WAL. What a chunk's own pruning and hint bits have logged, it would
   * leave for its WAL writer, 200 ms by default, in each chunk of a table that was just filled. A
   * commit flushes all that lies before it if it has written something: a message that no
   * publication carries. It waits for no standby.
   */
  void flush() throws SQLException {
    execute(
        "BEGIN; SET LOCAL synchronous_commit = local;"
            + " SELECT pg_logical_emit_message(true, 'akkasinks', ''); COMMIT");
  }

  /**
   * Reads on after {@code after}.
   *
   * @param limit rows at most
   * @param bytes the chunk ends at the first row that reaches them
   * @param part where a batch ends inside the chunk
   * @param wanted asked now and then; if false the rows are thrown away
   */
  Rows read(List<String> after, int limit, long bytes, Part part, BooleanSupplier wanted)
      throws SQLException {
    var rows = builder(part);
    List<BatchBuilder> parts = new ArrayList<>();
    parts.add(rows);
    long done = 0;
    int count = 0;
    int columns = query.relation().columns().size();
    var copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(query.chunk(after, limit));
    boolean cut = false;
    int last = Batch.NO_ROW;
    for (var line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
      if (rows.size() >= part.rows() || rows.used() >= part.bytes()) {
        done += rows.weight();
        bytesPerRow = Math.max(1, rows.used() / rows.size());
        rows = builder(part);
        parts.add(rows);
      }
      last = CopyText.read(line, columns, rows);
      count++;
      cut = done + rows.weight() >= bytes || (count % 1024 == 0 && !wanted.getAsBoolean());
      if (cut) {
        skipRest(copy);
        break;
      }
    }
    return new Rows(
        parts, last == Batch.NO_ROW ? List.of() : keys.of(rows, last), !cut && count < limit);
  }

  /** Makes room for what rows took so far, not for the most that a part may hold. */
  private BatchBuilder builder(Part part) {
    int rows = Math.clamp(part.bytes() / bytesPerRow + 1L, 1, part.rows());
    return new BatchBuilder(query.relation(), rows, rows * bytesPerRow * 9 / 8);
  }

  /**
   * The driver's cancelCopy leaves a session out of step with the server if the rows were on their
   * way already: they are read and dropped, or, if there are too many, the session is.
   */
  private void skipRest(CopyOut copy) throws SQLException {
    long skipped = 0;
    for (var line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
      skipped += line.length;
      if (skipped > MOST_SKIPPED_BYTES) {
        spent = true;
        close();
        return;
      }
    }
  }

  /** A chunk was cut so short that the session was given up with the rest of it: open another. */
  boolean spent() {
    return spent;
  }

  /** Ends the open transaction; it has only read. */
  void rollback() throws SQLException {
    if (!spent) {
      execute("ROLLBACK");
    }
  }

  /** Ends the session, even while another thread waits in it. */
  @Override
  public void close() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException broken) {
      // It is gone either way.
    }
  }

  /**
   * Where the last record ends if the next one is to be written at {@code insert}: just inside a
   * page's header nothing was written yet, and the stream only ever comes to the page's start.
   */
  static long recordEnd(long insert, long pageBytes, long segmentBytes) {
    long inPage = insert & (pageBytes - 1);
    boolean firstOfSegment = (insert & (segmentBytes - 1)) == inPage;
    return inPage == (firstOfSegment ? 40 : 24) ? insert - inPage : insert;
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
