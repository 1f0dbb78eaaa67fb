package akkasinks.target.kafka;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A point on the JVM's monotonic clock: how long the other side may take. */
final class Deadline {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline in(Duration patience) {
    return new Deadline(System.nanoTime() + patience.toNanos());
  }

  boolean over() {
    return System.nanoTime() - end >= 0;
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** Between two questions to a broker. */
  void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }
}
