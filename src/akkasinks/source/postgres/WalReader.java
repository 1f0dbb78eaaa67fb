package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyDual;
import org.postgresql.jdbc.PgConnection;

/**
 * Reads one walsender on a thread of its own and answers it, whatever the downstream does: while
 * the queue is full nothing is read, but the status goes out in time, so the server neither ends
 * the connection nor decodes a large transaction again.
 *
 * <p>The driver's copy stream is used by this one thread only: its read holds the connection's
 * lock, so a second thread could not write a status beside it. Reads never wait in the driver (it
 * would lose its place in a message when a wait times out); an idle reader looks again after up to
 * {@link #LONGEST_PAUSE_NANOS}.
 */
final class WalReader implements AutoCloseable {
  private static final int BLOCKS = 8;
  private static final int BLOCK_MESSAGES = 512;
  private static final int BLOCK_BYTES = 256 * 1024;

  /**
   * How long a message may wait for others to share its block. The driver answers that nothing is
   * there only after it has waited for a millisecond: a steady trickle never lets it.
   */
  private static final long BLOCK_NANOS = 1_000_000;

  /** Fewer in that time are a trickle: whoever sends them waits for what is written. */
  private static final int TRICKLE_MESSAGES = 64;

  /** A message that took so long was waited for: nothing is left of what the server has sent. */
  private static final long WAITED_NANOS = 8_000;

  /** So many in {@link #BLOCK_NANOS} are a flow; it pays to wait for more of them at once. */
  private static final int FLOW_MESSAGES = 24;

  /**
   * How long the server may gather what it sends in a flow. It sends each message by itself (the
   * protocol has three for a transaction of one row), and wakes a reader that waits for it each
   * time: that costs it, and us, about as much as decoding does.
   */
  private static final long GATHER_NANOS = 400_000;

  private static final long SHORTEST_PAUSE_NANOS = 200_000;
  private static final long LONGEST_PAUSE_NANOS = 8_000_000;
  private static final long CONFIRM_NANOS = 50_000_000;
  private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L;

  /** Some messages in a row; {@code caughtUp} if hardly anything was waiting behind them. */
  static final class Block {
    private byte[][] messages = new byte[16][];
    private int count;
    private int bytes;
    private long began;
    private boolean caughtUp;

    private void add(byte[] message, long now) {
      if (count == 0) {
        began = now;
      }
      if (count == messages.length) {
        messages = Arrays.copyOf(messages, count * 2);
      }
      messages[count++] = message;
      bytes += message.length;
    }

    private boolean full() {
      return count >= BLOCK_MESSAGES || bytes >= BLOCK_BYTES;
    }

    private boolean aged(long now) {
      return now - began >= BLOCK_NANOS;
    }

    byte[] message(int i) {
      return messages[i];
    }

    int count() {
      return count;
    }

    boolean caughtUp() {
      return caughtUp;
    }

    /** Whether it holds a change, or word that the server has read up to {@code lsn}. */
    boolean heard(long lsn) {
      return Arrays.stream(messages, 0, count)
          .anyMatch(
              m ->
                  m[0] == 'k'
                      ? !Lsn.before(ByteBuffer.wrap(m).getLong(1), lsn)
                      : m[25] != 'B' && m[25] != 'C');
    }
  }

  /** Wakes a consumer that waits when the reader has failed. */
  private static final Block END = new Block();

  private final PgConnection connection;
  private final CopyDual copy;
  private final long statusNanos;
  private final long silenceNanos;
  private final String slot;
  private final java.time.InstantSource clock;
  private final ArrayBlockingQueue<Block> blocks = new ArrayBlockingQueue<>(BLOCKS);
  private final AtomicLong confirmed = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean asking;
  private volatile boolean asked;
  private volatile @Nullable FailureException failure;

  private long received;
  private long reported;
  private long lastStatus = System.nanoTime();
  private long lastHeard = lastStatus;

  /**
   * @param statusEvery well below the server's wal_sender_timeout
   * @param silence a server that is silent for so long, although asked, is gone
   */
  WalReader(
      PgConnection connection,
      CopyDual copy,
      String slot,
      long start,
      Duration statusEvery,
      Duration silence,
      java.time.InstantSource clock) {
    this.connection = connection;
    this.copy = copy;
    this.slot = slot;
    this.statusNanos = statusEvery.toNanos();
    this.silenceNanos = Math.max(silence.toNanos(), 3 * statusNanos);
    this.clock = clock;
    this.received = start;
    this.thread = Thread.ofPlatform().daemon().name("wal-reader-" + slot).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The next block, or null after {@code patience}; what the reader failed with comes last. */
  @Nullable Block poll(Duration patience) throws InterruptedException {
    var block = blocks.poll();
    if (block == null && failure == null && !patience.isZero()) {
      block = blocks.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
    if (block == null || block == END) {
      var thrown = failure;
      // Blocks put just before the failure was told go first.
      block = thrown == null || block == END ? null : blocks.poll();
      if (thrown != null && (block == null || block == END)) {
        throw thrown;
      }
    }
    return block;
  }

  /** Everything before {@code lsn} is durable at the target; never goes back. */
  void confirm(long lsn) {
    confirmed.accumulateAndGet(lsn, Lsn::max);
    asked = false;
    LockSupport.unpark(thread);
  }

  long confirmed() {
    return confirmed.get();
  }

  /** Has the server say how far it has come. */
  void askServer() {
    asking = true;
  }

  /** The server asked for a reply since the last confirmation. */
  boolean asked() {
    return asked;
  }

  private void run() {
    try {
      read();
    } catch (SQLException e) {
      fail(WalFailures.of(slot, received, e), e);
    } catch (FailureException e) {
      failure = e;
    } catch (RuntimeException e) {
      fail(Failure.of(Code.INTERNAL, "reading slot \"" + slot + "\" failed: " + e), e);
    } finally {
      blocks.offer(END);
      try {
        connection.close();
      } catch (SQLException ignored) {
        // The server notices by itself.
      }
    }
  }

  private void fail(Failure why, Exception cause) {
    failure = why.exception(cause);
  }

  private void read() throws SQLException {
    var block = new Block();
    long pause = SHORTEST_PAUSE_NANOS;
    long looked = System.nanoTime();
    boolean flowed = false;
    while (!stopped) {
      byte[] message = copy.readFromCopy(false);
      if (message == null) {
        if (!copy.isActive()) {
          throw lost("ended the stream");
        }
        if (block.count > 0) {
          block.caughtUp = true;
          hand(block);
          block = new Block();
          pause = SHORTEST_PAUSE_NANOS;
        } else {
          LockSupport.parkNanos(this, pause);
          pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
        }
        flowed = false;
        statusIfDue();
        continue;
      }
      pause = SHORTEST_PAUSE_NANOS;
      note(message);
      block.add(message, lastHeard);
      boolean flows = block.count >= FLOW_MESSAGES || flowed;
      boolean waited = lastHeard - looked > WAITED_NANOS;
      looked = lastHeard;
      if (flows && waited) {
        LockSupport.parkNanos(this, GATHER_NANOS);
        looked = System.nanoTime();
      }
      boolean aged = block.aged(lastHeard);
      if (aged || block.full()) {
        block.caughtUp = aged && block.count < TRICKLE_MESSAGES;
        flowed = block.count >= FLOW_MESSAGES;
        hand(block);
        block = new Block();
        statusIfDue();
        looked = System.nanoTime();
      }
    }
    // The connection's Terminate ends the walsender too; ending the copy would first read on to the
    // end of what the server has begun to send.
    sendStatus(false);
  }

  private void note(byte[] message) throws SQLException {
    lastHeard = System.nanoTime();
    if (message[0] == 'k') {
      var fields = ByteBuffer.wrap(message);
      received = Lsn.max(received, fields.getLong(1));
      if (fields.get(17) != 0) {
        asked = true;
        sendStatus(false);
      }
    } else {
      received = Lsn.max(received, ByteBuffer.wrap(message).getLong(1));
    }
  }

  /**
   * PostgreSQL 18 only warns when the publication is not there at some point in the WAL, and leaves
   * out the changes; older ones end the stream. The warning comes before anything that follows.
   */
  private void refuseWarnings() throws SQLException {
    for (var warning = connection.getWarnings(); warning != null; ) {
      var text = PostgresFailures.reason(warning);
      if (text.startsWith("skipped loading publication")) {
        throw WalFailures.noPublication(text.replace("skipped loading ", "") + " does not exist")
            .exception();
      }
      warning = warning.getNextWarning();
    }
    connection.clearWarnings();
  }

  /** Puts the block into the queue, answering the server for as long as it is full. */
  private void hand(Block block) throws SQLException {
    refuseWarnings();
    if (blocks.offer(block)) {
      return;
    }
    try {
      while (!stopped
          && !blocks.offer(block, Math.min(statusNanos, 100_000_000L) / 2, TimeUnit.NANOSECONDS)) {
        lastHeard = System.nanoTime();
        statusIfDue();
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  private void statusIfDue() throws SQLException {
    long now = System.nanoTime();
    long sinceStatus = now - lastStatus;
    if (sinceStatus >= statusNanos) {
      long silent = now - lastHeard;
      if (silent >= silenceNanos) {
        throw lost("has been silent for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " s");
      }
      sendStatus(silent >= statusNanos);
    } else if (asking) {
      asking = false;
      sendStatus(true);
    } else if (confirmed.get() != reported && sinceStatus >= CONFIRM_NANOS) {
      sendStatus(false);
    }
  }

  /** Standby status update: written, flushed, applied, clock, whether a reply is wanted. */
  private void sendStatus(boolean replyWanted) throws SQLException {
    long durable = confirmed.get();
    var now = clock.instant();
    long micros =
        (now.getEpochSecond() - POSTGRES_EPOCH_SECONDS) * 1_000_000 + now.getNano() / 1_000;
    byte[] status =
        ByteBuffer.allocate(34)
            .put((byte) 'r')
            .putLong(Lsn.max(received, durable))
            .putLong(durable)
            .putLong(durable)
            .putLong(micros)
            .put((byte) (replyWanted ? 1 : 0))
            .array();
    copy.writeToCopy(status, 0, status.length);
    copy.flushCopy();
    reported = durable;
    lastStatus = System.nanoTime();
  }

  private FailureException lost(String how) {
    return Failure.of(Code.CONNECTION_LOST, "the walsender of slot \"%s\" %s".formatted(slot, how))
        .exception();
  }

  /** Stops reading and closes the connection; blocks not taken are lost. */
  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      if (!thread.join(Duration.ofSeconds(2))) {
        // It hangs in the socket: aborting the connection frees it.
        connection.abort(Runnable::run);
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException ignored) {
      // Nothing is left to be ended.
    }
  }
}
