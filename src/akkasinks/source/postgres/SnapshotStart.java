package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.PostgresPosition;
import akkasinks.change.SnapshotState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Builds the parts of a snapshot that begins, or goes on where its state says. */
final class SnapshotStart {
  /** For a stream with one snapshot. */
  static final long ALL_STATE = Snapshot.MAX_STATE_BYTES;

  private static final int AHEAD = 2;
  private static final int PART_ROWS = 4_096;
  private static final int PART_BYTES = 512 << 10;

  private SnapshotStart() {}

  /**
   * The key in whose order the table can be read in chunks: unique, and carried by every streamed
   * change. The sink's own if it can be.
   */
  static Optional<List<String>> key(
      TableInspection.Table table, Published published, PostgresSpec spec) {
    var usable =
        table.uniqueKeys().stream()
            .filter(key -> key.stream().allMatch(c -> published.relation().indexOf(c) >= 0))
            .filter(key -> table.identityColumns().containsAll(key))
            .toList();
    return Stream.concat(usable.stream().filter(spec.key()::containsAll), usable.stream())
        .findFirst();
  }

  /**
   * @throws akkasinks.base.FailureException if chunks were read by a key that is gone now
   */
  static void requireKey(PostgresSpec spec, SnapshotState state) {
    if (state.rows() > 0 || state.complete()) {
      throw Failure.of(
              Code.SCHEMA_CHANGED,
              "the unique key of table %s is gone in the middle of its snapshot"
                  .formatted(spec.tableName()))
          .hint("Make it again, or ALTER SINK … RESNAPSHOT.")
          .exception();
    }
  }

  /**
   * The snapshot whose state the position holds; empty if it holds none.
   *
   * @param mostStateBytes see {@link Snapshot#MAX_STATE_BYTES}
   */
  static Optional<Snapshot> resume(
      Connection connection,
      Sessions sessions,
      PostgresSpec spec,
      TableInspection.Table table,
      Published published,
      PostgresPosition at,
      long mostStateBytes)
      throws SQLException {
    if (at.snapshot().isEmpty()) {
      return Optional.empty();
    }
    var query = new ChunkQuery(published, key(table, published, spec).orElseThrow());
    return Optional.of(
        new Snapshot(
            at,
            newestXid(connection),
            new KeyTexts(query.key()),
            new KeyScan((int) table.oid(), query.key()),
            KeyOrders.of(connection, sessions, table.oid(), query.key()),
            new ChunkReader(sessions, query, limits(spec), spec.clock()),
            table.estimatedRows(),
            mostStateBytes));
  }

  /** A chunk travels in batches: in one piece it would outlive the collector's young generation. */
  private static ChunkReader.Limits limits(PostgresSpec spec) {
    return new ChunkReader.Limits(
        spec.chunkRows(),
        spec.chunkBytes(),
        new ChunkSession.Part(Math.clamp(spec.chunkRows() / 8, 1, PART_ROWS), PART_BYTES),
        AHEAD);
  }

  private static long newestXid(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")) {
      row.next();
      return row.getLong(1);
    }
  }
}
