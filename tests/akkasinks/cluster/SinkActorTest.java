package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.Sealed;
import akkasinks.cluster.SinkStatus.State;
import akkasinks.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sinks on one real node, over a runner that fails when it is told to. */
final class SinkActorTest {
  private static final FakeRunner RUNNER = new FakeRunner();
  private static ClusterNode node;
  private static int sinks;

  private String id;

  @BeforeAll
  static void startNode(@TempDir Path dir) {
    node = TestNodes.start(TestNodes.inDirectory(dir), RUNNER);
    record(Shop.connections());
  }

  @AfterAll
  static void stopNode() {
    node.stop();
  }

  @BeforeEach
  void createSink() {
    RUNNER.startFails = _ -> Optional.empty();
    RUNNER.failsAsItStops = Optional.empty();
    id = "s" + ++sinks;
    record(List.of(Shop.sink(id)));
    awaitRun();
  }

  @Test
  void aSinkThatFailsIsStalledWithItsReasonAndRecoversByItself() {
    RUNNER.startFails =
        _ -> Optional.of(Failure.of(Code.UNREACHABLE, "no broker").hint("Start it."));
    run().fail(Failure.of(Code.CONNECTION_LOST, "cut"));
    var stalled = await(status -> status.failures() > 3 && status.state() == State.STALLED);
    assertThat(stalled.reason().orElseThrow().message()).isEqualTo("no broker");
    assertThat(stalled.nextTry()).isPresent();
    RUNNER.startFails = _ -> Optional.empty();
    awaitRun();
    assertThat(await(status -> status.state() == State.RUNNING).reason()).isEmpty();
  }

  @Test
  void whatOnlyAPersonCanMendIsLookedAtAgain() {
    RUNNER.startFails = _ -> Optional.of(Failure.of(Code.HISTORY_CHANGED, "another timeline"));
    run().fail(Failure.of(Code.CONNECTION_LOST, "cut"));
    await(status -> status.reason().map(Failure::code).equals(Optional.of(Code.HISTORY_CHANGED)));
    RUNNER.startFails = _ -> Optional.empty();
    awaitRun();
  }

  @Test
  void aSupersededSinkStopsForGoodAndSaysByWhom() {
    run().fail(Failure.of(Code.FENCED, "superseded by incarnation 9"));
    var superseded = await(status -> status.state() == State.SUPERSEDED);
    assertThat(superseded.reason().orElseThrow().message()).contains("incarnation 9");
    node.catalog().nodeReady();
    assertThat(ask(SinkMessage.Describe::new).state()).isEqualTo(State.SUPERSEDED);
    assertThat(ask(SinkMessage.Resume::new).refusal()).isEmpty();
    awaitRun();
  }

  @Test
  void aRunThatFailsJustAsItIsStoppedDoesNotKeepItsSinkWaiting() {
    RUNNER.failsAsItStops = Optional.of(Failure.of(Code.CONNECTION_LOST, "cut"));
    assertThat(ask(SinkMessage.Pause::new).refusal()).isEmpty();
    await(status -> status.state() == State.PAUSED);
    assertThat(ask(SinkMessage.Resume::new).refusal()).isEmpty();
    awaitRun();
  }

  @Test
  void theNextIncarnationKnowsWhatTheLastCommitted() {
    run().commit();
    run().commit();
    long lsn = ((akkasinks.change.PostgresPosition) frontier(run())).end();
    run().fail(Failure.of(Code.CONNECTION_LOST, "cut"));
    awaitRun();
    assertThat(run().mirror.attempted()).isEqualTo(1);
    assertThat(
            ((akkasinks.change.PostgresPosition) run().mirror.record().orElseThrow().frontier())
                .end())
        .isEqualTo(lsn);
  }

  @Test
  void resnapshotIsAskedOfTheNextIncarnationOnly() {
    var first = run();
    assertThat(ask(SinkMessage.Resnapshot::new).refusal()).isEmpty();
    Await.until("another runs", () -> RUNNER.running.get(id), now -> now != null && now != first);
    assertThat(run().resnapshot).isTrue();
    await(status -> status.state() == State.RUNNING && !status.resnapshot());
    var second = run();
    second.fail(Failure.of(Code.CONNECTION_LOST, "cut"));
    Await.until("a third runs", () -> RUNNER.running.get(id), now -> now != null && now != second);
    assertThat(run().resnapshot).isFalse();
  }

  @Test
  void aNewSecretStartsItsSinksAgain() {
    var first = run();
    record(List.of(new CatalogEvent.SecretAltered("k1", new Sealed("key", "AAAA"))));
    Await.until("another runs", () -> RUNNER.running.get(id), now -> now != null && now != first);
  }

  @Test
  void ofTwoStatementsPlannedOnOneStateOneIsTurnedAway() {
    var view = node.catalog().read().toCompletableFuture().join();
    var both =
        List.of("a", "b").stream()
            .map(
                name ->
                    node.catalog()
                        .record(
                            view,
                            List.of(
                                new CatalogEvent.SecretCreated(
                                    new akkasinks.catalog.Definition.Secret("k7", name),
                                    new Sealed("key", "AAAA"))))
                        .toCompletableFuture())
            .toList();
    assertThat(both.stream().map(CompletableFuture::join).filter(r -> r.accepted())).hasSize(1);
    var turnedAway =
        both.stream().map(CompletableFuture::join).filter(r -> !r.accepted()).findFirst();
    assertThat(turnedAway.orElseThrow().view().version()).isEqualTo(view.version() + 1);
  }

  private static akkasinks.change.Position frontier(FakeRunner.FakeRun run) {
    return FakeRunner.record(run.sink.sink().id(), run.incarnation, 100 * run.incarnation + 2)
        .frontier();
  }

  private FakeRunner.FakeRun run() {
    return RUNNER.running.get(id);
  }

  private void awaitRun() {
    Await.until("it runs", () -> RUNNER.running.containsKey(id));
    await(status -> status.state() == State.RUNNING);
  }

  private SinkStatus await(Predicate<SinkStatus> holds) {
    return Await.until("the sink's status", () -> ask(SinkMessage.Describe::new), holds);
  }

  private <A> A ask(
      org.apache.pekko.japi.function.Function<org.apache.pekko.actor.typed.ActorRef<A>, SinkMessage>
          message) {
    return node.sinks().ask(id, message, Duration.ofSeconds(10)).toCompletableFuture().join();
  }

  private static void record(List<CatalogEvent> events) {
    var view = node.catalog().read().toCompletableFuture().join();
    assertThat(node.catalog().record(view, events).toCompletableFuture().join().accepted())
        .isTrue();
  }
}
