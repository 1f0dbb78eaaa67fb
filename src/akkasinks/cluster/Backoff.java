package akkasinks.cluster;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try. Two live incarnations of one sink that retried at once
 * would fence each other for ever; a random wait up to a bound well above the time of a hand-over
 * lets one of them win (docs/exactly-once.md).
 *
 * @param least the smallest bound
 * @param most the largest bound
 */
public record Backoff(Duration least, Duration most) {

  /**
   * A random time up to twice the hand-over's, doubled with each failure after the first.
   *
   * @param failures in a row, from 1
   * @param handOver how long fencing and beginning took when last measured
   */
  Duration next(int failures, Duration handOver, RandomGenerator random) {
    long bound = Math.max(least.toMillis(), 2 * handOver.toMillis());
    for (int i = 1; i < failures && bound < most.toMillis(); i++) {
      bound *= 2;
    }
    return Duration.ofMillis(1 + random.nextLong(Math.min(bound, most.toMillis())));
  }
}
