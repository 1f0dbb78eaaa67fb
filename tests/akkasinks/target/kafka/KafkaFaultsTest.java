package akkasinks.target.kafka;

import static akkasinks.target.kafka.KafkaFixture.failureOf;
import static akkasinks.target.kafka.KafkaFixture.messages;
import static akkasinks.target.kafka.KafkaFixture.mirror;
import static akkasinks.target.kafka.KafkaFixture.position;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRules;
import akkasinks.target.Target;
import akkasinks.testing.Await;
import akkasinks.testing.FaultProxy;
import akkasinks.testing.RealKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What can go wrong with a transaction, each provoked at a real broker. */
class KafkaFaultsTest {
  private static final KafkaSettings.Timings SHORT =
      new KafkaSettings.Timings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          Duration.ofMillis(1_500),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30));

  private static RealKafka kafka;

  private final KafkaFixture sink = KafkaFixture.on(kafka);

  @BeforeAll
  static void start() {
    kafka =
        RealKafka.startProxied(
            Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100"));
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @AfterEach
  void disarm() {
    kafka.proxy().pass();
    List.of("kafka.flushed", "kafka.commit.unknown").forEach(FailPoints::disarm);
  }

  @Test
  void aFencedWritersNextSendFailsAndNothingOfItAppears() {
    try (Target.Writer zombie = sink.begun();
        Target.Writer successor = sink.begun()) {
      Throwable error =
          catchThrowable(
              () -> {
                zombie.write(messages("z"));
                zombie.commit(position(1));
              });
      assertDoubt(error, InvalidProducerEpochException.class);
      successor.write(messages("s"));
      successor.commit(position(1));
    }
    assertThat(sink.committed()).containsExactly("s");
  }

  @Test
  void aFencedWritersCommitFailsAndNothingOfItAppears() {
    try (Target.Writer zombie = sink.begun()) {
      AtomicReference<Target.Writer> successor = new AtomicReference<>();
      FailPoints.arm(
          "kafka.flushed",
          () -> {
            FailPoints.disarm("kafka.flushed");
            successor.set(sink.begun());
          });
      zombie.write(messages("z"));
      Throwable error = catchThrowable(() -> zombie.commit(position(1)));
      assertDoubt(error, ProducerFencedException.class);
      successor.get().close();
    }
    assertThat(sink.committed()).isEmpty();
  }

  @Test
  void theRecordTellsAFencedWriterWhoTookOver() {
    try (Target.Writer zombie = sink.begun();
        Target.Writer successor = sink.begun()) {
      catchThrowable(() -> zombie.commit(position(1)));
      var record = sink.target().peek(Mirror.EMPTY).orElseThrow();
      assertThat(record.writerId()).isEqualTo(successor.writerId());
      assertThat(ProgressRules.superseded(record, Set.of(zombie.writerId()), zombie.incarnation()))
          .isTrue();
    }
  }

  @Test
  void aSendAfterTheTransactionTimedOutFailsButNobodySuperseded() {
    KafkaFixture quick = sink.with(SHORT);
    try (Target.Writer writer = quick.begun()) {
      writer.write(messages("a"));
      awaitAborted(quick);
      Throwable error =
          catchThrowable(
              () -> {
                writer.write(messages("b"));
                writer.commit(position(1));
              });
      assertDoubt(error, InvalidProducerEpochException.class);
      assertNotSuperseded(quick, writer);
    }
    assertGoesOn(quick);
  }

  @Test
  void aCommitAfterTheTransactionTimedOutFailsButNobodySuperseded() {
    KafkaFixture quick = sink.with(SHORT);
    try (Target.Writer writer = quick.begun()) {
      FailPoints.arm("kafka.flushed", () -> awaitAborted(quick));
      writer.write(messages("a"));
      Throwable error = catchThrowable(() -> writer.commit(position(1)));
      assertDoubt(error, InvalidTxnStateException.class, InvalidProducerEpochException.class);
      FailPoints.disarm("kafka.flushed");
      assertNotSuperseded(quick, writer);
    }
    assertGoesOn(quick);
  }

  @Test
  void aBrokerSilentBeyondTheDeliveryTimeOutIsUnreachableAndLaterItGoesOn() {
    KafkaFixture behind = sink.at(kafka.proxiedBootstrap()).with(SHORT);
    try (Target.Writer writer = behind.begun()) {
      kafka.proxy().freeze();
      var failure =
          failureOf(
              () -> {
                writer.write(messages("a"));
                writer.commit(position(1));
              });
      assertThat(failure.code()).isEqualTo(Code.UNREACHABLE);
      assertThat(failure.message()).contains(kafka.proxiedBootstrap());
      kafka.proxy().pass();
    }
    assertGoesOn(sink);
  }

  @Test
  void aCommitWhoseAnswerIsLostIsTriedAgainAndHappensOnce() {
    KafkaFixture behind = sink.at(kafka.proxiedBootstrap()).with(SHORT);
    try (Target.Writer writer = behind.begun()) {
      loseTheAnswer(() -> {});
      writer.write(messages("a"));
      assertThat(writer.commit(position(1)).record().frontier()).isEqualTo(position(1));
    }
    assertThat(sink.committed()).containsExactly("a");
  }

  @Test
  void aCommitWhoseAnswerIsLostSucceedsEvenAfterASuccessorTookOver() {
    KafkaFixture behind = sink.at(kafka.proxiedBootstrap()).with(SHORT);
    AtomicReference<Target.Writer> successor = new AtomicReference<>();
    try (Target.Writer writer = behind.begun()) {
      loseTheAnswer(() -> successor.set(sink.begun()));
      writer.write(messages("a"));
      Throwable error = catchThrowable(() -> writer.commit(position(1)));
      // Either it learns that the commit was taken, or that it was fenced: never a third thing.
      if (error != null) {
        assertThat(KafkaFailures.ownershipInDoubt(error)).isTrue();
      }
      assertThat(successor.get().progress().orElseThrow().frontier()).isEqualTo(position(1));
    } finally {
      successor.get().close();
    }
    assertThat(sink.committed()).containsExactly("a");
  }

  @Test
  void anInterruptedWriterFailsAndTheNextGoesOn() {
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a"));
      Thread.currentThread().interrupt();
      var failure = failureOf(() -> writer.commit(position(1)));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure.code()).isEqualTo(Code.CONNECTION_LOST);
      assertThat(failure.message()).startsWith("interrupted");
    }
    assertGoesOn(sink);
  }

  @Test
  void anExpiredTransactionalIdFailsTheWriterAndTheNextGoesOn() {
    try (RealKafka forgetful =
        RealKafka.start(
            Map.of(
                "transactional.id.expiration.ms", "1000",
                "transaction.remove.expired.transaction.cleanup.interval.ms", "200"))) {
      KafkaFixture idle = KafkaFixture.on(forgetful);
      Mirror mirror;
      try (Target.Writer writer = idle.begun()) {
        writer.write(messages("a"));
        mirror = mirror(writer.commit(position(1)));
        Await.until("the transactional id to expire", () -> isForgotten(idle));
        Throwable error =
            catchThrowable(
                () -> {
                  writer.write(messages("b"));
                  writer.commit(position(2));
                });
        assertDoubt(error, InvalidPidMappingException.class, InvalidProducerEpochException.class);
        assertNotSuperseded(idle, writer);
      }
      try (Target.Writer next = idle.begun(mirror)) {
        next.write(messages("b"));
        next.commit(position(2));
      }
      assertThat(idle.committed()).containsExactly("a", "b");
    }
  }

  @Test
  void aKilledBrokerLosesNothingThatWasCommitted() {
    Mirror mirror;
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a"));
      mirror = mirror(writer.commit(position(1)));
      // Killed before the commit's markers are written, a broker can forget them.
      for (var topic : List.of(sink.topic(), sink.progressTopic())) {
        Await.until(
            "the commit's marker is in " + topic,
            () -> kafka.reader().ends(topic, true).equals(kafka.reader().ends(topic, false)));
      }
      writer.write(messages("open"));
      kafka.crash();
    }
    try (Target.Writer next = sink.begun(mirror)) {
      assertThat(next.progress().orElseThrow().frontier()).isEqualTo(position(1));
      next.write(messages("b"));
      next.commit(position(2));
    }
    assertThat(sink.committed()).containsExactly("a", "b");
  }

  /** At the commit: answers are held back until the client gave up waiting for them. */
  private static void loseTheAnswer(Runnable meanwhile) {
    FailPoints.arm("kafka.flushed", () -> kafka.proxy().freeze(FaultProxy.Direction.TO_CLIENT));
    FailPoints.arm(
        "kafka.commit.unknown",
        () -> {
          FailPoints.disarm("kafka.commit.unknown");
          meanwhile.run();
          kafka.proxy().pass();
        });
  }

  private static void assertDoubt(Throwable error, Class<?>... kinds) {
    assertThat(failureOf(rethrow(error)).code()).isEqualTo(Code.CONNECTION_LOST);
    assertThat(KafkaFailures.ownershipInDoubt(error)).isTrue();
    assertThat(error.getCause()).hasStackTraceContaining("Exception");
    boolean known = false;
    for (Throwable at = error; at != null; at = at.getCause()) {
      for (Class<?> kind : kinds) {
        known |= kind.isInstance(at);
      }
    }
    assertThat(known).as("one of %s in %s", List.of(kinds), error.getCause()).isTrue();
  }

  private static ThrowingCallable rethrow(Throwable error) {
    return () -> {
      throw error;
    };
  }

  private static void assertNotSuperseded(KafkaFixture sink, Target.Writer writer) {
    assertThat(sink.target().peek(Mirror.EMPTY).orElseThrow().writerId())
        .isEqualTo(writer.writerId());
  }

  private static void assertGoesOn(KafkaFixture sink) {
    try (Target.Writer next = sink.begun()) {
      next.write(messages("next"));
      next.commit(position(9));
    }
    // A transaction's markers are written after its commit was answered.
    Await.until("the record can be read", sink::committed, List.of("next")::equals);
  }

  private static void awaitAborted(KafkaFixture sink) {
    String id = sink.settings().outsideId();
    try (Admin admin = kafka.admin()) {
      Await.until(
          "the coordinator to abort",
          () ->
              admin.describeTransactions(List.of(id)).description(id).get().state()
                  == TransactionState.COMPLETE_ABORT);
    }
  }

  private static boolean isForgotten(KafkaFixture sink) throws InterruptedException {
    String id = sink.settings().outsideId();
    try (Admin admin = sink.kafka().admin()) {
      admin.describeTransactions(List.of(id)).description(id).get();
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      return e.getCause() instanceof TransactionalIdNotFoundException;
    }
  }
}
