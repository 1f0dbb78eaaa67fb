package akkasinks.source.postgres;

import akkasinks.base.FailPoints;
import akkasinks.base.FailureException;
import akkasinks.change.Lsn;
import akkasinks.change.SnapshotState.Visible;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks on a thread and a session of its own, a few ahead of their emission, so that reading
 * and emitting overlap. Always in key order and each under a newer snapshot than the one before: a
 * chunk that has to be taken again takes those after it along.
 */
final class ChunkReader implements Chunks {

  /**
   * @param rows,bytes where a chunk ends, whichever comes first
   * @param part where a batch of the stream ends inside a chunk
   * @param ahead chunks read or being read and not yet emitted
   */
  record Limits(int rows, long bytes, ChunkSession.Part part, int ahead) {}

  /** Waiting for longer than this is shown as the reason why nothing moves. */
  private static final Duration SHOWN_AFTER = Duration.ofSeconds(30);

  private static final int FIRST_ROWS = 2_000;
  private static final long SHORTEST_PAUSE_MILLIS = 1;
  private static final long LONGEST_PAUSE_MILLIS = 50;

  private final Sessions sessions;
  private final ChunkQuery query;
  private final Limits limits;
  private final InstantSource clock;

  // All below is guarded by this.
  private final ArrayDeque<Reading> queue = new ArrayDeque<>();
  private @Nullable Thread thread;
  private @Nullable ChunkSession session;
  private @Nullable Predicate<Visible> usable;
  private List<String> next = List.of();
  private boolean exhausted;
  private boolean taking;
  private boolean closed;
  private int generation;
  private long flushed;
  private @Nullable Visible settleAfter;
  private @Nullable Moment settled;
  private @Nullable RuntimeException failure;
  private String blockedBy = "";
  private Instant blockedSince = Instant.EPOCH;

  // Only the reading thread.
  private int rowsNext;

  /** A chunk under way: its snapshot is known, its rows come later. */
  private static final class Reading {
    private final ChunkSession.Moment moment;
    private @Nullable Taken done;

    Reading(ChunkSession.Moment moment) {
      this.moment = moment;
    }
  }

  /** What to do next, and for which generation. */
  private record Order(int generation, List<String> after, Predicate<Visible> usable) {}

  ChunkReader(Sessions sessions, ChunkQuery query, Limits limits, InstantSource clock) {
    this.sessions = sessions;
    this.query = query;
    this.limits = limits;
    this.clock = clock;
    this.rowsNext = Math.min(limits.rows(), FIRST_ROWS);
  }

  @Override
  public synchronized Optional<Moment> settled(Visible before) {
    failed();
    if (settled == null && settleAfter == null) {
      settleAfter = before;
      wake();
    }
    return Optional.ofNullable(settled);
  }

  @Override
  public synchronized void restart(List<String> after, Predicate<Visible> usableSnapshot) {
    pause();
    usable = usableSnapshot;
    next = after;
    exhausted = false;
    wake();
  }

  @Override
  public synchronized void pause() {
    generation++;
    queue.clear();
    usable = null;
    notifyAll();
  }

  @Override
  public synchronized Optional<Taken> ready() {
    failed();
    var head = queue.peekFirst();
    return head == null || head.done == null || Lsn.before(flushed, head.moment.until())
        ? Optional.empty()
        : Optional.of(head.done);
  }

  @Override
  public synchronized void taken() {
    queue.removeFirst();
    notifyAll();
  }

  @Override
  public synchronized boolean underWay(Predicate<Visible> snapshot) {
    failed();
    boolean interrupted = false;
    while (taking) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return queue.stream().anyMatch(reading -> snapshot.test(reading.moment.snapshot()));
  }

  @Override
  public synchronized void await(Duration patience) throws InterruptedException {
    if (failure == null && !closed) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, patience.toNanos()));
    }
  }

  @Override
  public synchronized String waiting() {
    return blockedBy.isEmpty() || clock.instant().isBefore(blockedSince.plus(SHOWN_AFTER))
        ? ""
        : blockedBy;
  }

  @Override
  public synchronized void close() {
    closed = true;
    queue.clear();
    if (session != null) {
      session.close();
    }
    notifyAll();
  }

  private void failed() {
    if (failure != null) {
      throw FailureException.of(failure).exception(failure);
    }
  }

  private void wake() {
    if (thread == null && !closed) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .name("akkasinks-snapshot-" + query.relation().name())
              .start(this::run);
    }
    notifyAll();
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = overOneSession();
      }
    } catch (SQLException e) {
      fail(PostgresFailures.of("cannot read a chunk of " + query.published().from(), e));
    } catch (RuntimeException e) {
      fail(e);
    } catch (InterruptedException e) {
      fail(new IllegalStateException("the thread that reads chunks was interrupted", e));
    }
  }

  /** True if the session was given up and another is needed. */
  private boolean overOneSession() throws SQLException, InterruptedException {
    try (var reading = new ChunkSession(sessions, query)) {
      synchronized (this) {
        session = reading;
        if (closed) {
          return false;
        }
      }
      settle(reading);
      for (var order = order(reading); order != null; order = order(reading)) {
        chunk(reading, order);
        if (reading.spent()) {
          return true;
        }
      }
      return false;
    }
  }

  private synchronized void fail(RuntimeException error) {
    failure = error;
    taking = false;
    notifyAll();
  }

  /** For a slot that existed before: waits for the moment after which chunks may be read. */
  private void settle(ChunkSession reading) throws SQLException, InterruptedException {
    Visible before;
    synchronized (this) {
      before = settled == null ? settleAfter : null;
    }
    while (before != null && !isClosed()) {
      var moment = reading.moment();
      if (moment.snapshot().xmin() >= before.xmax()) {
        synchronized (this) {
          settled = new Moment(moment.snapshot(), moment.until());
          unblocked();
          notifyAll();
        }
        return;
      }
      pause(
          LONGEST_PAUSE_MILLIS,
          "the snapshot waits for a transaction to end that was open when it was asked for (xid "
              + moment.snapshot().xmin()
              + ")");
    }
  }

  /** Waits until there is room to read ahead; looks at the flush LSN meanwhile if need be. */
  private @Nullable Order order(ChunkSession reading) throws SQLException, InterruptedException {
    long pause = SHORTEST_PAUSE_MILLIS;
    while (true) {
      synchronized (this) {
        if (closed) {
          return null;
        }
        if (usable != null && !exhausted && queue.size() < limits.ahead()) {
          return new Order(generation, next, usable);
        }
        if (!headUnflushed()) {
          wait();
          continue;
        }
      }
      long now = reading.moment().flushed();
      synchronized (this) {
        flushed = Lsn.max(flushed, now);
        if (!headUnflushed()) {
          unblocked();
          notifyAll();
          continue;
        }
      }
      FailPoints.reach("source.snapshot.flush");
      reading.flush();
      pause(
          pause, "the snapshot waits for the server to flush its WAL up to what a chunk has read");
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private boolean headUnflushed() {
    var head = queue.peekFirst();
    return head != null && head.done != null && Lsn.before(flushed, head.moment.until());
  }

  private void chunk(ChunkSession from, Order order) throws SQLException, InterruptedException {
    long pause = SHORTEST_PAUSE_MILLIS;
    while (isCurrent(order)) {
      if (!from.begin()) {
        pause(pause, "the snapshot waits for a lock on table " + query.published().from());
        continue;
      }
      var reading = take(from, order);
      if (reading != null) {
        FailPoints.reach("source.snapshot.taken");
        read(from, order, reading);
        from.rollback();
        return;
      }
      from.rollback();
      pause(
          pause,
          "the snapshot waits for a transaction to become visible that was streamed already;"
              + " a synchronous standby does not answer");
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  /**
   * Takes the snapshot; null if it must be taken again. While it is being taken no streamed
   * transaction begins ({@link #underWay} waits): one that began meanwhile might not be in it.
   */
  private @Nullable Reading take(ChunkSession from, Order order) throws SQLException {
    synchronized (this) {
      if (order.generation() != generation) {
        return null;
      }
      taking = true;
    }
    ChunkSession.Moment moment = null;
    try {
      moment = from.moment();
    } finally {
      synchronized (this) {
        taking = false;
        notifyAll();
      }
    }
    synchronized (this) {
      flushed = Lsn.max(flushed, moment.flushed());
      if (order.generation() != generation || !order.usable().test(moment.snapshot())) {
        return null;
      }
      var reading = new Reading(moment);
      queue.addLast(reading);
      unblocked();
      return reading;
    }
  }

  private void read(ChunkSession from, Order order, Reading reading) throws SQLException {
    var rows =
        from.read(order.after(), rowsNext, limits.bytes(), limits.part(), () -> isCurrent(order));
    long perRow = Math.max(1, rows.weight() / Math.max(1, rows.count()));
    // Short of the limit: what a chunk cut by its bytes leaves unread was read in vain.
    rowsNext = (int) Math.clamp(limits.bytes() / perRow * 9 / 10, 1, limits.rows());
    synchronized (this) {
      if (order.generation() == generation) {
        var moment = reading.moment;
        reading.done =
            new Taken(rows.parts(), rows.upTo(), rows.last(), moment.snapshot(), moment.until());
        next = rows.upTo();
        exhausted = rows.last();
        notifyAll();
      }
    }
  }

  private synchronized boolean isCurrent(Order order) {
    return !closed && order.generation() == generation;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void pause(long millis, String why) throws InterruptedException {
    if (!blockedBy.equals(why)) {
      blockedBy = why;
      blockedSince = clock.instant();
    }
    if (!closed) {
      wait(millis);
    }
  }

  private void unblocked() {
    blockedBy = "";
  }
}
