package akkasinks.source.kafka;

import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.KafkaSource.Declared;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.catalog.KafkaSource.Input;
import akkasinks.catalog.KafkaSource.OnBadRecord;
import akkasinks.catalog.KafkaSource.Start;
import akkasinks.change.Type;
import akkasinks.testing.RealKafka;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sources over the shared broker, of what a test varies. */
final class Sources {
  private Sources() {}

  static final KafkaSource LINES =
      new KafkaSource(
          "r1",
          "lines",
          "c1",
          "",
          List.of(new Declared("text", Type.Scalar.TEXT, true)),
          List.of(),
          Optional.empty(),
          new Encoding.Text(),
          Input.NONE,
          List.of(),
          new Start.Earliest(),
          OnBadRecord.STALL,
          "");

  static KafkaSource rows(Input envelope, OnBadRecord onBad) {
    boolean upsert = envelope == Input.UPSERT;
    return new KafkaSource(
        "r1",
        "rows",
        "c1",
        "",
        List.of(
            new Declared("id", Type.Scalar.INT8, true),
            new Declared("name", Type.Scalar.TEXT, true)),
        List.of("id"),
        upsert ? Optional.of(new Encoding.Json()) : Optional.empty(),
        new Encoding.Json(),
        envelope,
        List.of(),
        new Start.Earliest(),
        onBad,
        "");
  }

  static TopicSource of(KafkaSource definition, String topic) {
    return of(definition, topic, definition.start(), true);
  }

  static TopicSource of(KafkaSource definition, String topic, Start start, boolean snapshot) {
    return over(RealKafka.shared(), definition, topic, start, snapshot);
  }

  /** Over a broker that a test has for itself. */
  static TopicSource over(RealKafka kafka, KafkaSource definition, String topic) {
    return over(kafka, definition, topic, definition.start(), true);
  }

  private static TopicSource over(
      RealKafka kafka, KafkaSource definition, String topic, Start start, boolean snapshot) {
    var named =
        new KafkaSource(
            definition.id(),
            definition.name(),
            definition.connectionId(),
            topic,
            definition.columns(),
            definition.key(),
            definition.keyEncoding(),
            definition.encoding(),
            definition.envelope(),
            definition.included(),
            start,
            definition.onBadRecord(),
            "");
    return new TopicSource(
        new TopicSpec(
            Map.of("bootstrap.servers", kafka.bootstrap()),
            "test-" + topic,
            named,
            List.of(),
            snapshot,
            id -> {
              throw new AssertionError("no registry here: " + id);
            },
            InstantSource.system()));
  }
}
