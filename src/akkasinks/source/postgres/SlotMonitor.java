package akkasinks.source.postgres;

import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the slot holds back on the user's disk, asked at most every few seconds on a session of its
 * own. Thread-safe.
 */
final class SlotMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlotMonitor.class);
  private static final Duration EVERY = Duration.ofSeconds(3);
  private static final long WARN_BYTES = 1L << 30;

  /** −1 where not known. */
  record Seen(long lagBytes, long retainedBytes) {}

  private final Sessions sessions;
  private final Slot slot;
  private final String name;
  private final Retention retention;
  private final InstantSource clock;
  private Instant next = Instant.MIN;
  private long insert = -1;
  private long retained = -1;
  private boolean warned;
  private @Nullable Connection connection;

  SlotMonitor(Sessions sessions, Slot slot, String name, Retention retention, InstantSource clock) {
    this.sessions = sessions;
    this.slot = slot;
    this.name = name;
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * @param frontier what the target has durably
   */
  synchronized Seen look(long frontier) {
    var now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(EVERY);
      try {
        ask();
      } catch (SQLException | FailureException e) {
        LOG.debug("slot {} cannot be looked at: {}", name, e.getMessage());
        insert = -1;
        retained = -1;
        close();
      }
    }
    return new Seen(insert < 0 ? -1 : Math.max(0, insert - frontier), retained);
  }

  private void ask() throws SQLException {
    var session = connection;
    if (session == null) {
      session = sessions.plain("monitor " + name);
      connection = session;
    }
    try (var statement = session.createStatement();
        var row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
      row.next();
      insert = Lsn.parse(row.getString(1));
    }
    retained = slot.state(session).map(Slot.State::retainedBytes).orElse(-1L);
    if (retained < WARN_BYTES) {
      warned = false;
    } else if (!warned) {
      warned = true;
      LOG.warn("slot {} holds back {} MiB of WAL", name, retained >> 20);
    }
    if (retention.maxWalBytes() > 0 && retained > retention.maxWalBytes() && retention.dropSlot()) {
      LOG.warn(
          "slot {} holds back {} bytes of WAL, more than MAX RETAINED WAL = {}: it is dropped",
          name,
          retained,
          retention.maxWalBytes());
      slot.drop(session);
    }
  }

  @Override
  public synchronized void close() {
    var session = connection;
    connection = null;
    if (session != null) {
      try {
        session.close();
      } catch (SQLException ignored) {
        // The server notices by itself.
      }
    }
  }
}
