package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.copy.CopyDual;
import org.postgresql.jdbc.PgConnection;

/** Begins to read the sink's slot. */
final class SlotReading {
  private static final Duration STATUS_EVERY = Duration.ofSeconds(10);
  private static final int START_ATTEMPTS = 5;
  private static final Duration DECODES_WAIT = Duration.ofSeconds(5);
  private static final Duration DECODES_LOOK = Duration.ofMillis(100);

  private final PostgresSpec spec;
  private final Sessions sessions;
  private final Slot slot;

  SlotReading(PostgresSpec spec, Sessions sessions, Slot slot) {
    this.spec = spec;
    this.sessions = sessions;
    this.slot = slot;
  }

  /**
   * Whether the server can decode what comes there; fails if not. Found out by reading until a
   * first change, or up to what the server has written, at most {@link #DECODES_WAIT}.
   */
  boolean decodes(Connection connection, PostgresPosition position) throws SQLException {
    long written = flushed(connection);
    long deadline = System.nanoTime() + DECODES_WAIT.toNanos();
    try (var replication = sessions.replication("check " + spec.slot());
        var reader =
            reader(replication, start(connection, replication, position.end()), position.end())) {
      reader.start();
      boolean heard = false;
      while (!heard && System.nanoTime() < deadline) {
        reader.askServer();
        var block = reader.poll(DECODES_LOOK);
        heard = block != null && block.heard(written);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(Code.CONNECTION_LOST, "interrupted").exception(e);
    }
    return true;
  }

  private static long flushed(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()::text")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  WalReader reader(PgConnection replication, Started copy, long from) {
    var reader =
        new WalReader(
            replication,
            copy.stream(),
            spec.slot(),
            from,
            copy.statusEvery(),
            spec.settings().socketTimeout(),
            spec.clock());
    reader.confirm(from);
    return reader;
  }

  record Started(CopyDual stream, Duration statusEvery) {}

  /** A dead client's backend may hold the slot, and another may take it in between. */
  Started start(Connection connection, PgConnection replication, long from) throws SQLException {
    var every = statusEvery(replication);
    for (int attempt = 1; ; attempt++) {
      slot.release(connection);
      try {
        return new Started(
            replication
                .getCopyAPI()
                .copyDual(
                    "START_REPLICATION SLOT %s LOGICAL %s (proto_version '1', publication_names %s)"
                        .formatted(
                            Sql.name(spec.slot()),
                            Lsn.text(from),
                            Sql.string(Sql.name(spec.publicationName())))),
            every);
      } catch (SQLException e) {
        if (!"55006".equals(e.getSQLState()) || attempt == START_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Duration statusEvery(PgConnection replication) throws SQLException {
    try (var statement = replication.createStatement();
        var row =
            statement.executeQuery(
                "SELECT setting FROM pg_settings WHERE name = 'wal_sender_timeout'")) {
      row.next();
      var timeout = Duration.ofMillis(Long.parseLong(row.getString(1)));
      var quarter = timeout.dividedBy(4);
      return timeout.isZero() || quarter.compareTo(STATUS_EVERY) > 0 ? STATUS_EVERY : quarter;
    }
  }
}
