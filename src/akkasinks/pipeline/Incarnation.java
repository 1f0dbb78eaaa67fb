package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.progress.ProgressRules;
import akkasinks.source.ChangeSource;
import akkasinks.target.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One incarnation of a sink, from fencing its predecessors to its end. The order of {@link #begin}
 * is the exactly-once protocol of docs/exactly-once.md; do not change it for convenience.
 */
final class Incarnation implements SinkRunner.Running {
  private static final Logger LOG = LoggerFactory.getLogger(Incarnation.class);

  private final Materializer materializer;
  private final Executor blocking;
  private final InstantSource clock;
  private final Connectors connectors;
  private final ResolvedSink sink;
  private final Mirror mirror;
  private final SinkRunner.Events events;
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  private @Nullable Target target;
  private Target.@Nullable Writer writer;
  private volatile ChangeSource.@Nullable Stream stream;
  private volatile @Nullable Delivery delivery;
  private volatile @Nullable Stages stages;
  private @Nullable UniqueKillSwitch running;
  private boolean stopping;

  Incarnation(
      Connectors connectors,
      Materializer materializer,
      Executor blocking,
      InstantSource clock,
      ResolvedSink sink,
      Mirror mirror,
      SinkRunner.Events events) {
    this.connectors = connectors;
    this.materializer = materializer;
    this.blocking = blocking;
    this.clock = clock;
    this.sink = sink;
    this.mirror = mirror;
    this.events = events;
  }

  /** Blocks until the stream runs. Never throws: what goes wrong is told to {@code events}. */
  void begin(boolean resnapshot) {
    try {
      var started = clock.instant();
      var source = connectors.source(sink);
      target = connectors.target(sink);
      writer = target.fence(mirror);

      var progress = writer.progress();
      boolean again = resnapshot && progress.isPresent();
      var resnapshotFrom =
          again
              ? writer.endOffsets(Relation.NONE)
              : progress.map(ProgressRecord::resnapshotFrom).orElse(List.of());
      Position position =
          again
              ? source.again(progress.map(ProgressRecord::frontier))
              : progress.map(ProgressRecord::frontier).orElseGet(source::begin);
      FailPoints.reach("incarnation.positioned");

      events.attempting(writer.incarnation());
      var first = writer.begin(position, resnapshotFrom);
      FailPoints.reach("incarnation.begun");
      LOG.debug("sink {}: begun", sink.sink().id());
      events.started(first.record(), first.offset(), Duration.between(started, clock.instant()));

      var opened = source.open(position);
      stream = opened;
      FailPoints.reach("incarnation.opened");
      LOG.debug("sink {}: opened", sink.sink().id());
      run(opened, writer, position);
    } catch (RuntimeException | Error e) {
      end(e);
    }
  }

  private void run(ChangeSource.Stream opened, Target.Writer into, Position position) {
    var compiled = connectors.stages(sink, into);
    stages = compiled;
    var last =
        new Delivery(
            into,
            opened,
            position,
            compiled.keyTexts(),
            done -> events.committed(done.record(), done.offset()),
            clock,
            Delivery.Limits.within(into.transactionTimeout()));
    delivery = last;
    synchronized (this) {
      if (stopping) {
        blocking.execute(() -> end(null));
        return;
      }
      var graph = SinkPipeline.of(compiled, opened, last).run(materializer);
      running = graph.first();
      graph.second().whenCompleteAsync((_, error) -> end(error), blocking);
    }
  }

  @Override
  public CompletionStage<List<Long>> cut(Callable<Long> point, Relation of) {
    var open = stream;
    var last = delivery;
    if (open == null || last == null || over.isDone()) {
      return CompletableFuture.failedFuture(
          Failure.of(Code.PREREQUISITE, "sink \"%s\" is not running".formatted(sink.sink().name()))
              .exception());
    }
    var answer = new CompletableFuture<List<Long>>();
    over.whenComplete(
        (_, _) ->
            answer.completeExceptionally(
                Failure.of(Code.CONNECTION_LOST, "the sink stopped before the cut was reached")
                    .exception()));
    blocking.execute(
        () -> {
          long at = 0;
          open.hold();
          try {
            at = point.call();
            last.onReaching(at, of, answer::complete);
          } catch (Exception e) {
            answer.completeExceptionally(e);
          } finally {
            open.cutAt(at);
          }
        });
    return answer;
  }

  @Override
  public CompletionStage<Void> stop() {
    synchronized (this) {
      stopping = true;
      if (running != null) {
        running.shutdown();
      }
    }
    return over;
  }

  @Override
  public SinkRunner.Stats stats() {
    var last = delivery;
    var open = stream;
    var compiled = stages;
    if (last == null || open == null || compiled == null) {
      return SinkRunner.Stats.NONE;
    }
    return last.stats(Optional.of(open.status())).conflicts(compiled.conflicts().getAsLong());
  }

  /** Closes everything, in the order reverse to opening; then says why, unless it was asked for. */
  private void end(@Nullable Throwable error) {
    close(stream);
    close(writer);
    if (!isStopping()) {
      var why =
          error == null
              ? Failure.of(Code.CONNECTION_LOST, "the source ended the stream")
              : FailureException.of(error);
      if (why.code() == Code.INTERNAL) {
        LOG.error("sink {}: an error of AkkaSinks itself", sink.sink().name(), error);
      }
      events.failed(superseded(why).orElse(why));
    }
    over.complete(null);
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  /**
   * Rule 5 of the protocol: before anything else a failed incarnation reads, without fencing,
   * whether a successor has begun. Otherwise two halves of a cut cluster fence each other for ever.
   *
   * <p>One that has not fenced has no successor: what it would find is a predecessor's. Once it has
   * fenced, only its own writer and successors can commit, whether or not its own begin came
   * through or was answered.
   */
  private Optional<Failure> superseded(Failure why) {
    if (target == null || writer == null) {
      return Optional.empty();
    }
    var mine = writer;
    try {
      return target
          .peek(mirror)
          .filter(
              found ->
                  ProgressRules.superseded(found, Set.of(mine.writerId()), mine.incarnation() - 1))
          .map(
              found ->
                  Failure.of(
                          Code.FENCED,
                          "superseded by incarnation %d (writer %s); this was incarnation %d"
                              .formatted(found.incarnation(), found.writerId(), mine.incarnation()))
                      .detail("It ended with: " + why.message())
                      .hint(
                          "Another node runs the sink. If that one is gone, RESUME SINK takes it"
                              + " over again."));
    } catch (RuntimeException e) {
      LOG.info(
          "sink {}: cannot see whether a successor has begun: {}",
          sink.sink().name(),
          FailureException.of(e).oneLine());
      return Optional.empty();
    }
  }

  private void close(@Nullable AutoCloseable part) {
    if (part != null) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.info("sink {}: closing: {}", sink.sink().name(), FailureException.of(e).oneLine());
      }
    }
  }
}
