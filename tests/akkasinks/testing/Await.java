package akkasinks.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waits for a condition, up to a deadline; a failure says what was awaited and what was seen. */
public final class Await {
  private static final Await DEFAULT = new Await(Duration.ofSeconds(30));

  private final Duration deadline;

  private Await(Duration deadline) {
    this.deadline = deadline;
  }

  /** Awaits with another deadline than 30 seconds. */
  public static Await within(Duration deadline) {
    return new Await(deadline);
  }

  /** Probes until the value satisfies the condition, and returns it. 30 seconds at most. */
  public static <T extends @Nullable Object> T until(
      String what, Callable<T> probe, Predicate<? super T> holds) {
    return DEFAULT.value(what, probe, holds);
  }

  /** Probes until true. 30 seconds at most. */
  public static void until(String what, Callable<Boolean> probe) {
    DEFAULT.holds(what, probe);
  }

  /** Waits until it is counted down, 30 seconds at most; for hooks that may throw nothing. */
  public static void latch(CountDownLatch latch) {
    try {
      if (!latch.await(DEFAULT.deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError("the latch was not counted down within " + DEFAULT.deadline);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Probes until true. */
  public void holds(String what, Callable<Boolean> probe) {
    value(what, probe, seen -> seen);
  }

  /**
   * Probes until the value satisfies the condition, and returns it. A probe that throws is tried
   * again; the last exception or assertion error becomes the cause of the failure.
   */
  public <T extends @Nullable Object> T value(
      String what, Callable<T> probe, Predicate<? super T> holds) {
    long end = System.nanoTime() + deadline.toNanos();
    long pause = 1_000_000;
    String seen = "nothing";
    @Nullable Throwable thrown = null;
    do {
      try {
        T value = probe.call();
        thrown = null;
        if (holds.test(value)) {
          return value;
        }
        seen = String.valueOf(value);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for: " + what, e);
      } catch (Exception | AssertionError e) {
        thrown = e;
        seen = e.toString();
      }
      LockSupport.parkNanos(pause);
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for: " + what);
      }
      pause = Math.min(pause * 2, 50_000_000);
    } while (System.nanoTime() < end);
    throw new AssertionError(
        "not within " + deadline.toMillis() + " ms: " + what + "; last seen: " + seen, thrown);
  }
}
