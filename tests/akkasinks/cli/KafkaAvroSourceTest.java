package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealRegistry;
import akkasinks.testing.TopicWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Avro topics as sources, by SQL, against a real registry: what sinks wrote comes back whole. */
final class KafkaAvroSourceTest {
  private static final RealKafka KAFKA = RealKafka.shared();
  private static final String COLUMNS =
      "(id int8, name text, amount numeric, day date, at timestamp, ok bool, raw bytea, doc jsonb,"
          + " PRIMARY KEY (id) NOT ENFORCED)";

  @Test
  void whatAnAvroSinkWroteIsReadBack(@TempDir Path dir) {
    try (var node = RealNode.start(dir, Map.of())) {
      node.connect(KAFKA);
      node.connect(RealRegistry.shared());
      KAFKA.createTopic("avro-json", 1, Map.of());
      try (var writer = new TopicWriter(KAFKA.bootstrap(), "avro-json")) {
        writer
            .begin()
            .send(
                "{\"id\":1}",
                "{\"name\":\"ü\",\"amount\":12.50,\"day\":\"2026-01-31\","
                    + "\"at\":\"2026-01-31T01:02:03.000004\",\"ok\":true,\"raw\":[1,255],"
                    + "\"doc\":{\"a\":[1]}}")
            .send("{\"id\":2}", "{}")
            .send("{\"id\":3}", "{\"name\":\"gone\"}")
            .send("{\"id\":3}", null)
            .commit();
      }
      node.sql(
          """
          CREATE SOURCE plain %1$s FROM KAFKA CONNECTION kafka (TOPIC 'avro-json')
            KEY FORMAT JSON VALUE FORMAT JSON ENVELOPE UPSERT;
          CREATE SINK written FROM plain INTO KAFKA CONNECTION kafka (TOPIC 'avro-mid') KEY (id)
            FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr ENVELOPE UPSERT;
          """
              .formatted(COLUMNS));
      KAFKA.reader().awaitCommitted("avro-mid", 4);
      node.sql(
          """
          CREATE SOURCE back %1$s FROM KAFKA CONNECTION kafka (TOPIC 'avro-mid')
            KEY FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr
            VALUE FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr ENVELOPE UPSERT;
          CREATE SINK compared FROM back INTO KAFKA CONNECTION kafka (TOPIC 'avro-out') KEY (id)
            FORMAT JSON ENVELOPE UPSERT;
          CREATE SINK expected FROM plain INTO KAFKA CONNECTION kafka (TOPIC 'avro-expected')
            KEY (id) FORMAT JSON ENVELOPE UPSERT;
          """
              .formatted(COLUMNS));
      KAFKA.reader().awaitCommitted("avro-expected", 4);
      KAFKA.reader().awaitCommitted("avro-out", 4);
      assertThat(records("avro-out")).isEqualTo(records("avro-expected"));
      node.sql("ALTER CONNECTION csr RENAME TO registry");
      assertThat(node.rows("SHOW CREATE SOURCE back").toString())
          .contains("VALUE FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION registry");
      assertThat(node.refused("DROP CONNECTION registry").path("message").asText())
          .contains("still depended upon by", "source \"back\"");
      node.sql("DROP SINK compared; DROP SINK expected; DROP SINK written");
      Await.until("nothing is owed", () -> node.rows("SHOW DEBTS").isEmpty());
    }
  }

  /** Avro gives each decimal of a column the same scale. */
  private static List<String> records(String topic) {
    return KAFKA.reader().committed(topic).stream()
        .map(e -> e.key() + " = " + String.valueOf(e.value()).replaceAll("(\\.50)0+\"", "$1\""))
        .toList();
  }
}
