package akkasinks.testing;

import akkasinks.catalog.Definition;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkDetails;
import akkasinks.catalog.Tls;
import akkasinks.catalog.Value;
import akkasinks.testing.RealPostgres.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Sinks for tests below SQL: all of JSON, with the defaults that a statement would give them. */
public final class SinkDefinitions {
  private SinkDefinitions() {}

  /**
   * Table {@code public.table}, KEY (id), into a topic of its own with three partitions; of an
   * installation of its own.
   */
  public static ResolvedSink json(
      RealKafka kafka,
      Database database,
      String table,
      String topic,
      Envelope envelope,
      boolean snapshot,
      OnTruncate onTruncate) {
    return new ResolvedSink(
        UUID.randomUUID().toString(),
        sink(
            "s1",
            topic,
            table,
            new Definition.Topic(topic, 3, 1, Map.of("cleanup.policy", "compact")),
            List.of("id"),
            envelope,
            snapshot,
            onTruncate),
        source(),
        new PostgresConnection(
            "c1",
            "pg",
            database.host(),
            database.port(),
            database.user(),
            Optional.of(new Value.Text(database.password())),
            database.name(),
            "disable",
            Tls.NONE,
            Optional.empty(),
            "CREATE CONNECTION pg"),
        kafka(kafka.bootstrap(), "progress-" + topic));
  }

  /**
   * A sink of systems that nobody connects to, for tests over fakes. Its password is secret {@code
   * k1}; table and topic have one name. Differs from another only by what is given here.
   */
  public static ResolvedSink unconnected(
      String id, String table, List<String> key, Envelope envelope, boolean snapshot) {
    return new ResolvedSink(
        "00000000-0000-0000-0000-000000000000",
        sink(
            id,
            "sink_" + id,
            table,
            new Definition.Topic(table, 1, 1, Map.of()),
            key,
            envelope,
            snapshot,
            OnTruncate.STALL),
        source(),
        new PostgresConnection(
            "c1",
            "pg",
            "nowhere",
            1,
            "shop",
            Optional.of(new Value.Secret("k1")),
            "shop",
            "disable",
            Tls.NONE,
            Optional.empty(),
            "CREATE CONNECTION pg"),
        kafka("nowhere:1", "progress"));
  }

  /** As above, of table {@code orders} with KEY (id), ENVELOPE UPSERT. */
  public static ResolvedSink unconnected(String id) {
    return unconnected(id, "orders", List.of("id"), Envelope.UPSERT, true);
  }

  private static Sink sink(
      String id,
      String name,
      String table,
      Definition.Topic topic,
      List<String> key,
      Envelope envelope,
      boolean snapshot,
      OnTruncate onTruncate) {
    return new Sink(
        id,
        name,
        "r1",
        "public",
        table,
        "c2",
        topic,
        key,
        false,
        new Definition.Format.Json(Definition.Bytes.ARRAY, Definition.Timestamps.EPOCH),
        envelope,
        snapshot,
        Optional.empty(),
        Definition.Partitioner.SEAHASH,
        "lz4",
        onTruncate,
        new Definition.Retention(0, false),
        Map.of(),
        SinkDetails.NONE,
        "CREATE SINK " + name);
  }

  private static PostgresSource source() {
    return new PostgresSource(
        "r1", "shop", "c1", Optional.empty(), new Definition.Tables.All(), "CREATE SOURCE shop");
  }

  private static KafkaConnection kafka(String brokers, String progressTopic) {
    return new KafkaConnection(
        "c2",
        "kafka",
        List.of(brokers),
        "PLAINTEXT",
        progressTopic,
        1,
        Map.of(),
        "CREATE CONNECTION kafka");
  }
}
