package akkasinks.testing;

import akkasinks.catalog.Definition;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Value;
import akkasinks.testing.RealPostgres.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Sinks for tests below the catalog, each of an installation of its own. */
public final class SinkDefinitions {
  private SinkDefinitions() {}

  /** Table {@code public.table}, KEY (id), JSON, into a topic of its own with three partitions. */
  public static ResolvedSink json(
      RealKafka kafka,
      Database database,
      String table,
      String topic,
      Envelope envelope,
      boolean snapshot,
      OnTruncate onTruncate) {
    var from =
        new Definition.PostgresConnection(
            "c1",
            "pg",
            database.host(),
            database.port(),
            database.user(),
            Optional.of(new Value.Text(database.password())),
            database.name(),
            "disable",
            "");
    var into =
        new Definition.KafkaConnection(
            "c2",
            "kafka",
            List.of(kafka.bootstrap()),
            "PLAINTEXT",
            "progress-" + topic,
            1,
            Map.of(),
            "");
    var source =
        new Definition.PostgresSource(
            "s1", "shop", "c1", Optional.empty(), new Definition.Tables.All(), "");
    var sink =
        new Definition.Sink(
            "k1",
            topic,
            "s1",
            "public",
            table,
            "c2",
            new Definition.Topic(topic, 3, 1, Map.of("cleanup.policy", "compact")),
            List.of("id"),
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
            "");
    return new ResolvedSink(UUID.randomUUID().toString(), sink, source, from, into);
  }
}
