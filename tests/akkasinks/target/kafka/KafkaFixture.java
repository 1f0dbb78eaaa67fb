package akkasinks.target.kafka;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.target.Target;
import akkasinks.testing.RealKafka;
import akkasinks.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A sink of its own on a real broker: topic names and ids that no other test has. */
record KafkaFixture(RealKafka kafka, String name, KafkaSettings settings) {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Relation RELATION = new Relation(1, "public", "t", List.of());

  static final KafkaSettings.Timings QUICK =
      new KafkaSettings.Timings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  static KafkaFixture on(RealKafka kafka) {
    return on(kafka, kafka.bootstrap(), QUICK);
  }

  static KafkaFixture on(RealKafka kafka, String bootstrap, KafkaSettings.Timings timings) {
    String name = "t" + COUNT.incrementAndGet();
    return new KafkaFixture(
        kafka,
        name,
        new KafkaSettings(
            List.of(bootstrap),
            "PLAINTEXT",
            Map.of(),
            Map.of(),
            "u" + name,
            "akkasinks-test-" + name,
            "progress-" + name,
            0,
            new KafkaSettings.Topic("data-" + name, 2, 1, Map.of("cleanup.policy", "compact")),
            "lz4",
            true,
            timings,
            Path.of("target", "scratch")));
  }

  KafkaFixture with(KafkaSettings.Timings timings) {
    return new KafkaFixture(kafka, name, changed(settings.topic(), timings, settings.brokers()));
  }

  KafkaFixture with(KafkaSettings.Topic topic) {
    return new KafkaFixture(kafka, name, changed(topic, settings.timings(), settings.brokers()));
  }

  KafkaFixture at(String broker) {
    return new KafkaFixture(
        kafka, name, changed(settings.topic(), settings.timings(), List.of(broker)));
  }

  /** With a dead letter topic of its own. */
  KafkaFixture withDeadLetters() {
    return new KafkaFixture(
        kafka,
        name,
        new KafkaSettings(
            settings.brokers(),
            settings.securityProtocol(),
            settings.client(),
            settings.producer(),
            settings.sinkId(),
            settings.outsideId(),
            settings.progressTopic(),
            settings.progressReplicationFactor(),
            settings.topic(),
            settings.compression(),
            settings.upsert(),
            settings.timings(),
            settings.scratch(),
            false,
            Optional.of("dead-" + name)));
  }

  /** Another sink of the same connection: it shares the progress topic. */
  KafkaFixture neighbour(String id) {
    return new KafkaFixture(
        kafka,
        name,
        new KafkaSettings(
            settings.brokers(),
            settings.securityProtocol(),
            Map.of(),
            Map.of(),
            id,
            settings.outsideId() + id,
            settings.progressTopic(),
            0,
            settings.topic(),
            "lz4",
            true,
            settings.timings(),
            settings.scratch()));
  }

  private KafkaSettings changed(
      KafkaSettings.Topic topic, KafkaSettings.Timings timings, List<String> brokers) {
    return new KafkaSettings(
        brokers,
        settings.securityProtocol(),
        settings.client(),
        settings.producer(),
        settings.sinkId(),
        settings.outsideId(),
        settings.progressTopic(),
        settings.progressReplicationFactor(),
        topic,
        settings.compression(),
        settings.upsert(),
        timings,
        settings.scratch());
  }

  KafkaTarget target() {
    return new KafkaTarget(
        settings,
        ProducerMemory.ofHeap(),
        Clock.systemUTC(),
        new SplittableRandom(COUNT.incrementAndGet()));
  }

  /** A writer that has begun at position 0, or goes on where the record says. */
  Target.Writer begun() {
    return begun(Mirror.EMPTY);
  }

  Target.Writer begun(Mirror mirror) {
    Target.Writer writer = target().fence(mirror);
    writer.begin(writer.progress().map(r -> r.frontier()).orElse(position(0)), List.of());
    return writer;
  }

  String topic() {
    return settings.topic().name();
  }

  String progressTopic() {
    return settings.progressTopic();
  }

  List<String> committed() {
    return kafka.reader().committed(settings.topic().name()).stream()
        .map(TopicReader.Entry::value)
        .sorted()
        .toList();
  }

  static Mirror mirror(Target.Committed committed) {
    return new Mirror(
        Optional.of(committed.record()), committed.offset(), committed.record().incarnation());
  }

  static PostgresPosition position(long end) {
    return PostgresPosition.of("sys", 1, "slot", end);
  }

  /** One record per text, key and value alike, spread over two partitions. */
  static Messages messages(String... texts) {
    Messages messages = new Messages(Batch.empty(RELATION, position(0), false));
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      messages.add(bytes, bytes);
    }
    messages.partition(
        (all, from, to) ->
            Math.floorMod(new String(all, from, to - from, StandardCharsets.UTF_8).hashCode(), 2));
    return messages;
  }

  static Messages record(int partition, String key, @Nullable String value) {
    Messages messages = new Messages(Batch.empty(RELATION, position(0), false));
    messages.add(
        key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    messages.partition((_, _, _) -> partition);
    return messages;
  }

  static Failure failureOf(ThrowingCallable call) {
    FailureException thrown = Assertions.catchThrowableOfType(FailureException.class, call);
    Assertions.assertThat(thrown).as("a failure").isNotNull();
    return thrown.failure();
  }
}
