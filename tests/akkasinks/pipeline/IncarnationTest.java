package akkasinks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.PostgresPosition;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.testing.Await;
import akkasinks.testing.SinkDefinitions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An incarnation from fence to end, over a source and a target that write every step down. */
class IncarnationTest {
  private static final FailureException LOST =
      Failure.of(Code.CONNECTION_LOST, "the line is cut").exception();
  private static ActorSystem system;
  private static ExecutorService blocking;

  private final FakeEnds ends = new FakeEnds();
  private final Told told = new Told();

  @BeforeAll
  static void start() {
    system = ActorSystem.create("incarnation");
    blocking = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterAll
  static void end() {
    system.terminate();
    blocking.close();
  }

  private SinkRunner.Running run(boolean resnapshot) {
    return new SinkRuns(
            ends, Materializer.createMaterializer(system), blocking, InstantSource.system())
        .start(SinkDefinitions.unconnected("k1"), Mirror.EMPTY, resnapshot, told);
  }

  private static void stop(SinkRunner.Running running) throws Exception {
    running.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void theFirstFencesThenReadsThenBeginsAndOnlyThenOpensTheSource() throws Exception {
    var running = run(false);
    told.await("started 1");
    Await.until("the source is open", () -> ends.steps.contains("source.open"));
    assertThat(ends.steps)
        .containsExactly(
            "target.fence",
            "writer.progress",
            "source.begin",
            "writer.begin",
            "writer.begun",
            "source.open");
    assertThat(told.events).containsExactly("attempting 1", "started 1");
    stop(running);
    assertThat(told.events).hasSize(2);
    assertThat(ends.steps).contains("stream.close", "writer.close");
  }

  @Test
  void aLaterOneGoesOnFromTheFrontierAndMakesNothingAnewInTheSource() throws Exception {
    ends.topic.add(FakeEnds.record("before", 4, 77));
    var running = run(false);
    told.await("started 5");
    assertThat(ends.steps).doesNotContain("source.begin", "source.again");
    assertThat(ends.topic.getLast()).isEqualTo(FakeEnds.record("mine", 5, 77));
    ends.change(80);
    told.await("committed 80");
    stop(running);
  }

  @Test
  void aResnapshotAsksTheSourceWhereItBegins() throws Exception {
    ends.topic.add(FakeEnds.record("before", 4, 77));
    var running = run(true);
    told.await("started 5");
    assertThat(ends.steps).contains("source.again").doesNotContain("source.begin");
    stop(running);
  }

  /** Committed or not when the answer is lost: what lies in the topic is one's own. */
  @ParameterizedTest
  @ValueSource(strings = {"writer.begin", "writer.begun"})
  void aBeginThatFailedIsNotTakenForASuccessor(String step) {
    ends.topic.add(FakeEnds.record("before", 4, 77));
    ends.failAt(step, LOST);
    run(false);
    assertThat(told.failure()).isEqualTo(LOST.failure());
    assertThat(ends.steps).contains("target.peek", "writer.close").doesNotContain("source.open");
  }

  @Test
  void whoHasNotFencedHasNoSuccessor() {
    ends.topic.add(FakeEnds.record("other", 9, 77));
    ends.failAt("target.fence", LOST);
    run(false);
    assertThat(told.failure()).isEqualTo(LOST.failure());
  }

  /** A successor that fenced in between may have taken the same number. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whoeverFailsBecauseOfASuccessorNamesIt(long incarnation) {
    run(false);
    told.await("started 1");
    ends.topic.add(FakeEnds.record("other", incarnation, 99));
    ends.failAt("stream.next", LOST);
    var failure = told.failure();
    assertThat(failure.code()).isEqualTo(Code.FENCED);
    assertThat(failure.message())
        .isEqualTo(
            "superseded by incarnation %d (writer other); this was incarnation 1"
                .formatted(incarnation));
    assertThat(failure.detail()).isEqualTo("It ended with: the line is cut");
  }

  @Test
  void aSuccessorThatCannotBeLookedForLeavesTheFailureAsItWas() {
    ends.failAt("target.peek", Failure.of(Code.UNREACHABLE, "no broker").exception());
    ends.failAt("source.open", LOST);
    run(false);
    assertThat(told.failure()).isEqualTo(LOST.failure());
  }

  @ParameterizedTest
  @ValueSource(strings = {"target.fence", "source.begin", "writer.begin", "source.open"})
  void aStopDuringStartUpClosesEverythingAndIsNoFailure(String step) throws Exception {
    var there = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    ends.at(
        step,
        () -> {
          there.countDown();
          Await.latch(go);
        });
    var running = run(false);
    Await.latch(there);
    var stopped = running.stop().toCompletableFuture();
    assertThat(stopped).isNotDone();
    go.countDown();
    stopped.get(30, TimeUnit.SECONDS);
    assertThat(ends.steps).contains("writer.close");
    assertThat(ends.steps.contains("stream.close")).isEqualTo(ends.steps.contains("source.open"));
    assertThat(told.failures).isEmpty();
  }

  @Test
  void aStartUpThatFailsWhileItIsStoppedCompletesTheStop() throws Exception {
    var there = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    ends.at(
        "source.open",
        () -> {
          there.countDown();
          Await.latch(go);
          throw LOST;
        });
    var running = run(false);
    Await.latch(there);
    var stopped = running.stop().toCompletableFuture();
    go.countDown();
    stopped.get(30, TimeUnit.SECONDS);
    assertThat(ends.steps).contains("writer.close");
    assertThat(told.failures).isEmpty();
  }

  @Test
  void aLastCommitThatFailsCompletesTheStop() throws Exception {
    var running = run(false);
    told.await("started 1");
    var there = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    ends.at(
        "writer.write",
        () -> {
          there.countDown();
          Await.latch(go);
        });
    ends.failAt("writer.commit", LOST);
    ends.change(20);
    Await.latch(there);
    var stopped = running.stop().toCompletableFuture();
    go.countDown();
    stopped.get(30, TimeUnit.SECONDS);
    assertThat(ends.steps).contains("writer.commit", "stream.close", "writer.close");
    assertThat(ends.topic).containsExactly(FakeEnds.record("mine", 1, 10));
    assertThat(told.failures).isEmpty();
  }

  @Test
  void aWriterThatCannotBeClosedDoesNotHoldUpTheStop() throws Exception {
    ends.failAt("writer.close", LOST);
    var running = run(false);
    told.await("started 1");
    stop(running);
    assertThat(ends.steps).contains("stream.close", "writer.close");
  }

  /** What the incarnation told, in order. */
  private static final class Told implements SinkRunner.Events {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<Failure> failures = new CopyOnWriteArrayList<>();

    void await(String event) {
      Await.until(event, () -> events.contains(event));
    }

    Failure failure() {
      Await.until("it has failed", () -> !failures.isEmpty());
      assertThat(failures).hasSize(1);
      return failures.getFirst();
    }

    @Override
    public void attempting(long incarnation) {
      events.add("attempting " + incarnation);
    }

    @Override
    public void started(ProgressRecord record, long offset, Duration handOver) {
      events.add("started " + record.incarnation());
    }

    @Override
    public void committed(ProgressRecord record, long offset) {
      events.add("committed " + ((PostgresPosition) record.frontier()).end());
    }

    @Override
    public void failed(Failure why) {
      failures.add(why);
    }
  }
}
