package akkasinks.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.testing.Seeds;
import akkasinks.verify.VerifyReport.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
  @TempDir private Path scratch;

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    try (var left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aTopicThatHoldsTheTableIsEqual() {
    var topic = new MemoryTopic(true);
    var sink = new FakeSink(Envelope.UPSERT, topic::ends);
    write(sink, topic, "a", "1");
    write(sink, topic, "b", "2");
    write(sink, topic, "b", "3");
    write(sink, topic, "c", "4");
    delete(sink, topic, "a");
    delete(sink, topic, "d");

    var report = verify(sink, topic, true);
    assertThat(report.holds()).isTrue();
    assertThat(report.rows()).isEqualTo(2);
    assertThat(report.keys()).isEqualTo(2);
    assertThat(report.equal()).isEqualTo(2);
    assertThat(report.ends()).containsExactly(6L);
    assertThat(report.outcome().rows().getFirst())
        .containsExactly(Optional.of("result"), Optional.of("equal"));
    assertThat(report.outcome().rows()).contains(List.of(Optional.of("lsn"), Optional.of("1/10")));
  }

  @Test
  void eachKindOfDifferenceIsNamedWithBothValues() {
    var topic = new MemoryTopic(false);
    var sink = new FakeSink(Envelope.UPSERT, topic::ends);
    write(sink, topic, "same", "0");
    sink.table.put("lost", "1");
    topic.put("orphan", "2");
    sink.table.put("stale", "new");
    topic.put("stale", "old");

    var report = verify(sink, topic, true);
    assertThat(report.holds()).isFalse();
    assertThat(report.equal()).isOne();
    assertThat(report.differences())
        .containsExactlyInAnyOrder(
            new VerifyReport.Difference(Kind.MISSING, "lost", Optional.of("1"), Optional.empty()),
            new VerifyReport.Difference(Kind.EXTRA, "orphan", Optional.empty(), Optional.of("2")),
            new VerifyReport.Difference(
                Kind.DIFFERENT, "stale", Optional.of("new"), Optional.of("old")));
    assertThat(report.outcome().rows().getFirst())
        .containsExactly(Optional.of("result"), Optional.of("different"));
  }

  @Test
  void ofADebeziumTopicOnlyTheLastAfterOfEachKeyCounts() {
    var topic = new MemoryTopic(true);
    var sink = new FakeSink(Envelope.DEBEZIUM, topic::ends);
    sink.table.put("a", "{\"v\":2}");
    topic.put("a", "{\"before\":null,\"after\":{\"v\":1}}");
    topic.put("a", "{\"before\":{\"v\":1},\"after\":{\"v\":2}}");
    topic.put("gone", "{\"before\":null,\"after\":{\"v\":1}}");
    topic.put("gone", "{\"before\":{\"v\":1},\"after\":null}");

    var report = verify(sink, topic, true);
    assertThat(report.holds()).isTrue();
    assertThat(report.keys()).isOne();
  }

  @Test
  void withoutASnapshotRowsFromBeforeAreCountedAndNoDifference() {
    var topic = new MemoryTopic(true);
    var sink = new FakeSink(Envelope.UPSERT, topic::ends);
    sink.table.put("old", "1");
    write(sink, topic, "new", "2");
    assertThat(verify(sink, topic, false))
        .satisfies(
            report -> {
              assertThat(report.holds()).isTrue();
              assertThat(report.uncovered()).isOne();
              assertThat(report.equal()).isOne();
            });

    sink.table.put("new", "3");
    topic.put("orphan", "4");
    assertThat(verify(sink, topic, false))
        .satisfies(
            report -> {
              assertThat(report.different()).isOne();
              assertThat(report.extra()).isOne();
              assertThat(report.missing()).isZero();
            });
  }

  @Test
  void whatCompactionTookAwayAfterTheCutIsNoDifference() {
    var topic = new MemoryTopic(true);
    var sink = new FakeSink(Envelope.UPSERT, topic::ends);
    for (int i = 0; i < 30; i++) {
      write(sink, topic, "k" + i, "1");
    }
    delete(sink, topic, "k29");
    var once = new AtomicBoolean(true);
    sink.afterCut(
        () -> {
          if (once.getAndSet(false)) {
            write(sink, topic, "k1", "2");
            delete(sink, topic, "k2");
            write(sink, topic, "k29", "back");
            topic.compact();
          }
        });

    var report = verify(sink, topic, true);
    assertThat(report.holds()).isTrue();
    assertThat(report.rechecked()).isEqualTo(2);
    assertThat(report.equal()).as("k2 has gone meanwhile").isEqualTo(28);
  }

  @Test
  void compactionDoesNotExcuseARealDifference() {
    var topic = new MemoryTopic(true);
    var sink = new FakeSink(Envelope.UPSERT, topic::ends);
    write(sink, topic, "busy", "1");
    sink.table.put("lost", "1");
    topic.put("orphan", "1");
    var round = new AtomicInteger();
    sink.afterCut(
        () -> {
          write(sink, topic, "busy", "v" + round.incrementAndGet());
          topic.put("orphan", "still " + round);
          topic.compact();
        });

    var report = verify(sink, topic, true);
    assertThat(report.missing()).as("lost; and busy, seen last as such").isEqualTo(2);
    assertThat(round).as("cuts are not taken for ever").hasValue(4);
    assertThat(report.differences())
        .anySatisfy(difference -> assertThat(difference.key()).isEqualTo("lost"));
  }

  @Test
  void inATopicThatKeepsEverythingNothingIsJudgedTwice() {
    var topic = new MemoryTopic(false);
    var sink = new FakeSink(Envelope.UPSERT, topic::ends);
    sink.table.put("lost", "1");
    sink.afterCut(() -> write(sink, topic, "lost", "2"));

    assertThat(verify(sink, topic, true))
        .satisfies(
            report -> {
              assertThat(report.missing()).as("lost until it was written again").isOne();
              assertThat(report.rechecked()).isZero();
            });
  }

  @Test
  void randomTablesUnderTrafficAndCompactionAreEqualUnlessBroken() {
    Seeds.forAll(
        30,
        random -> {
          var topic = new MemoryTopic(true);
          var sink = new FakeSink(Seeds.oneOf(random, Envelope.values()), topic::ends);
          Runnable traffic =
              () -> {
                for (int i = random.nextInt(40); i >= 0; i--) {
                  var key = "k" + random.nextInt(60);
                  if (random.nextInt(4) == 0) {
                    delete(sink, topic, key);
                  } else {
                    write(sink, topic, key, "{\"v\":" + random.nextInt(5) + "}");
                  }
                }
              };
          traffic.run();
          var cuts = new AtomicInteger();
          sink.afterCut(
              () -> {
                if (cuts.incrementAndGet() < 4) {
                  traffic.run();
                  if (random.nextBoolean()) {
                    topic.compact();
                  }
                }
              });
          boolean broken = random.nextBoolean();
          if (broken) {
            topic.put("nobody's", sink.record("{\"v\":9}"));
          }
          assertThat(verify(sink, topic, true).holds()).isEqualTo(!broken);
        });
  }

  @Test
  void whatCannotBeComparedIsRefusedWithTheReason() {
    var topic = new MemoryTopic(true);
    var keyless = new FakeSink(Envelope.DEBEZIUM, topic::ends);
    assertThat(refused(keyless, List.of()))
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(Code.NOT_SUPPORTED);
              assertThat(failure.message()).contains("sink_s1").contains("no KEY");
            });
    assertThat(refused(new FakeSink(Envelope.UPSERT, topic::ends).snapshotting(), List.of("key")))
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(Code.PREREQUISITE);
              assertThat(failure.message()).contains("still reading its snapshot");
            });
    assertThat(refused(new FakeSink(Envelope.UPSERT, topic::ends).notStarted(), List.of("key")))
        .satisfies(failure -> assertThat(failure.message()).contains("has committed nothing yet"));
    var busy = Failure.of(Code.BUSY, "transaction of backend 42 is in the way");
    assertThat(
            refused(
                new FakeSink(Envelope.UPSERT, topic::ends).unreadable(busy.exception()),
                List.of("key")))
        .isEqualTo(busy);
  }

  private VerifyReport verify(FakeSink sink, LiveTopic topic, boolean snapshot) {
    var report =
        verifications(sink, topic)
            .verify(sink.definition(List.of("key"), snapshot), sink)
            .toCompletableFuture()
            .join();
    assertThat(sink.open()).as("readings left open").isZero();
    return report;
  }

  private Failure refused(FakeSink sink, List<String> key) {
    var topic = new MemoryTopic(true);
    var failure = new AtomicReference<Failure>();
    assertThatThrownBy(
            () ->
                verifications(sink, topic)
                    .verify(sink.definition(key, true), sink)
                    .toCompletableFuture()
                    .join())
        .isInstanceOf(CompletionException.class)
        .satisfies(thrown -> failure.set(FailureException.of(thrown)));
    assertThat(sink.open()).as("readings left open").isZero();
    return failure.get();
  }

  private Verifications verifications(FakeSink sink, LiveTopic topic) {
    return new Verifications(
        sink,
        _ -> topic,
        scratch,
        Runnable::run,
        InstantSource.system(),
        Verification.Limits.DEFAULT);
  }

  private static void write(FakeSink sink, MemoryTopic topic, String key, String value) {
    sink.table.put(key, value);
    topic.put(key, sink.record(value));
  }

  /** As the envelope has it: a tombstone, or an envelope without an after. */
  private static void delete(FakeSink sink, MemoryTopic topic, String key) {
    sink.table.remove(key);
    var gone = sink.record("null");
    topic.put(key, gone.equals("null") ? null : gone);
  }
}
