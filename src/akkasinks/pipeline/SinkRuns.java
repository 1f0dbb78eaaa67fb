package akkasinks.pipeline;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.progress.Mirror;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.stream.Materializer;

/** Runs incarnations over real sources and targets. */
public final class SinkRuns implements SinkRunner {
  private final Connectors connectors;
  private final Materializer materializer;
  private final Executor blocking;
  private final InstantSource clock;

  /**
   * @param blocking runs everything that waits for Kafka or Postgres; never a Pekko default
   *     dispatcher
   */
  public SinkRuns(
      Connectors connectors, Materializer materializer, Executor blocking, InstantSource clock) {
    this.connectors = connectors;
    this.materializer = materializer;
    this.blocking = blocking;
    this.clock = clock;
  }

  @Override
  public Running start(ResolvedSink sink, Mirror mirror, boolean resnapshot, Events events) {
    var incarnation =
        new Incarnation(connectors, materializer, blocking, clock, sink, mirror, events);
    blocking.execute(() -> incarnation.begin(resnapshot));
    return incarnation;
  }

  @Override
  public CompletionStage<Void> settle(ResolvedSink sink, Mirror mirror) {
    return CompletableFuture.runAsync(
        () -> connectors.target(sink).fence(mirror).close(), blocking);
  }

  @Override
  public CompletionStage<Void> forgetSource(ResolvedSink sink) {
    return CompletableFuture.runAsync(() -> connectors.source(sink).forget(), blocking);
  }

  @Override
  public CompletionStage<Void> forgetTarget(ResolvedSink sink) {
    return CompletableFuture.runAsync(() -> connectors.target(sink).forget(), blocking);
  }
}
