package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealRegistry;
import akkasinks.testing.TopicWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics of Protobuf and Avro as sources, their columns by their schemas. */
final class KafkaProtobufSourceTest {
  private static final RealKafka KAFKA = RealKafka.shared();

  @TempDir static Path dir;
  private static RealNode node;

  @BeforeAll
  static void start() {
    node = RealNode.start(dir, Map.of());
    node.connect(KAFKA);
    node.connect(RealRegistry.shared());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static void json(String topic) {
    KAFKA.createTopic(topic, 1, Map.of());
    try (var writer = new TopicWriter(KAFKA.bootstrap(), topic)) {
      writer
          .begin()
          .send("{\"id\":1}", "{\"name\":\"ü\",\"at\":\"2026-01-31T01:02:03Z\",\"tags\":[1]}")
          .send("{\"id\":2}", "{}")
          .send("{\"id\":2}", null)
          .commit();
    }
    node.sql(
        """
        CREATE SOURCE %1$s_in (id int8 NOT NULL, name text, at timestamptz, tags jsonb,
            PRIMARY KEY (id) NOT ENFORCED)
          FROM KAFKA CONNECTION kafka (TOPIC '%1$s') KEY FORMAT JSON VALUE FORMAT JSON
          ENVELOPE UPSERT
        """
            .formatted(topic));
  }

  private static List<String> records(String topic, int count) {
    return KAFKA.reader().awaitCommitted(topic, count).stream()
        .map(e -> e.key() + " = " + e.value())
        .toList();
  }

  /** What a sink of ours wrote is read back without one column declared. */
  @Test
  void aTopicOfARegistryTellsItsColumnsItself() {
    for (String format : List.of("AVRO", "PROTOBUF")) {
      String topic = "self-" + format.toLowerCase(java.util.Locale.ROOT);
      String name = topic.replace('-', '_');
      json(name);
      node.sql(
          """
          CREATE SINK %1$s_w FROM %1$s_in INTO KAFKA CONNECTION kafka (TOPIC '%2$s') KEY (id)
            FORMAT %3$s USING CONFLUENT SCHEMA REGISTRY CONNECTION csr ENVELOPE UPSERT
          """
              .formatted(name, topic, format));
      KAFKA.reader().awaitCommitted(topic, 3);
      node.sql(
          """
          CREATE SOURCE %1$s_back FROM KAFKA CONNECTION kafka (TOPIC '%2$s')
            KEY FORMAT %3$s USING CONFLUENT SCHEMA REGISTRY CONNECTION csr
            VALUE FORMAT %3$s USING CONFLUENT SCHEMA REGISTRY CONNECTION csr
            ENVELOPE UPSERT;
          CREATE SINK %1$s_out FROM %1$s_back INTO KAFKA CONNECTION kafka (TOPIC '%1$s_out')
            KEY (key) FORMAT JSON (TIMESTAMP = 'iso') ENVELOPE UPSERT
          """
              .formatted(name, topic, format));
      assertThat(node.rows("SHOW CREATE SOURCE " + name + "_back").toString())
          .contains("id int8", "name text", "tags");
      var out = records(name + "_out", 3);
      assertThat(out).hasSize(3);
      assertThat(out.getFirst())
          .startsWith("{\"key\":{\"id\":1}} = {\"key\":{\"id\":1},\"id\":1,\"name\":\"ü\"")
          .contains("2026-01-31", "01:02:03", "[1]");
      assertThat(out.getLast()).isEqualTo("{\"key\":{\"id\":2}} = null");
    }
  }

  private static void send(String topic, byte @Nullable [] value) {
    try (var writer = new TopicWriter(KAFKA.bootstrap(), topic)) {
      writer.begin().send(new ProducerRecord<>(topic, null, value)).commit();
    }
  }

  @Test
  void messagesOfAGivenSchemaAreReadAndABadOneStallsTheSinkAndIsNamed() {
    KAFKA.createTopic("proto-given", 1, Map.of());
    send("proto-given", new byte[] {8, 7, 0x12, 2, 'h', 'i'});
    send("proto-given", new byte[0]);
    String schema =
        "syntax = \"proto3\"; package shop; message Order { int32 id = 1; optional string note = 2;"
            + " }";
    node.sql(
        """
        CREATE SOURCE given FROM KAFKA CONNECTION kafka (TOPIC 'proto-given')
          FORMAT PROTOBUF MESSAGE 'shop.Order' USING SCHEMA '%s' INCLUDE OFFSET;
        CREATE SINK given_out FROM given INTO KAFKA CONNECTION kafka (TOPIC 'proto-given-out')
          FORMAT JSON ENVELOPE APPEND
        """
            .formatted(schema));
    assertThat(records("proto-given-out", 2))
        .containsExactly(
            "null = {\"id\":7,\"note\":\"hi\",\"offset\":0}",
            "null = {\"id\":0,\"note\":null,\"offset\":2}");
    send("proto-given", new byte[] {8});
    assertThat(
            Await.until(
                "it stalls",
                () -> node.rows("DESCRIBE SINK given_out").toString(),
                text -> text.contains("cannot be read")))
        .contains("proto-given", "offset 4", "it ends too early");
    String shown = node.rows("SHOW CREATE SOURCE given").toString();
    assertThat(shown).contains("FORMAT PROTOBUF (MESSAGE = 'shop.Order', SCHEMA = 'syntax");
    refused(
        "CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'proto-given') FORMAT PROTOBUF MESSAGE"
            + " 'shop.Ordr' USING SCHEMA '"
            + schema
            + "'",
        "it has no message \"shop.Ordr\"");
    refused(
        "CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'proto-given') FORMAT PROTOBUF",
        "FORMAT PROTOBUF must say where its schema is");
    refused(
        "CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'proto-given') FORMAT PROTOBUF USING"
            + " CONFLUENT SCHEMA REGISTRY CONNECTION csr",
        "the schema registry has no subject \"proto-given-value\"");
    node.sql("DROP SINK given_out");
  }

  private static void refused(String statement, String message) {
    assertThat(node.refused(statement).toString()).contains(message.replace("\"", "\\\""));
  }
}
