package akkasinks.target.kafka;

import static akkasinks.target.kafka.KafkaFixture.failureOf;
import static akkasinks.target.kafka.KafkaFixture.mirror;
import static akkasinks.target.kafka.KafkaFixture.position;
import static akkasinks.target.kafka.KafkaFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.progress.Mirror;
import akkasinks.target.Target;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An orphan as a broker leaves it: a transaction open in a partition that the coordinator knows
 * nothing of. Made by a bare produce request in the sink's name, before version 12 of which the
 * broker does not enlist partitions by itself; it is taken because the broker's verification of
 * just this is switched off.
 */
class KafkaOrphanTest {
  private static final short BEFORE_TRANSACTION_V2 =
      ProduceRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2;

  @Test
  void anOrphanIsAbortedBeforeAnythingIsWrittenOverIt() throws Exception {
    try (RealKafka kafka =
        RealKafka.start(Map.of("transaction.partition.verification.enable", "false"))) {
      KafkaFixture sink = KafkaFixture.on(kafka);
      TopicPartition data = new TopicPartition(sink.settings().topic().name(), 0);
      Mirror mirror;
      try (Target.Writer writer = sink.begun()) {
        writer.write(record(0, "a", "a"));
        mirror = mirror(writer.commit(position(1)));
      }
      plant(sink, data);
      assertThat(kafka.reader().uncommitted(data.topic()))
          .extracting(e -> e.value())
          .contains("orphan");
      assertThat(isStuck(kafka, data)).isTrue();

      try (Target.Writer next = sink.begun(mirror)) {
        assertThat(isStuck(kafka, data)).isFalse();
        next.write(record(0, "b", "b"));
        next.commit(position(2));
      }
      Await.until("nothing open", () -> !isStuck(kafka, data));
      assertThat(sink.committed()).containsExactly("a", "b");
    }
  }

  @Test
  void anOrphanInTheDeadLetterTopicIsAbortedToo() throws Exception {
    try (RealKafka kafka =
        RealKafka.start(Map.of("transaction.partition.verification.enable", "false"))) {
      KafkaFixture sink = KafkaFixture.on(kafka).withDeadLetters();
      TopicPartition letters =
          new TopicPartition(sink.settings().deadLetterTopic().orElseThrow(), 0);
      Mirror mirror;
      try (Target.Writer writer = sink.begun()) {
        writer.write(record(0, "a", "a").with(record(0, "x", "letter")));
        mirror = mirror(writer.commit(position(1)));
      }
      plant(sink, letters);
      assertThat(isStuck(kafka, letters)).isTrue();

      try (Target.Writer next = sink.begun(mirror)) {
        assertThat(isStuck(kafka, letters)).isFalse();
        next.write(record(0, "b", "b"));
        next.commit(position(2));
      }
      assertThat(kafka.reader().committed(letters.topic()))
          .extracting(e -> e.value())
          .containsExactly("letter");
      assertThat(sink.committed()).containsExactly("a", "b");
    }
  }

  /** As a broker leaves it that was killed between its answer to a commit and its markers. */
  @Test
  void aCommitThatOnlyTheCoordinatorRemembersIsCompletedAndNothingIsLostOrDoubled()
      throws Exception {
    try (RealKafka kafka =
        RealKafka.start(Map.of("transaction.partition.verification.enable", "false"))) {
      KafkaFixture sink = KafkaFixture.on(kafka);
      TopicPartition data = new TopicPartition(sink.topic(), 0);
      Mirror mirror = committedUnmarked(sink, data);
      assertThat(isStuck(kafka, data)).isTrue();
      assertThat(sink.committed()).containsExactly("a");

      try (Target.Writer next = sink.begun(mirror)) {
        assertThat(next.progress().orElseThrow().frontier()).isEqualTo(position(2));
        assertThat(isStuck(kafka, data)).isFalse();
        assertThat(sink.committed()).containsExactly("a", "orphan");
        next.write(record(0, "b", "b"));
        next.commit(position(3));
      }
      Await.until("nothing open", () -> !isStuck(kafka, data));
      assertThat(sink.committed()).containsExactly("a", "b", "orphan");
    }
  }

  @Test
  void anOrphanWhoseProgressRecordWasSentStallsTheSinkIfNobodyKnowsItsEndAndIsNeverAborted()
      throws Exception {
    try (RealKafka kafka =
        RealKafka.start(Map.of("transaction.partition.verification.enable", "false"))) {
      KafkaFixture sink = KafkaFixture.on(kafka);
      TopicPartition data = new TopicPartition(sink.topic(), 0);
      Mirror mirror = committedUnmarked(sink, data);
      try (Admin admin = kafka.admin()) {
        // As any initTransactions, it makes the coordinator forget how the last one ended.
        admin.fenceProducers(List.of(sink.settings().outsideId())).all().get();
      }
      for (int attempt = 0; attempt < 2; attempt++) {
        Failure failure = failureOf(() -> sink.begun(mirror));
        assertThat(failure.code()).isEqualTo(Code.PREREQUISITE);
        assertThat(failure.message())
            .startsWith("Kafka has lost the end of a transaction of this sink: producer id ")
            .endsWith("of " + data);
        assertThat(failure.detail()).contains("may have been committed");
        assertThat(failure.hint()).contains("kafka-transactions.sh");
        assertThat(isStuck(kafka, data)).as("it is still open").isTrue();
        assertThat(sink.committed()).containsExactly("a");
      }
    }
  }

  /** Each crash strikes as soon as the commit is answered, with its markers still to be written. */
  @Test
  @Tag("full")
  void aBrokerKilledRightAfterItsAnswerToACommitLosesAndDoublesNothing() throws Exception {
    try (RealKafka kafka = RealKafka.start()) {
      KafkaFixture sink = KafkaFixture.on(kafka);
      Mirror mirror = Mirror.EMPTY;
      List<String> expected = new ArrayList<>();
      for (int round = 0; round < 20; round++) {
        try (Target.Writer writer = sink.begun(mirror)) {
          for (int partition = 0; partition < 2; partition++) {
            String text = "%02d-%d".formatted(round, partition);
            writer.write(record(partition, text, text));
            expected.add(text);
          }
          mirror = mirror(writer.commit(position(round + 1)));
          kafka.kill();
        }
        kafka.up();
      }
      try (Target.Writer last = sink.begun(mirror)) {
        assertThat(last.progress().orElseThrow().frontier()).isEqualTo(position(20));
      }
      assertThat(sink.committed()).isEqualTo(expected);
    }
  }

  /**
   * A transaction that holds a data record and a progress record, committed, and of which the data
   * partition has not heard.
   */
  private static Mirror committedUnmarked(KafkaFixture sink, TopicPartition data) throws Exception {
    try (Target.Writer writer = sink.begun()) {
      writer.write(record(0, "a", "a"));
      writer.commit(position(1));
      plant(sink, data);
      // Of the planted record's transaction the coordinator knows only the progress record.
      return mirror(writer.commit(position(2)));
    }
  }

  private static boolean isStuck(RealKafka kafka, TopicPartition partition) {
    return !kafka
        .reader()
        .ends(partition.topic(), true)
        .equals(kafka.reader().ends(partition.topic(), false));
  }

  /** Sends one record in the sink's transactional id without telling its coordinator. */
  private static void plant(KafkaFixture sink, TopicPartition at) throws Exception {
    String id = sink.settings().outsideId();
    TransactionDescription known;
    ProducerState seen;
    try (Admin admin = sink.kafka().admin()) {
      known = admin.describeTransactions(List.of(id)).description(id).get();
      seen =
          admin.describeProducers(List.of(at)).partitionResult(at).get().activeProducers().get(0);
    }
    int sequence = known.producerEpoch() == seen.producerEpoch() ? seen.lastSequence() + 1 : 0;
    byte[] text = "orphan".getBytes(StandardCharsets.UTF_8);
    MemoryRecords records =
        MemoryRecords.withTransactionalRecords(
            Compression.NONE,
            known.producerId(),
            (short) known.producerEpoch(),
            sequence,
            new SimpleRecord(text, text));
    ProduceRequestData.TopicProduceData topic =
        new ProduceRequestData.TopicProduceData()
            .setName(at.topic())
            .setPartitionData(
                List.of(
                    new ProduceRequestData.PartitionProduceData()
                        .setIndex(at.partition())
                        .setRecords(records)));
    ProduceRequestData request =
        new ProduceRequestData()
            .setTransactionalId(id)
            .setAcks((short) -1)
            .setTimeoutMs(10_000)
            .setTopicData(
                new ProduceRequestData.TopicProduceDataCollection(List.of(topic).iterator()));
    ByteBuffer bytes =
        new ProduceRequest.Builder(BEFORE_TRANSACTION_V2, BEFORE_TRANSACTION_V2, request)
            .build(BEFORE_TRANSACTION_V2)
            .serializeWithHeader(
                new RequestHeader(ApiKeys.PRODUCE, BEFORE_TRANSACTION_V2, "orphan", 1));
    String[] address = sink.kafka().bootstrap().split(":");
    try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(bytes.remaining());
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readNBytes(in.readInt());
    }
  }
}
