package akkasinks.cluster;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.pipeline.SinkRunner;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Runs nothing, remembers what it was told, and fails when a test wants it to. */
public final class FakeRunner implements SinkRunner {
  public final Map<String, FakeRun> running = new ConcurrentHashMap<>();
  public final List<String> log = new CopyOnWriteArrayList<>();
  public volatile Function<ResolvedSink, Optional<Failure>> startFails = _ -> Optional.empty();
  public volatile Optional<Failure> forgetSourceFails = Optional.empty();
  public volatile Optional<Failure> forgetTargetFails = Optional.empty();
  public volatile Optional<Failure> failsAsItStops = Optional.empty();
  public volatile Optional<Failure> settleFails = Optional.empty();

  @Override
  public Running start(ResolvedSink sink, Mirror mirror, boolean resnapshot, Events events) {
    var run = new FakeRun(this, sink, mirror, resnapshot, events);
    var failure = startFails.apply(sink);
    log.add("start " + sink.sink().id() + (resnapshot ? " resnapshot" : ""));
    if (failure.isPresent()) {
      events.failed(failure.get());
    } else {
      running.put(sink.sink().id(), run);
      run.begin();
    }
    return run;
  }

  @Override
  public CompletionStage<Void> settle(ResolvedSink sink, Mirror mirror) {
    log.add("settle " + sink.sink().id());
    return result(settleFails);
  }

  @Override
  public CompletionStage<Void> forgetSource(ResolvedSink sink) {
    log.add("forgetSource " + sink.sink().id());
    return result(forgetSourceFails);
  }

  @Override
  public CompletionStage<Void> forgetTarget(ResolvedSink sink) {
    log.add("forgetTarget " + sink.sink().id());
    return result(forgetTargetFails);
  }

  private static CompletionStage<Void> result(Optional<Failure> failure) {
    return failure
        .<CompletionStage<Void>>map(f -> CompletableFuture.failedFuture(f.exception()))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  static ProgressRecord record(String sinkId, long incarnation, long lsn) {
    return new ProgressRecord(
        sinkId,
        incarnation,
        "writer-" + incarnation,
        PostgresPosition.of("7000", 1, "slot", lsn),
        Map.of("orders", "AAAA"),
        List.of());
  }

  public static final class FakeRun implements Running {
    private final FakeRunner runner;
    private final Events events;
    public final ResolvedSink sink;
    public final Mirror mirror;
    public final boolean resnapshot;
    public final long incarnation;
    private long lsn;
    private long offset;

    FakeRun(
        FakeRunner runner, ResolvedSink sink, Mirror mirror, boolean resnapshot, Events events) {
      this.runner = runner;
      this.sink = sink;
      this.mirror = mirror;
      this.resnapshot = resnapshot;
      this.events = events;
      this.incarnation = mirror.attempted() + 1;
      this.lsn = 100 * incarnation;
      this.offset = mirror.offset();
    }

    void begin() {
      events.attempting(incarnation);
      events.started(record(sink.sink().id(), incarnation, lsn), ++offset, Duration.ofMillis(20));
    }

    public void commit() {
      events.committed(record(sink.sink().id(), incarnation, ++lsn), ++offset);
    }

    public void fail(Failure failure) {
      runner.running.remove(sink.sink().id(), this);
      events.failed(failure);
    }

    @Override
    public Stats stats() {
      return new Stats(7, 5, 500, 1, Optional.empty(), Optional.empty());
    }

    @Override
    public CompletionStage<List<Long>> cut(Callable<Long> point, Relation of) {
      return CompletableFuture.completedFuture(new ArrayList<>());
    }

    @Override
    public CompletionStage<Void> stop() {
      runner.running.remove(sink.sink().id(), this);
      runner.log.add("stop " + sink.sink().id());
      runner.failsAsItStops.ifPresent(events::failed);
      return CompletableFuture.completedFuture(null);
    }
  }
}
