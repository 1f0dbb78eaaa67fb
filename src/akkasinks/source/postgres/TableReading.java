package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Batch;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.postgresql.jdbc.PgConnection;

/**
 * The whole table under the snapshot of a temporary slot, whose consistent point is the reading's:
 * a transaction whose commit record lies before it is in the rows, one from it on is not.
 */
final class TableReading implements ChangeSource.Reading {
  private static final int ROWS = 4096;
  private static final int BYTES = 1 << 20;

  private final PgConnection slot;
  private final PgConnection session;
  private final Published published;
  private final PostgresPosition at;

  private TableReading(
      PgConnection slot, PgConnection session, Published published, PostgresPosition at) {
    this.slot = slot;
    this.session = session;
    this.published = published;
    this.at = at;
  }

  /**
   * @throws akkasinks.base.FailureException BUSY if a consistent point was not reached in time
   */
  static TableReading open(Sessions sessions, Published published, Duration patience)
      throws SQLException {
    var name = "akkasinks_read_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    var slot = sessions.replication("read " + Sql.name(published.relation().name()));
    try {
      var server = History.identify(slot);
      slot.setNetworkTimeout(Runnable::run, (int) Math.max(1, patience.toMillis()));
      long point;
      String snapshot;
      try (var statement = slot.createStatement();
          var row =
              statement.executeQuery(
                  "CREATE_REPLICATION_SLOT %s TEMPORARY LOGICAL pgoutput %s"
                      .formatted(
                          name,
                          slot.getMetaData().getDatabaseMajorVersion() >= 15
                              ? "(SNAPSHOT 'export')"
                              : "EXPORT_SNAPSHOT"))) {
        row.next();
        point = Lsn.parse(row.getString("consistent_point"));
        snapshot = row.getString("snapshot_name");
      }
      var session = sessions.plain("read");
      try (var statement = session.createStatement()) {
        statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        statement.execute("SET TRANSACTION SNAPSHOT " + Sql.string(snapshot));
      } catch (SQLException e) {
        session.close();
        throw e;
      }
      return new TableReading(
          slot,
          session.unwrap(PgConnection.class),
          published,
          new PostgresPosition(
              server.systemIdentifier(),
              server.timeline(),
              name,
              point,
              Optional.empty(),
              Optional.empty()));
    } catch (SQLException e) {
      slot.close();
      if (PostgresFailures.timedOut(e)) {
        throw busy(sessions, patience, e);
      }
      throw e;
    }
  }

  private static RuntimeException busy(Sessions sessions, Duration patience, SQLException cause)
      throws SQLException {
    String oldest = "unknown";
    try (var session = sessions.plain("read");
        var statement = session.createStatement();
        var row =
            statement.executeQuery(
                "SELECT 'pid ' || pid || ', open for '"
                    + " || extract(epoch FROM clock_timestamp() - xact_start)::int || ' s'"
                    + " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                    + " ORDER BY xact_start LIMIT 1")) {
      if (row.next()) {
        oldest = row.getString(1);
      }
    }
    return Failure.of(
            Code.BUSY,
            "no consistent point within %d s: a transaction is still open (%s)"
                .formatted(patience.toSeconds(), oldest))
        .hint("Wait for it, or end it with pg_terminate_backend.")
        .exception(cause);
  }

  @Override
  public long point() {
    return at.end();
  }

  @Override
  public void rows(Consumer<Batch> each) {
    try {
      var copy = session.getCopyAPI().copyOut("COPY (" + published.select() + ") TO STDOUT");
      var out = builder();
      int columns = published.relation().columns().size();
      for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
        CopyText.read(line, columns, out);
        if (out.size() >= ROWS || out.weight() >= BYTES) {
          each.accept(out.build(at, out.size(), false));
          out = builder();
        }
      }
      each.accept(out.build(at, out.size(), true));
    } catch (SQLException e) {
      throw PostgresFailures.of(
          "cannot read table "
              + Sql.name(published.relation().schema(), published.relation().name()),
          e);
    }
  }

  private Batch.Builder builder() {
    return new Batch.Builder(published.relation(), ROWS, BYTES / 4);
  }

  @Override
  public void close() {
    try (slot;
        session) {
      // The temporary slot goes with its session.
    } catch (SQLException ignored) {
      // The server notices by itself.
    }
  }
}
