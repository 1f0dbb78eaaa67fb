package akkasinks.target.kafka;

import static akkasinks.target.kafka.KafkaFixture.failureOf;
import static akkasinks.target.kafka.KafkaFixture.messages;
import static akkasinks.target.kafka.KafkaFixture.mirror;
import static akkasinks.target.kafka.KafkaFixture.position;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.change.Relation;
import akkasinks.cli.embedded.FreePort;
import akkasinks.progress.Mirror;
import akkasinks.target.Target;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a sink refuses to go on over, and what its author is told beforehand. */
class KafkaStallsTest {
  private final RealKafka kafka = RealKafka.shared();
  private final KafkaFixture sink = KafkaFixture.on(kafka);
  private final String progress = sink.settings().progressTopic();
  private final String data = sink.settings().topic().name();

  @Test
  void aDeletedProgressTopicIsNeverMadeAgain() throws Exception {
    Mirror mirror = committed();
    delete(progress);
    assertLost("is gone", mirror);
    try (Admin admin = kafka.admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain(progress);
    }
  }

  @Test
  void aProgressTopicMadeAnewIsNotTaken() throws Exception {
    Mirror mirror = committed();
    delete(progress);
    kafka.createTopic(progress, 1, Map.of("cleanup.policy", "compact"));
    assertLost("was made anew", mirror);
  }

  @Test
  void aProgressTopicMustHaveOnePartition() throws Exception {
    Mirror mirror = committed();
    try (Admin admin = kafka.admin()) {
      admin.createPartitions(Map.of(progress, NewPartitions.increaseTo(2))).all().get();
    }
    Await.until("partitions", () -> failureOf(() -> sink.target().inspect()) != null);
    assertLost("has 2 partitions", mirror);
  }

  @Test
  void aProgressTopicThatForgetsIsRefused() throws Exception {
    Mirror mirror = committed();
    policy(progress, "compact,delete");
    assertLost("must have exactly \"compact\"", mirror);
    try (Admin admin = kafka.admin()) {
      TopicPartition only = new TopicPartition(progress, 0);
      admin.deleteRecords(Map.of(only, RecordsToDelete.beforeOffset(1))).all().get();
    }
    policy(progress, "compact");
    assertLost("must begin at 0", mirror);
  }

  @Test
  void aMirrorThatSawMoreThanTheTopicHoldsStalls() {
    Mirror mirror = committed();
    assertLost("offset 5", new Mirror(mirror.record(), mirror.offset() + 50, 1));
    assertLost(
        "lost records",
        new Mirror(mirror.record().map(r -> r.at(position(99))), mirror.offset(), 1));
  }

  @Test
  void brokersThatCannotCoordinateTransactionsAreToldFromBrokersThatAreAway() {
    try (RealKafka alone =
        RealKafka.start(Map.of("transaction.state.log.replication.factor", "3"))) {
      KafkaFixture stuck =
          KafkaFixture.on(
              alone,
              alone.bootstrap(),
              new KafkaSettings.Timings(
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(30)));
      stuck.target().inspect();
      Failure failure = failureOf(() -> stuck.target().fence(Mirror.EMPTY));
      assertThat(failure.code()).isEqualTo(Code.UNREACHABLE);
      assertThat(failure.message()).contains("looking up transactional id");
      assertThat(failure.hint()).contains("transaction.state.log.replication.factor");
    }
  }

  @Test
  void aStaleMirrorCostsNothingButTime() {
    Mirror first;
    try (Target.Writer writer = sink.target().fence(Mirror.EMPTY)) {
      first = mirror(writer.begin(position(0), List.of()));
      writer.commit(position(1));
      writer.commit(position(2));
    }
    try (Target.Writer next = sink.target().fence(first)) {
      assertThat(next.progress().orElseThrow().frontier()).isEqualTo(position(2));
    }
  }

  @Test
  void aDeletedDataTopicIsNeverMadeAgain() throws Exception {
    Mirror mirror = committed();
    delete(data);
    assertLost("topic \"" + data + "\" is gone", mirror);
    kafka.createTopic(data, 2, Map.of());
    assertLost("deleted and made anew", mirror);
  }

  @Test
  void aDataTopicMadeAnewUnderARunningWriterStopsIt() throws Exception {
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a", "b"));
      writer.commit(position(1));
      writer.write(messages("a", "b"));
      writer.commit(position(2));
      delete(data);
      kafka.createTopic(data, 2, Map.of());
      Failure failure =
          failureOf(
              () -> {
                writer.write(messages("a", "b"));
                writer.commit(position(3));
              });
      assertThat(failure.code()).isIn(Code.HISTORY_CHANGED, Code.UNREACHABLE);
    }
    assertThat(sink.committed()).isEmpty();
  }

  @Test
  void moreDataPartitionsAreSeenWhileRunning() throws Exception {
    KafkaFixture eager = sink.with(KafkaFixture.QUICK.refreshing(Duration.ofMillis(50)));
    try (Target.Writer writer = eager.begun()) {
      try (Admin admin = kafka.admin()) {
        admin.createPartitions(Map.of(data, NewPartitions.increaseTo(3))).all().get();
      }
      Await.until("three partitions", () -> writer.partitions(Relation.NONE) == 3);
      assertThat(writer.endOffsets(Relation.NONE)).hasSize(3);
    }
  }

  @Test
  void somebodyElsesOpenTransactionDoesNotHideOurLastRecord() {
    Mirror mirror = committed();
    try (Producer<byte[], byte[]> stranger = stranger()) {
      send(stranger, "stranger");
      try (Target.Writer next = sink.target().fence(mirror)) {
        assertThat(next.progress()).isEqualTo(mirror.record());
      }
    }
  }

  @Test
  void whoHidesOurLastRecordIsNamed() {
    committed();
    KafkaFixture hasty =
        sink.with(
            new KafkaSettings.Timings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30)));
    try (Producer<byte[], byte[]> stranger = stranger()) {
      send(stranger, "stranger");
      sink.begun().close();
      Failure failure = failureOf(() -> hasty.target().fence(Mirror.EMPTY));
      assertThat(failure.code()).isEqualTo(Code.BUSY);
      assertThat(failure.detail()).contains("producer id").contains("of " + progress);
      stranger.abortTransaction();
    }
    try (Target.Writer next = sink.target().fence(Mirror.EMPTY)) {
      assertThat(next.progress().orElseThrow().incarnation()).isEqualTo(2);
    }
  }

  @Test
  void anUncompactedUpsertTopicAndAFullOneAreNoticed() {
    kafka.createTopic(data, 1, Map.of("cleanup.policy", "delete"));
    try (Producer<byte[], byte[]> stranger = stranger()) {
      stranger.beginTransaction();
      stranger.send(new ProducerRecord<>(data, 0, new byte[1], new byte[1]));
      stranger.commitTransaction();
    }
    assertThat(sink.target().inspect())
        .extracting(Notice::message)
        .containsExactly(
            "topic \"" + data + "\" exists and is not as TOPIC CONFIG asks",
            "topic \"" + data + "\" is not compacted although the sink is ENVELOPE UPSERT",
            "topic \"" + data + "\" is not empty");
    assertThat(sink.target().inspect().get(1).hint()).contains("'cleanup.policy'");
  }

  @Test
  void aTopicThatTheBrokerWouldMakeUncompactedIsNoticedBeforehand() throws Exception {
    KafkaFixture plain = sink.with(new KafkaSettings.Topic(data, 0, 0, Map.of()));
    assertThat(plain.target().inspect())
        .extracting(Notice::message)
        .anyMatch(m -> m.contains("not compacted"));
    assertThat(sink.target().inspect()).isEmpty();
    try (Admin admin = kafka.admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain(data, progress);
    }
  }

  @Test
  void aBrokerThatIsNotThereIsSaidSoWithAddressTimeAndCause() {
    String nowhere = "127.0.0.1:" + FreePort.next();
    KafkaFixture lost =
        sink.at(nowhere)
            .with(
                new KafkaSettings.Timings(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1)));
    for (Failure failure :
        List.of(
            failureOf(() -> lost.target().inspect()), failureOf(() -> lost.target().forget()))) {
      assertThat(failure.code()).isEqualTo(Code.UNREACHABLE);
      assertThat(failure.message()).contains(nowhere).contains("within 1 s");
      assertThat(failure.detail()).contains("ConnectException");
    }
    assertThat(failureOf(() -> lost.target().fence(Mirror.EMPTY)).code())
        .isEqualTo(Code.UNREACHABLE);
  }

  @Test
  void aTransactionLongerThanTheBrokerAllowsIsRefusedAtCreate() {
    KafkaFixture endless =
        sink.with(
            new KafkaSettings.Timings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                Duration.ofSeconds(30)));
    Failure failure = failureOf(() -> endless.target().inspect());
    assertThat(failure.code()).isEqualTo(Code.PREREQUISITE);
    assertThat(failure.message()).contains("3600000").contains("900000");
  }

  @Test
  void theProgressTopicIsNoDataTopic() {
    KafkaFixture mixed = sink.with(new KafkaSettings.Topic(progress, 1, 1, Map.of()));
    assertThat(failureOf(() -> mixed.target().inspect()).code()).isEqualTo(Code.INVALID_PARAMETER);
  }

  @Test
  void secretsAreInNoText() {
    KafkaSettings secret =
        new KafkaSettings(
            List.of("h:1"),
            "SASL_SSL",
            Map.of("sasl.username", "u", "sasl.password", "s3cret\"x"),
            Map.of(),
            "u1",
            "o",
            "p",
            0,
            sink.settings().topic(),
            "lz4",
            true,
            KafkaFixture.QUICK,
            sink.settings().scratch());
    assertThat(secret.toString()).doesNotContain("s3cret").contains("sasl.password");
    assertThat(secret.common().get("sasl.jaas.config"))
        .isEqualTo(
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"u\" password=\"s3cret\\\"x\";");
  }

  private Mirror committed() {
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a"));
      return mirror(writer.commit(position(1)));
    }
  }

  private void assertLost(String text, Mirror mirror) {
    Failure failure = failureOf(() -> sink.target().fence(mirror));
    assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(failure.message()).contains(text);
    assertThat(failure.hint()).isNotEmpty();
  }

  private void delete(String topic) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
      Await.until("topic gone", () -> !admin.listTopics().names().get().contains(topic));
    }
  }

  private void policy(String topic, String policy) throws Exception {
    try (Admin admin = kafka.admin()) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      admin
          .incrementalAlterConfigs(
              Map.of(
                  resource,
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET))))
          .all()
          .get();
      Await.until(
          "the policy",
          () ->
              Optional.of(admin.describeConfigs(List.of(resource)).all().get().get(resource))
                  .map(c -> c.get("cleanup.policy").value())
                  .equals(Optional.of(policy)));
    }
  }

  private Producer<byte[], byte[]> stranger() {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "transactional.id",
                "stranger-" + sink.name()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private void send(Producer<byte[], byte[]> producer, String key) {
    producer.beginTransaction();
    producer.send(
        new ProducerRecord<>(progress, 0, key.getBytes(StandardCharsets.UTF_8), new byte[0]));
    producer.flush();
  }
}
