package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;
import org.postgresql.jdbc.PgConnection;

/**
 * The whole table under the snapshot of a temporary slot, whose consistent point is the reading's:
 * a transaction whose commit record lies before it is in the rows, one from it on is not.
 */
final class TableReading implements ChangeSource.Reading {
  private static final int ROWS = 4096;
  private static final int BYTES = 1 << 20;

  private final PgConnection session;
  private final Published published;
  private final PostgresPosition at;
  private @Nullable CopyOut copy;

  private TableReading(PgConnection session, Published published, PostgresPosition at) {
    this.session = session;
    this.published = published;
    this.at = at;
  }

  /**
   * The slot lives only until its snapshot has been imported: from then on the reading holds back
   * no WAL.
   *
   * @throws akkasinks.base.FailureException BUSY if a consistent point was not reached in time, or
   *     the table was rewritten meanwhile
   */
  static TableReading open(Sessions sessions, Published published, Duration patience)
      throws SQLException {
    var name = "akkasinks_read_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    var slot = sessions.replication("read " + published.relation().name());
    int backend = slot.getBackendPID();
    try (slot) {
      var server = History.identify(slot);
      slot.setNetworkTimeout(Runnable::run, (int) Math.max(1, patience.toMillis()));
      try (var statement = slot.createStatement();
          var row = statement.executeQuery(create(name, slot))) {
        row.next();
        long point = Lsn.parse(row.getString("consistent_point"));
        FailPoints.reach("source.read.exported");
        return new TableReading(
            reader(sessions, published, row.getString("snapshot_name"), patience),
            published,
            PostgresPosition.of(server.systemIdentifier(), server.timeline(), name, point));
      }
    } catch (SQLException e) {
      if (PostgresFailures.timedOut(e)) {
        throw busy(sessions, backend, patience, e);
      }
      throw e;
    }
  }

  private static String create(String name, PgConnection slot) throws SQLException {
    return "CREATE_REPLICATION_SLOT %s TEMPORARY LOGICAL pgoutput %s"
        .formatted(
            name,
            slot.getMetaData().getDatabaseMajorVersion() >= 15
                ? "(SNAPSHOT 'export')"
                : "EXPORT_SNAPSHOT");
  }

  private static PgConnection reader(
      Sessions sessions, Published published, String snapshot, Duration patience)
      throws SQLException {
    var session = sessions.plain("read " + published.relation().name());
    try (var statement = session.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET TRANSACTION SNAPSHOT " + Sql.string(snapshot));
      statement.execute("SET LOCAL lock_timeout = " + Math.max(1, patience.toMillis()));
      statement.execute("LOCK TABLE " + published.from() + " IN ACCESS SHARE MODE");
      refuseRewritten(statement, published);
      return session.unwrap(PgConnection.class);
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * TRUNCATE and a rewriting ALTER ignore snapshots: between the snapshot and our lock either would
   * leave rows that are not those of the point. The catalog still shows the snapshot the old file.
   */
  private static void refuseRewritten(Statement statement, Published published)
      throws SQLException {
    var table = Sql.string(published.name()) + "::regclass";
    try (var row =
        statement.executeQuery(
            """
            SELECT count(*), %1$s::oid::bigint FROM pg_class c
            WHERE (c.oid = %1$s OR c.oid IN (SELECT relid FROM pg_partition_tree(%1$s)))
              AND c.relfilenode IS DISTINCT FROM coalesce(pg_relation_filenode(c.oid), 0)
            """
                .formatted(table))) {
      row.next();
      if (row.getLong(1) > 0 || row.getLong(2) != published.relation().id()) {
        throw Failure.of(
                Code.BUSY,
                "table %s was truncated, rewritten or made again while it was about to be read"
                    .formatted(published.name()))
            .hint("Try again.")
            .exception();
      }
    }
  }

  /** Names what is in the way; ends our walsender, which would go on waiting for it. */
  private static RuntimeException busy(
      Sessions sessions, int backend, Duration patience, SQLException cause) throws SQLException {
    String oldest = "none is visible to this role";
    try (var session = sessions.plain("read");
        var statement = session.createStatement()) {
      statement.execute("SELECT pg_terminate_backend(" + backend + ")");
      try (var row =
          statement.executeQuery(
              """
              SELECT * FROM (
                SELECT 'pid ' || pid || ', begun ' || xact_start, xact_start
                FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> %d
                UNION ALL
                SELECT 'prepared as ' || quote_literal(gid) || ' ' || prepared, prepared
                FROM pg_prepared_xacts) open
              ORDER BY 2 LIMIT 1
              """
                  .formatted(backend))) {
        if (row.next()) {
          oldest = row.getString(1);
        }
      }
    }
    return Failure.of(
            Code.BUSY,
            "no consistent point within %.1f s: a transaction is still open (%s)"
                .formatted(patience.toMillis() / 1000.0, oldest))
        .hint("Wait for it, or end it with pg_terminate_backend or ROLLBACK PREPARED.")
        .exception(cause);
  }

  @Override
  public long point() {
    return at.end();
  }

  @Override
  public void rows(Consumer<Batch> each) {
    for (var batch = next(at); batch != null; batch = next(at)) {
      each.accept(batch);
    }
  }

  /** The next rows, under a position of the caller's; null after the last. One thread. */
  @Nullable Batch next(PostgresPosition position) {
    try {
      if (copy == null) {
        copy = session.getCopyAPI().copyOut("COPY (" + published.select() + ") TO STDOUT");
      }
      if (!copy.isActive()) {
        return null;
      }
      var out = new BatchBuilder(published.relation(), ROWS, BYTES / 4);
      int columns = published.relation().columns().size();
      while (out.size() < ROWS && out.weight() < BYTES) {
        var line = copy.readFromCopy();
        if (line == null) {
          break;
        }
        CopyText.read(line, columns, out);
      }
      return out.build(position, out.size(), false);
    } catch (SQLException e) {
      throw PostgresFailures.of(
          "cannot read table "
              + Sql.name(published.relation().schema(), published.relation().name()),
          e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (SQLException ignored) {
      // The server notices by itself.
    }
  }
}
