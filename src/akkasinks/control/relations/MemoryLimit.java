package akkasinks.control.relations;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a query whose thread allocates too much, for the engine keeps whatever it sorts or groups in
 * the node's memory. To be opened on the thread that runs the query.
 */
final class MemoryLimit implements AutoCloseable {
  /**
   * Allocated, not held: a bound that is easily measured, and far more than any sane query needs.
   */
  static final long BYTES = 128L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(MemoryLimit.class);
  private static final long LOOK_NANOS = 20_000_000;

  private final ThreadMXBean threads;
  private final long thread;
  private final long atFirst;
  private final PreparedStatement query;
  private volatile boolean over;
  private volatile boolean exceeded;

  MemoryLimit(PreparedStatement query) {
    this.query = query;
    this.threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    this.thread = Thread.currentThread().threadId();
    this.atFirst = threads.getThreadAllocatedBytes(thread);
    if (atFirst >= 0) {
      Thread.ofVirtual().name("query-memory").start(this::watch);
    }
  }

  boolean exceeded() {
    return exceeded;
  }

  private void watch() {
    while (!over) {
      if (threads.getThreadAllocatedBytes(thread) - atFirst > BYTES) {
        exceeded = true;
        cancel();
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void cancel() {
    try {
      query.cancel();
    } catch (SQLException e) {
      LOG.debug("a query ended before it could be cancelled: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    over = true;
  }
}
