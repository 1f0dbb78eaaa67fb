package akkasinks.cluster;

import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.Definition;
import akkasinks.catalog.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions for tests: one source, one broker, any number of sinks. */
final class Shop {
  private Shop() {}

  static List<CatalogEvent> connections() {
    return List.of(
        new CatalogEvent.ConnectionCreated(
            new Definition.PostgresConnection(
                "c1",
                "pg",
                "localhost",
                5432,
                "shop",
                Optional.of(new Value.Secret("k1")),
                "shop",
                "prefer",
                "CREATE CONNECTION pg")),
        new CatalogEvent.ConnectionCreated(
            new Definition.KafkaConnection(
                "c2",
                "kafka",
                List.of("localhost:9092"),
                "PLAINTEXT",
                "_akkasinks-progress",
                0,
                Map.of(),
                "CREATE CONNECTION kafka")),
        new CatalogEvent.SourceCreated(
            new Definition.PostgresSource(
                "r1",
                "shop",
                "c1",
                Optional.empty(),
                new Definition.Tables.All(),
                "CREATE SOURCE shop")));
  }

  static CatalogEvent.SinkCreated sink(String id) {
    return new CatalogEvent.SinkCreated(
        new Definition.Sink(
            id,
            "sink_" + id,
            "r1",
            "public",
            "orders",
            "c2",
            new Definition.Topic("orders", 0, 0, Map.of()),
            List.of("id"),
            false,
            new Definition.Format.Json(Definition.Bytes.ARRAY, Definition.Timestamps.EPOCH),
            Definition.Envelope.UPSERT,
            true,
            Optional.empty(),
            Definition.Partitioner.SEAHASH,
            "lz4",
            Definition.OnTruncate.STALL,
            new Definition.Retention(0, false),
            Map.of(),
            "CREATE SINK sink_" + id));
  }
}
