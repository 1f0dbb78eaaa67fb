package akkasinks.cluster;

import akkasinks.base.Failure;
import akkasinks.pipeline.SinkRunner.Stats;
import akkasinks.progress.Mirror;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A sink as its actor sees it now.
 *
 * @param node address of the node it runs on
 * @param since when it came into this state
 * @param reason why it is stalled or superseded, or why the last attempt failed while a new one is
 *     under way
 * @param nextTry when a stalled sink tries again
 * @param failures attempts that failed since it last ran well
 * @param mirror the newest progress record known, and the incarnations tried
 * @param current counters of the incarnation under way
 * @param changesIn,recordsOut,bytesOut,commits since the sink came to this node
 * @param aborted transactions left uncommitted since the sink came to this node
 * @param history its newest changes of state on this node, the oldest first
 * @param totals the same counters since the sink came to this node
 * @param handOver how long the last incarnation took to fence its predecessor and to begin
 */
public record SinkStatus(
    String sinkId,
    State state,
    String node,
    Instant since,
    Optional<Failure> reason,
    Optional<Instant> nextTry,
    int failures,
    boolean resnapshot,
    Mirror mirror,
    Stats current,
    long changesIn,
    long recordsOut,
    long bytesOut,
    long commits,
    Optional<Duration> handOver,
    long aborted,
    List<Change> history,
    Stats totals)
    implements Wire {

  public SinkStatus {
    // A node of an older version does not send it.
    history = List.copyOf(Objects.requireNonNullElse(history, List.of()));
    totals = Objects.requireNonNullElse(totals, Stats.NONE);
  }

  /**
   * That it came into a state.
   *
   * @param reason why, if it is stalled or superseded
   */
  public record Change(Instant at, State state, Optional<Failure> reason) {}

  static SinkStatus of(
      String sinkId,
      String node,
      Optional<SinkLife.Phase> phase,
      Moves moves,
      Attempts attempts,
      SinkMemory memory,
      Runs runs) {
    var totals = runs.totals();
    return new SinkStatus(
        sinkId,
        phase.map(SinkLife::shown).orElse(State.LOADING),
        node,
        moves.since(),
        phase.map(at -> reason(at, attempts)).orElse(attempts.lastFailure()),
        attempts.nextTry(),
        attempts.failures(),
        memory.resnapshot(),
        memory.mirror(),
        runs.stats(),
        totals.changesIn(),
        totals.recordsOut(),
        totals.bytesOut(),
        totals.commits(),
        attempts.handOver(),
        runs.aborted(),
        moves.history(),
        totals);
  }

  private static Optional<Failure> reason(SinkLife.Phase at, Attempts attempts) {
    return switch (at) {
      case SinkLife.Stalled(var reason) -> Optional.of(reason);
      case SinkLife.Superseded(var reason) -> Optional.of(reason);
      case SinkLife.Resolving _, SinkLife.Starting _, SinkLife.Retiring _ -> attempts.lastFailure();
      case SinkLife.Running _, SinkLife.Stopping _, SinkLife.Paused _, SinkLife.Ended _ ->
          Optional.empty();
    };
  }

  /** As users see it; {@link SinkLife} has the transitions. */
  public enum State {
    /** Its state is being read, or its definition. */
    LOADING,
    /** Fencing its predecessor, reading its progress, opening source and target. */
    STARTING,
    RUNNING,
    /** Cannot go on for the given reason; tries again by itself. */
    STALLED,
    STOPPING,
    PAUSED,
    /** A newer incarnation runs elsewhere; this one is over for good. */
    SUPERSEDED,
    /** Dropped; its durable state is being removed. */
    DROPPING
  }
}
