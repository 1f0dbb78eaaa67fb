package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** The sink's replication slot. */
final class Slot {
  private static final Duration RELEASE_WAIT = Duration.ofSeconds(30);
  private static final long LOOK_AGAIN_NANOS = 20_000_000;

  /**
   * @param activePid backend that holds it; 0 if none
   * @param walStatus reserved, extended, unreserved or lost
   * @param invalidated why the server gave it up; empty if it did not
   * @param retainedBytes WAL that it holds back
   */
  record State(
      int activePid,
      long confirmed,
      long restart,
      String walStatus,
      String invalidated,
      String plugin,
      long retainedBytes) {
    boolean lost() {
      return walStatus.equals("lost") || !invalidated.isEmpty();
    }
  }

  /**
   * @param consistentPoint where the slot's stream begins
   * @param exported the snapshot of that point, as {@code pg_current_snapshot()} prints it
   */
  record Created(long consistentPoint, String exported) {}

  private final Sessions sessions;
  private final String name;

  Slot(Sessions sessions, String name) {
    this.sessions = sessions;
    this.name = name;
  }

  /** Makes it, and reads the exported snapshot, which lives only as long as this session. */
  Created create() {
    try (var connection = sessions.replication("slot " + name);
        var statement = connection.createStatement()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      String options =
          version >= 17
              ? "(SNAPSHOT 'export', FAILOVER true)"
              : version >= 15 ? "(SNAPSHOT 'export')" : "EXPORT_SNAPSHOT";
      FailPoints.reach("source.slot.create.before");
      try (var row =
          statement.executeQuery(
              "CREATE_REPLICATION_SLOT %s LOGICAL pgoutput %s"
                  .formatted(Sql.name(name), options))) {
        row.next();
        long point = Lsn.parse(row.getString("consistent_point"));
        String exported = visible(row.getString("snapshot_name"));
        FailPoints.reach("source.slot.create.after");
        return new Created(point, exported);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Makes it so that it is decoded by the catalog as it is, whatever is altered meanwhile: a
   * temporary slot that reads past its beginning leaves there, on the server's disk, a catalog that
   * lacks nothing. The server starts from that one, and not from what the new slot has gathered
   * (see {@link DecodedBy}); it keeps it as long as the slot does not begin later.
   */
  Created createBesideAnother() {
    var other = "akkasinks_make_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    try (var session = sessions.plain("slot " + other + " for " + name);
        var statement = session.createStatement()) {
      statement.execute(
          "SELECT pg_create_logical_replication_slot(%s, 'pgoutput', true)"
              .formatted(Sql.string(other)));
      var created = create();
      statement.execute(
          "SELECT pg_replication_slot_advance(%s, %s)"
              .formatted(Sql.string(other), Sql.string(Lsn.text(created.consistentPoint()))));
      statement.execute("SELECT pg_drop_replication_slot(%s)".formatted(Sql.string(other)));
      return created;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private FailureException failed(SQLException e) {
    return PostgresFailures.timedOut(e)
        ? Failure.of(
                Code.BUSY,
                "replication slot \"%s\" could not be made within %d s: a transaction that was"
                        .formatted(name, sessions.settings().socketTimeout().toSeconds())
                    + " open when it was begun has not ended")
            .hint(
                "SELECT pid, xact_start, query FROM pg_stat_activity WHERE xact_start IS NOT NULL"
                    + " ORDER BY 2; end the oldest.")
            .exception(e)
        : PostgresFailures.of("cannot make replication slot \"" + name + "\"", e);
  }

  private String visible(String snapshot) throws SQLException {
    try (var reader = sessions.plain("snapshot " + name);
        var statement = reader.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET TRANSACTION SNAPSHOT " + Sql.string(snapshot));
      try (var row = statement.executeQuery("SELECT pg_current_snapshot()::text")) {
        row.next();
        return row.getString(1);
      }
    }
  }

  /** Empty if it does not exist. */
  Optional<State> state(Connection connection) throws SQLException {
    boolean reasons = connection.getMetaData().getDatabaseMajorVersion() >= 17;
    try (var statement =
        connection.prepareStatement(
            "SELECT coalesce(active_pid, 0), coalesce(confirmed_flush_lsn, '0/0')::text,"
                + " coalesce(restart_lsn, '0/0')::text, coalesce(wal_status, 'lost'),"
                + (reasons ? " coalesce(invalidation_reason, '')," : " '',")
                + " coalesce(plugin, ''), CASE WHEN pg_is_in_recovery() THEN -1 ELSE"
                + "   coalesce(pg_current_wal_insert_lsn() - restart_lsn, -1) END::bigint"
                + " FROM pg_replication_slots WHERE slot_name = ?")) {
      statement.setString(1, name);
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new State(
                row.getInt(1),
                Lsn.parse(row.getString(2)),
                Lsn.parse(row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getLong(7)));
      }
    }
  }

  /** Drops it, ending whoever holds it; no error if it is gone. */
  void drop(Connection connection) throws SQLException {
    long deadline = System.nanoTime() + RELEASE_WAIT.toNanos();
    while (true) {
      release(connection);
      try (var statement =
          connection.prepareStatement(
              "SELECT pg_drop_replication_slot(slot_name)"
                  + " FROM pg_replication_slots WHERE slot_name = ?")) {
        statement.setString(1, name);
        statement.execute();
        return;
      } catch (SQLException e) {
        if ("42704".equals(e.getSQLState())) {
          return;
        }
        if (!"55006".equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /** Ends the backend that holds it, and waits until it let go. */
  void release(Connection connection) throws SQLException {
    long deadline = System.nanoTime() + RELEASE_WAIT.toNanos();
    int ended = 0;
    for (var state = state(connection); ; state = state(connection)) {
      int holder = state.map(State::activePid).orElse(0);
      if (holder == 0) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw Failure.of(
                Code.BUSY,
                "replication slot \"%s\" is held by backend %d, which did not end within %d s"
                    .formatted(name, holder, RELEASE_WAIT.toSeconds()))
            .hint("SELECT pg_terminate_backend(" + holder + ") on the server.")
            .exception();
      }
      if (holder != ended) {
        terminate(connection, holder);
        ended = holder;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private static void terminate(Connection connection, int pid) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT pg_terminate_backend(?)")) {
      statement.setInt(1, pid);
      statement.execute();
    }
  }
}
