package akkasinks.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.catalog.KafkaSource.Included;
import akkasinks.catalog.KafkaSource.Input;
import akkasinks.catalog.KafkaSource.OnBadRecord;
import akkasinks.catalog.KafkaSource.Part;
import akkasinks.catalog.KafkaSource.Start;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Position;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.TopicWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A topic as a source, over a real broker and without a sink. */
class TopicSourceTest {
  private static final RealKafka KAFKA = RealKafka.shared();
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private static TopicWriter topic(String name, int partitions) {
    KAFKA.createTopic(name, partitions, Map.of());
    return new TopicWriter(KAFKA.bootstrap(), name);
  }

  @Test
  void abortedRecordsAreNotSeenAndTheOrderOfAPartitionIsKept() {
    try (var writer = topic("source-order", 3)) {
      List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int transaction = 0; transaction < 20; transaction++) {
        writer.begin();
        for (int i = 0; i < 500; i++) {
          int partition = (i + transaction) % 3;
          String text = transaction + "-" + i;
          writer.send(partition, null, text);
          if (transaction % 3 != 1) {
            sent.get(partition).add("INSERT - [" + text + "]");
          }
        }
        if (transaction % 3 == 1) {
          writer.abort();
        } else {
          writer.commit();
        }
      }
      var source = Sources.of(Sources.LINES, "source-order");
      var begin = source.begin();
      int count = sent.stream().mapToInt(List::size).sum();
      try (var stream = source.open(begin)) {
        var read = Read.of(stream, count);
        for (List<String> partition : sent) {
          assertThat(read.changes().stream().filter(partition::contains).toList())
              .isEqualTo(partition);
        }
        assertThat(begin.precedes(read.position())).isTrue();
        assertThat(stream.status().lagRecords()).isZero();
      }
    }
  }

  @Test
  void fromAnyPositionTheRestFollowsAndNothingElse() {
    try (var writer = topic("source-rest", 2)) {
      writer.begin();
      IntStream.range(0, 100).forEach(i -> writer.send(i % 2, null, "a" + i));
      writer.commit();
      var source = Sources.of(Sources.LINES, "source-rest");
      Position half;
      try (var stream = source.open(source.begin())) {
        half = Read.of(stream, 100).position();
      }
      writer.begin();
      IntStream.range(0, 10).forEach(i -> writer.send(i % 2, null, "b" + i));
      writer.commit();
      try (var stream = source.open(half)) {
        assertThat(Read.of(stream, 10).changes())
            .containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, 10).mapToObj(i -> "INSERT - [b" + i + "]").toList());
      }
    }
  }

  @Test
  void whereItBeginsCanBeChosen() {
    try (var writer = topic("source-start", 2)) {
      writer.begin();
      for (int i = 0; i < 10; i++) {
        byte[] value = ("v" + i).getBytes(StandardCharsets.UTF_8);
        writer.send(new ProducerRecord<>("source-start", 0, 1_000L + i, null, value));
      }
      writer.commit();
      assertThat(begin(new Start.Earliest(), true)).containsExactly(0L, 0L);
      assertThat(begin(new Start.Offsets(List.of(4L)), true)).containsExactly(4L, 0L);
      assertThat(begin(new Start.Timestamp(1_007), true)).containsExactly(7L, 0L);
      assertThat(begin(new Start.Earliest(), false)).containsExactly(11L, 0L);
    }
  }

  private static List<Long> begin(Start start, boolean snapshot) {
    return ((KafkaPosition) Sources.of(Sources.LINES, "source-start", start, snapshot).begin())
        .offsets();
  }

  @Test
  void anUpsertTopicsRecordsAreUpdatesAndItsTombstonesDeletes() {
    try (var writer = topic("source-upsert", 1)) {
      writer
          .begin()
          .send("{\"id\": 1}", "{\"name\":\"a\",\"id\":5}")
          .send("2", "{\"name\":null}")
          .send("{\"id\":1,\"more\":2}", null)
          .commit();
      var source = Sources.of(Sources.rows(Input.UPSERT, OnBadRecord.STALL), "source-upsert");
      try (var stream = source.open(source.begin())) {
        assertThat(Read.of(stream, 3).changes())
            .containsExactly("UPDATE - [1, a]", "UPDATE - [2, null]", "DELETE [1, ?] -");
      }
    }
  }

  @Test
  void aDebeziumTopicsRecordsAreItsChangesAndItsTombstonesNothing() {
    try (var writer = topic("source-debezium", 1)) {
      writer
          .begin()
          .send("1", "{\"before\":null,\"after\":{\"id\":1,\"name\":\"a\"},\"op\":\"c\"}")
          .send(
              "1",
              "{\"payload\":{\"before\":{\"id\":1},\"after\":{\"id\":1,\"name\":\"b\"},\"op\":\"u\"}}")
          .send("1", "{\"before\":{\"id\":1,\"name\":\"b\"},\"after\":null,\"op\":\"d\"}")
          .send("1", null)
          .send("2", "{\"before\":null,\"after\":{\"id\":2},\"op\":\"r\"}")
          .commit();
      var source = Sources.of(Sources.rows(Input.DEBEZIUM, OnBadRecord.STALL), "source-debezium");
      try (var stream = source.open(source.begin())) {
        assertThat(Read.of(stream, 4).changes())
            .containsExactly(
                "INSERT - [1, a]",
                "UPDATE [1, null] [1, b]",
                "DELETE [1, b] -",
                "INSERT - [2, null]");
      }
    }
  }

  @Test
  void whatElseARecordHasCanBeColumns() {
    var definition =
        new KafkaSource(
            "r1",
            "all",
            "c1",
            "",
            Sources.LINES.columns(),
            List.of(),
            Optional.of(new Encoding.Bytes()),
            Sources.LINES.encoding(),
            Input.NONE,
            Arrays.stream(Part.values()).map(p -> new Included(p, "c_" + p)).toList(),
            Sources.LINES.start(),
            OnBadRecord.STALL,
            "");
    try (var writer = topic("source-parts", 1)) {
      var record =
          new ProducerRecord<>("source-parts", 0, 1_500L, new byte[] {1, -1}, new byte[] {'v'});
      record.headers().add("a", "ü".getBytes(StandardCharsets.UTF_8)).add("b", new byte[] {-1});
      writer.begin().send(record).send(null, "no key").commit();
      var source = Sources.of(definition, "source-parts");
      try (var stream = source.open(source.begin())) {
        assertThat(Read.of(stream, 2).changes().getFirst())
            .isEqualTo(
                "INSERT - [\\x01ff, v, 0, 0, 1970-01-01 00:00:01.500000,"
                    + " [{\"key\":\"a\",\"value\":\"ü\"},{\"key\":\"b\",\"base64\":\"/w==\"}]]");
      }
    }
  }

  @Test
  void aBadRecordStopsItAfterAllBeforeItIsCommittedAndIsNamed() throws Exception {
    try (var writer = topic("source-bad", 1)) {
      writer.begin().send("1", "{\"id\":1}").send("2", "{\"id\":\"x\"}").send("3", "{}").commit();
      var source = Sources.of(Sources.rows(Input.NONE, OnBadRecord.STALL), "source-bad");
      try (var stream = source.open(source.begin())) {
        var read = Read.of(stream, 1);
        assertThat(stream.next(PATIENCE).size()).isZero();
        assertThat(stream.wantsConfirmation()).isTrue();
        stream.confirm(read.position());
        var failure = failure(() -> stream.next(PATIENCE));
        assertThat(failure.code()).isEqualTo(Code.DATA);
        assertThat(failure.message()).contains("source-bad", "partition 0, offset 1");
        assertThat(failure.detail()).isEqualTo("column \"id\": it is no int8");
        try (var again = source.open(read.position())) {
          var same = Await.until("it stops", () -> failure(() -> again.next(PATIENCE)), _ -> true);
          assertThat(same.message()).isEqualTo(failure.message());
        }
      }
    }
  }

  @Test
  void badRecordsArePassedOverAndCountedWhereThatIsAskedFor() {
    try (var writer = topic("source-skip", 1)) {
      writer.begin().send("1", "{").send("2", "{\"id\":2}").send("3", null).commit();
      var source = Sources.of(Sources.rows(Input.NONE, OnBadRecord.SKIP), "source-skip");
      try (var stream = source.open(source.begin())) {
        var read = Read.of(stream, 1);
        assertThat(read.changes()).containsExactly("INSERT - [2, null]");
        assertThat(((KafkaPosition) read.position()).skipped()).isEqualTo(2);
      }
    }
  }

  @Test
  void anOffsetThatIsGoneStopsItAndIsNeverReplaced() throws Exception {
    try (var writer = topic("source-range", 1);
        var admin = KAFKA.admin()) {
      writer.begin();
      IntStream.range(0, 10).forEach(i -> writer.send(null, "v" + i));
      writer.commit();
      var source = Sources.of(Sources.LINES, "source-range");
      var begin = source.begin();
      try (var stream = source.open(begin)) {
        Read.of(stream, 10);
        admin
            .deleteRecords(
                Map.of(new TopicPartition("source-range", 0), RecordsToDelete.beforeOffset(5)))
            .all()
            .get(30, TimeUnit.SECONDS);
        var failure = failure(() -> source.open(begin));
        assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
        assertThat(failure.message())
            .isEqualTo("offset 0 of topic \"source-range\", partition 0, is not there");
        assertThat(failure.detail()).contains("begins at offset 5");
      }
      var beyond = KafkaPosition.of(((KafkaPosition) begin).topicId(), List.of(1_000L));
      try (var stream = source.open(beyond)) {
        var failure =
            Await.until("it stops", () -> failure(() -> stream.next(PATIENCE)), _ -> true);
        assertThat(failure.message()).startsWith("offset 1000 of topic");
        assertThat(failure.detail()).contains("from 5 to 11");
      }
    }
  }

  @Test
  void aTopicMadeAgainIsNotTheOldOne() throws Exception {
    try (var writer = topic("source-remade", 1);
        var admin = KAFKA.admin()) {
      writer.begin().send(null, "old").commit();
      var source = Sources.of(Sources.LINES, "source-remade");
      var begin = source.begin();
      try (var stream = source.open(begin)) {
        Read.of(stream, 1);
        admin.deleteTopics(List.of("source-remade")).all().get(30, TimeUnit.SECONDS);
        var gone =
            Await.until("it is missed", () -> failure(() -> stream.next(PATIENCE)), _ -> true);
        assertThat(gone.code()).isEqualTo(Code.HISTORY_CHANGED);
        Await.until(
            "the name is free",
            () -> {
              KAFKA.createTopic("source-remade", 1, Map.of());
              return true;
            });
      }
      var failure = failure(() -> source.open(begin));
      assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
      assertThat(failure.message()).contains("was deleted and made again");
    }
  }

  @Test
  void aPartitionAddedLaterIsReadFromItsBeginning() throws Exception {
    try (var writer = topic("source-more", 1);
        var admin = KAFKA.admin()) {
      writer.begin().send(0, null, "a").commit();
      var source = Sources.of(Sources.LINES, "source-more");
      try (var stream = source.open(source.begin())) {
        Read.of(stream, 1);
        admin
            .createPartitions(Map.of("source-more", NewPartitions.increaseTo(2)))
            .all()
            .get(30, TimeUnit.SECONDS);
        try (var late = new TopicWriter(KAFKA.bootstrap(), "source-more")) {
          late.begin().send(1, null, "b").commit();
        }
        var read = Read.of(stream, 1);
        assertThat(read.changes()).containsExactly("INSERT - [b]");
        assertThat(((KafkaPosition) read.position()).offsets()).containsExactly(2L, 2L);
      }
    }
  }

  private static Failure failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    var thrown = catchThrowableOfType(FailureException.class, call);
    if (thrown == null) {
      throw new AssertionError("it did not fail");
    }
    return thrown.failure();
  }
}
