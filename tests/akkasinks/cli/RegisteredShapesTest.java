package akkasinks.cli;

import static akkasinks.cli.AvroShop.decoded;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.format.protobuf.Descriptors;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.TopicReader.Entry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every shape that a sink can have, with schemas in a real registry: headers, choices of columns,
 * envelopes, and formats of key and value that differ.
 */
final class RegisteredShapesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AVRO = "AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr";
  private static final String PROTOBUF = "PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION csr";

  @TempDir static Path dir;
  private static AvroShop shop;

  @BeforeAll
  static void start() throws SQLException {
    shop = AvroShop.start(dir, "registered_shapes");
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  /** A table, a sink and a topic of one name and partition; its records when there are so many. */
  private static List<Entry> sink(String name, String clauses, int records) throws SQLException {
    shop.database()
        .execute(
            "CREATE TABLE " + name + " (id int PRIMARY KEY, note text, tags jsonb)",
            "ALTER TABLE " + name + " REPLICA IDENTITY FULL",
            "INSERT INTO " + name + " VALUES (1, 'one', '{\"a\": \"x\"}'), (2, 'two', NULL)");
    shop.node()
        .sql(
            "CREATE SINK %s FROM shop.%s INTO KAFKA CONNECTION kafka (TOPIC '%s', TOPIC PARTITION"
                    .formatted(name, name, name)
                + " COUNT 1) "
                + clauses);
    return records(name, records);
  }

  private static List<Entry> records(String topic, int count) {
    return RealKafka.shared().reader().awaitCommitted(topic, count);
  }

  private static String verified(String sink) {
    return Await.until(
        "it is verified",
        () -> shop.node().sql("VERIFY SINK " + sink).toString(),
        text -> text.contains("result"));
  }

  /** By the schema that the registry has under the id in the message. */
  private static String protobuf(byte @Nullable [] message) {
    int id = AvroShop.id(message);
    try {
      var answer = AvroShop.REGISTRY.request("GET", "/schemas/ids/" + id, "").body();
      return Descriptors.read(JSON.readTree(answer).path("schema").asText(), id, message)
          .toString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void columnsAreLeftOutOfTheSchemaAndHeadersStay() throws SQLException {
    var records =
        sink(
            "rs_omit",
            "KEY (id) HEADERS tags OMIT COLUMNS (tags) FORMAT " + AVRO + " ENVELOPE UPSERT",
            2);
    assertThat(decoded(records.getFirst().valueBytes()))
        .hasToString("{\"id\": 1, \"note\": \"one\"}");
    assertThat(records.getFirst().headers()).containsEntry("a", "x");
    shop.database().execute("DELETE FROM rs_omit WHERE id = 1");
    var gone = records("rs_omit", 3).getLast();
    assertThat(gone.valueBytes()).isNull();
    assertThat(gone.headers()).containsEntry("a", "x");
    assertThat(verified("rs_omit")).contains("[\"result\",\"equal\"]");
    assertThat(
            shop.node()
                .rows(
                    "EXPLAIN VALUE SCHEMA FOR CREATE SINK FROM shop.rs_omit INTO KAFKA CONNECTION"
                        + " kafka (TOPIC 'x') KEY (id) OMIT COLUMNS (tags) FORMAT "
                        + AVRO
                        + " ENVELOPE UPSERT")
                .toString())
        .contains("\"note\"")
        .doesNotContain("tags");
  }

  @Test
  void onlyTheColumnsThatAreAskedForAreInAProtobufMessage() throws SQLException {
    var records =
        sink(
            "rs_include",
            "KEY (id) INCLUDE COLUMNS (note) FORMAT "
                + PROTOBUF
                + " (PROTOBUF VALUE MESSAGE 'shop.Note') ENVELOPE DEBEZIUM (TOMBSTONES)",
            2);
    assertThat(protobuf(records.getFirst().valueBytes()))
        .isEqualTo("after {\n  note: \"one\"\n}\n");
    shop.database().execute("DELETE FROM rs_include WHERE id = 1");
    var later = records("rs_include", 4);
    assertThat(protobuf(later.get(2).valueBytes())).isEqualTo("before {\n  note: \"one\"\n}\n");
    assertThat(later.get(3).valueBytes()).isNull();
    assertThat(protobuf(later.get(3).keyBytes())).isEqualTo("id: 1\n");
    assertThat(verified("rs_include")).contains("[\"result\",\"equal\"]");
  }

  @Test
  void anAppendSinkHasASchemaAndMayHaveNoKey() throws SQLException {
    var records =
        sink("rs_append", "INCLUDE COLUMNS (note) FORMAT " + AVRO + " ENVELOPE APPEND", 2);
    assertThat(records.getFirst().keyBytes()).isNull();
    assertThat(decoded(records.getFirst().valueBytes())).hasToString("{\"note\": \"one\"}");
  }

  @Test
  void withoutASnapshotOnlyWhatComesLaterIsEmitted() throws SQLException {
    sink("rs_later", "KEY (id) FORMAT " + AVRO + " ENVELOPE UPSERT WITH (SNAPSHOT = false)", 0);
    Await.until("it runs", () -> shop.node().state("rs_later"), "running"::equals);
    shop.database().execute("INSERT INTO rs_later VALUES (3, 'three', NULL)");
    var records = records("rs_later", 1);
    assertThat(records).hasSize(1);
    assertThat(decoded(records.getFirst().keyBytes())).hasToString("{\"id\": 3}");
  }

  @Test
  void aTextKeyGoesWithAnAvroValue() throws SQLException {
    var records =
        sink("rs_text", "KEY (id) KEY FORMAT TEXT VALUE FORMAT " + AVRO + " ENVELOPE UPSERT", 2);
    assertThat(records.getFirst().key()).isEqualTo("1");
    assertThat(decoded(records.getFirst().valueBytes()).get("note")).hasToString("one");
    assertThat(verified("rs_text")).contains("[\"result\",\"equal\"]");
    assertThat(AvroShop.REGISTRY.request("GET", "/subjects/rs_text-key/versions", "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void anAvroKeyGoesWithAJsonValue() throws SQLException {
    var records =
        sink(
            "rs_json",
            "KEY (id) OMIT COLUMNS (tags) KEY FORMAT "
                + AVRO
                + " (AVRO KEY FULLNAME 'shop.Id') VALUE FORMAT JSON ENVELOPE DEBEZIUM",
            2);
    assertThat(decoded(records.getFirst().keyBytes())).hasToString("{\"id\": 1}");
    assertThat(decoded(records.getFirst().keyBytes()).getSchema().getFullName())
        .isEqualTo("shop.Id");
    assertThat(records.getFirst().value())
        .isEqualTo("{\"before\":null,\"after\":{\"id\":1,\"note\":\"one\"}}");
    assertThat(verified("rs_json")).contains("[\"result\",\"equal\"]");
    assertThat(
            shop.node()
                .rows("SELECT format, key_format FROM mz_sinks WHERE name = 'rs_json'")
                .getFirst())
        .containsEntry("format", "key-avro-value-json")
        .containsEntry("key_format", "avro");
  }

  @Test
  void anAvroKeyGoesWithAProtobufValue() throws SQLException {
    var records =
        sink(
            "rs_mixed",
            "KEY (id) KEY FORMAT " + AVRO + " VALUE FORMAT " + PROTOBUF + " ENVELOPE UPSERT",
            2);
    assertThat(decoded(records.getFirst().keyBytes())).hasToString("{\"id\": 1}");
    assertThat(protobuf(records.getFirst().valueBytes()))
        .isEqualTo("id: 1\nnote: \"one\"\ntags: \"{\\\"a\\\":\\\"x\\\"}\"\n");
    shop.database().execute("DELETE FROM rs_mixed WHERE id = 1");
    assertThat(records("rs_mixed", 3).getLast().valueBytes()).isNull();
    assertThat(verified("rs_mixed")).contains("[\"result\",\"equal\"]");
  }

  @Test
  void theWholeDebeziumEventInAvro() throws SQLException {
    sink(
        "rs_full",
        "KEY (id) OMIT COLUMNS (tags) FORMAT "
            + AVRO
            + " (AVRO KEY FULLNAME 'shop.Key', AVRO VALUE FULLNAME 'shop.Envelope') ENVELOPE"
            + " DEBEZIUM (FULL, TOMBSTONES)",
        2);
    shop.database()
        .execute(
            "BEGIN; UPDATE rs_full SET note = 'b' WHERE id = 1; INSERT INTO rs_full VALUES (3,"
                + " 'x'); COMMIT",
            "DELETE FROM rs_full WHERE id = 3");
    var records = records("rs_full", 6);
    assertThat(records.getLast().valueBytes()).isNull();
    var events = records.subList(0, 5).stream().map(r -> decoded(r.valueBytes())).toList();
    assertThat(events)
        .extracting(e -> e.get("op").toString())
        .containsExactly("r", "r", "u", "c", "d");
    var update = events.get(2);
    assertThat(update.get("before")).hasToString("{\"id\": 1, \"note\": \"one\"}");
    assertThat(update.get("after")).hasToString("{\"id\": 1, \"note\": \"b\"}");
    var source = (GenericRecord) update.get("source");
    assertThat(source.get("table")).hasToString("rs_full");
    assertThat(source.get("name")).hasToString("shop");
    assertThat((Long) source.get("txId")).isPositive();
    assertThat((Long) source.get("lsn")).isPositive();
    var transaction = (GenericRecord) update.get("transaction");
    assertThat(transaction.get("total_order")).isEqualTo(1L);
    var insert = (GenericRecord) events.get(3).get("transaction");
    assertThat(insert.get("id")).isEqualTo(transaction.get("id"));
    assertThat(insert.get("total_order")).isEqualTo(2L);
    assertThat(verified("rs_full")).contains("[\"result\",\"equal\"]");
  }

  @Test
  void theWholeDebeziumEventInProtobuf() throws SQLException {
    sink(
        "rs_full_p",
        "KEY (id) OMIT COLUMNS (tags) FORMAT " + PROTOBUF + " ENVELOPE DEBEZIUM (FULL)",
        2);
    shop.database().execute("UPDATE rs_full_p SET note = 'b' WHERE id = 1");
    var records = records("rs_full_p", 3);
    assertThat(protobuf(records.getFirst().valueBytes())).contains("op: \"r\"", "\"true\"");
    assertThat(protobuf(records.getLast().valueBytes()))
        .contains(
            "before {\n  id: 1\n  note: \"one\"\n}\nafter {\n  id: 1\n  note: \"b\"\n}\nsource {\n")
        .contains("table: \"rs_full_p\"", "op: \"u\"", "total_order: 1");
    assertThat(verified("rs_full_p")).contains("[\"result\",\"equal\"]");
  }
}
