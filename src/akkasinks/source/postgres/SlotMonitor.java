package akkasinks.source.postgres;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the slot holds back on the user's disk, and whether its table still is what it was: asked
 * every few seconds on a session and a thread of its own, so that whoever looks never waits for the
 * database, and the limit holds though nobody looks.
 *
 * <p>The stream itself does not tell that its table is gone: DROP TABLE takes it out of the
 * publication, and one that is created again is not in it.
 */
final class SlotMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlotMonitor.class);
  private static final Duration EVERY = Duration.ofSeconds(3);
  private static final long WARN_BYTES = 1L << 30;

  /** −1 where not known. */
  record Seen(long lagBytes, long retainedBytes) {}

  private record Answer(long insert, long retained) {
    static final Answer UNKNOWN = new Answer(-1, -1);
  }

  private final LazySession session;
  private final Slot slot;
  private final String name;
  private final Retention retention;
  private final Watch watch;
  private final Thread asking;
  private volatile Optional<Failure> changed = Optional.empty();
  private volatile Answer answer = Answer.UNKNOWN;
  private volatile boolean closed;
  private boolean warned;

  /** Looks whether what the stream is of still is what it was. */
  @FunctionalInterface
  interface Watch {
    /** What makes it impossible to go on, if anything does. */
    Optional<Failure> look(Connection connection) throws SQLException;
  }

  SlotMonitor(Sessions sessions, Slot slot, String name, Retention retention, Watch watch) {
    this.session = new LazySession(sessions, "monitor " + name);
    this.slot = slot;
    this.name = name;
    this.retention = retention;
    this.watch = watch;
    this.asking = Thread.ofVirtual().name("monitor " + name).start(this::keepAsking);
  }

  /**
   * @param frontier what the target has durably
   */
  Seen look(long frontier) {
    var now = answer;
    return new Seen(now.insert() < 0 ? -1 : Math.max(0, now.insert() - frontier), now.retained());
  }

  /** What the watch has found last. */
  Optional<Failure> changed() {
    return changed;
  }

  private void keepAsking() {
    while (!closed) {
      try {
        answer = session.over("cannot look at slot " + name, this::ask);
      } catch (FailureException e) {
        LOG.debug("slot {} cannot be looked at: {}", name, e.getMessage());
        answer = Answer.UNKNOWN;
        session.close();
      }
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        break;
      }
    }
    session.close();
  }

  private Answer ask(Connection connection) throws SQLException {
    changed = watch.look(connection);
    long insert;
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
      row.next();
      insert = Lsn.parse(row.getString(1));
    }
    long retained = slot.state(connection).map(Slot.State::retainedBytes).orElse(-1L);
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
      slot.drop(connection);
    }
    return new Answer(insert, retained);
  }

  @Override
  public void close() {
    closed = true;
    asking.interrupt();
  }
}
