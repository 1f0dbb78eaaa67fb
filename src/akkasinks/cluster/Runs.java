package akkasinks.cluster;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.pipeline.SinkRunner;
import akkasinks.pipeline.SinkRunner.Running;
import akkasinks.pipeline.SinkRunner.Stats;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one sink on this node, one after the other, and their counters. Belongs to the sink's
 * actor, but for {@link #committed}.
 */
final class Runs {
  private final SinkRunner runner;
  private long number;
  private boolean resnapshots;
  private @Nullable Running current;
  private Stats before = Stats.NONE;
  private long aborted;
  private final AtomicReference<@Nullable Seen> newest = new AtomicReference<>();

  /** A progress record known to be committed. */
  record Seen(long run, ProgressRecord record, long offset) {}

  Runs(SinkRunner runner) {
    this.runner = runner;
  }

  void start(ResolvedSink sink, Mirror mirror, boolean resnapshot, SinkRunner.Events events) {
    number++;
    resnapshots = resnapshot;
    current = runner.start(sink, mirror, resnapshot, events);
  }

  /** The number of the last run; runs count from 1. */
  long number() {
    return number;
  }

  boolean isCurrent(long run) {
    return run == number && current != null;
  }

  Optional<Running> current() {
    return Optional.ofNullable(current);
  }

  /** Whether the current run fulfils what RESNAPSHOT has asked for so far. */
  boolean resnapshots() {
    return resnapshots;
  }

  /** A RESNAPSHOT is asked for: one that the current run has begun already does not fulfil it. */
  void askedAgain() {
    resnapshots = false;
  }

  CompletionStage<Void> stop() {
    return current == null ? CompletableFuture.completedFuture(null) : current.stop();
  }

  /** Fences what a run elsewhere may have left behind, if there ever was one. */
  CompletionStage<Void> settle(@Nullable ResolvedSink sink, SinkMemory memory) {
    return sink == null || !memory.everTried()
        ? CompletableFuture.completedFuture(null)
        : runner.settle(sink, memory.mirror());
  }

  /** The current run is over; its counters are kept. */
  void ended() {
    before = totals();
    // What a run leaves open its successor aborts by fencing it, if it did not do so itself.
    aborted += stats().transactions().openRecords() > 0 ? 1 : 0;
    current = null;
  }

  /** The actor goes away: nobody will wait for the run's end, a successor fences it. */
  void abandon() {
    if (current != null) {
      current.stop();
      current = null;
    }
  }

  /** Thread-safe: called from the run's threads at each commit, without a message to the actor. */
  void committed(long run, ProgressRecord record, long offset) {
    newest.set(new Seen(run, record, offset));
  }

  /** The newest commit since the last call. */
  Optional<Seen> takeCommitted() {
    return Optional.ofNullable(newest.getAndSet(null));
  }

  /** Transactions that a run left uncommitted. */
  long aborted() {
    return aborted;
  }

  Stats stats() {
    return current == null ? Stats.NONE : current.stats();
  }

  /** Counters of all runs together; frontier and source status are the current run's. */
  Stats totals() {
    var now = stats();
    return new Stats(
        before.changesIn() + now.changesIn(),
        before.recordsOut() + now.recordsOut(),
        before.bytesOut() + now.bytesOut(),
        before.commits() + now.commits(),
        now.frontier(),
        now.source(),
        now.transactions(),
        before.found().and(now.found()));
  }
}
