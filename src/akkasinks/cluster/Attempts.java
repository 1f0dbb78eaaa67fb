package akkasinks.cluster;

import akkasinks.base.Code.Remedy;
import akkasinks.base.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How a sink's attempts to run have gone on this node, and how long to wait for the next. */
final class Attempts {
  private final SinkSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private int failures;
  private Optional<Failure> lastFailure = Optional.empty();
  private Optional<Instant> ranSince = Optional.empty();
  private Optional<Instant> nextTry = Optional.empty();
  private Optional<Duration> handOver = Optional.empty();

  Attempts(SinkSettings settings, InstantSource clock, RandomGenerator random) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  void began(Duration tookHandOver) {
    handOver = Optional.of(tookHandOver);
    ranSince = Optional.of(clock.instant());
  }

  /** Only a run that outlived the longest wait counts as having run well. */
  void failed(Failure failure) {
    var longest = settings.backoff().most();
    if (ranSince.filter(at -> at.plus(longest).isBefore(clock.instant())).isPresent()) {
      failures = 0;
    }
    ranSince = Optional.empty();
    failures++;
    lastFailure = Optional.of(failure);
  }

  /** Chooses the time of the next attempt. */
  Duration planNext() {
    var wait =
        lastFailure.filter(failure -> failure.code().remedy() == Remedy.USER).isPresent()
            ? settings.userRetry()
            : settings.backoff().next(failures, handOver.orElse(Duration.ZERO), random);
    nextTry = Optional.of(clock.instant().plus(wait));
    return wait;
  }

  void planNone() {
    nextTry = Optional.empty();
  }

  /** In a row. */
  int failures() {
    return failures;
  }

  Optional<Failure> lastFailure() {
    return lastFailure;
  }

  Optional<Instant> nextTry() {
    return nextTry;
  }

  Optional<Duration> handOver() {
    return handOver;
  }
}
