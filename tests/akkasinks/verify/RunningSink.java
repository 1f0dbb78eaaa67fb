package akkasinks.verify;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.pipeline.InstalledConnectors;
import akkasinks.pipeline.SinkRunner;
import akkasinks.pipeline.SinkRuns;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.SinkDefinitions;
import akkasinks.testing.TestDirs;
import akkasinks.tunnel.Tunnels;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;

/** A sink of table {@code t} (key {@code id}) that really runs, and a verifier beside it. */
final class RunningSink implements SinkRunner.Events, AutoCloseable {
  /** Where blocking stages run; a node has it in its configuration. */
  private static final String DISPATCHER =
      "{ type = Dispatcher, executor = thread-pool-executor,"
          + " thread-pool-executor.fixed-pool-size = 8 }";

  private final ActorSystem system =
      ActorSystem.create(
          "verify",
          ConfigFactory.parseString(
                  "akkasinks.blocking-dispatcher = "
                      + DISPATCHER
                      + "\nakkasinks-blocking-dispatcher = "
                      + DISPATCHER)
              .withFallback(ConfigFactory.load()));
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final Path scratch = TestDirs.create("verify");
  private final InstalledConnectors connectors =
      new InstalledConnectors(
          id -> {
            throw new AssertionError("no secrets here: " + id);
          },
          new Tunnels(),
          scratch,
          InstantSource.system(),
          new SecureRandom());
  private final SinkRuns runs =
      new SinkRuns(
          connectors, Materializer.createMaterializer(system), blocking, InstantSource.system());
  private final AtomicReference<Optional<Failure>> failure =
      new AtomicReference<>(Optional.empty());
  private final ResolvedSink sink;
  private final SinkRunner.Running running;

  RunningSink(RealKafka kafka, Database database, String topic, Envelope envelope) {
    this.sink =
        SinkDefinitions.json(kafka, database, "t", topic, envelope, false, OnTruncate.STALL);
    this.running = runs.start(sink, Mirror.EMPTY, false, this);
    Await.until("the sink runs", () -> running.stats().frontier().isPresent());
  }

  VerifyReport verify() throws Exception {
    return new Verifications(connectors, scratch, blocking, InstantSource.system())
        .verify(sink, running)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    running.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    runs.forgetSource(sink).toCompletableFuture().get(60, TimeUnit.SECONDS);
    system.terminate();
    blocking.shutdown();
    assertThat(failure.get()).isEmpty();
  }

  @Override
  public void attempting(long incarnation) {
    // One incarnation only.
  }

  @Override
  public void started(ProgressRecord record, long offset, Duration handOver) {
    // Nothing is kept: it is not started again.
  }

  @Override
  public void committed(ProgressRecord record, long offset) {
    // Nothing is kept: it is not started again.
  }

  @Override
  public void failed(Failure why) {
    failure.set(Optional.of(why));
  }
}
