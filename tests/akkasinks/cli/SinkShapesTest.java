package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.TopicReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers, formats, envelopes and choices of columns, from SQL to what a consumer reads. */
class SinkShapesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path dir;
  private static ShapesShop shop;

  @BeforeAll
  static void start() throws SQLException {
    shop =
        ShapesShop.start(
            dir,
            "shapes",
            "CREATE EXTENSION hstore",
            "CREATE TABLE tagged (id int PRIMARY KEY, note text, tags jsonb)",
            "ALTER TABLE tagged REPLICA IDENTITY FULL",
            "INSERT INTO tagged VALUES (1, 'one', '{\"a\": \"x\\u00e9\", \"b\": null,"
                + " \"n\": [1, true, \"z\"]}'), (2, 'two', '{}'), (3, 'three', NULL)",
            "CREATE TABLE stored (id int PRIMARY KEY, tags hstore)",
            "ALTER TABLE stored REPLICA IDENTITY FULL",
            "INSERT INTO stored VALUES (1, 'a=>1, b=>NULL, \"c d\"=>\"\\\"q\\\\\"')",
            "CREATE TABLE plain (id int PRIMARY KEY, body bytea NOT NULL, u uuid, n numeric)",
            "ALTER TABLE plain REPLICA IDENTITY FULL",
            "INSERT INTO plain VALUES (258, '\\x00ff10',"
                + " '00112233-4455-6677-8899-aabbccddeeff', 1.5)",
            "CREATE TABLE log (id int PRIMARY KEY, line text)",
            "INSERT INTO log VALUES (1, 'first')",
            "CREATE TABLE full_t (id int PRIMARY KEY, v text)",
            "ALTER TABLE full_t REPLICA IDENTITY FULL",
            "INSERT INTO full_t VALUES (1, 'a')",
            "CREATE TABLE fruit (id int PRIMARY KEY, name text, day date)",
            "ALTER TABLE fruit REPLICA IDENTITY FULL",
            "INSERT INTO fruit VALUES (1, 'apple'), (2, 'banana'), (3, 'grape'), (4, 'zucchini'),"
                + " (5, NULL)");
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @Test
  void aJsonColumnGivesHeadersAlsoToTombstonesAndStaysOutOfTheValueIfItIsOmitted()
      throws SQLException {
    shop.sink(
        "tagged",
        "tagged",
        "KEY (id) HEADERS tags OMIT COLUMNS (tags) FORMAT JSON" + " ENVELOPE UPSERT",
        3);
    shop.database.execute("DELETE FROM tagged WHERE id = 1");
    var records = shop.records("tagged", 4);
    assertThat(values(records))
        .containsExactlyInAnyOrder(
            "{\"id\":1,\"note\":\"one\"}",
            "{\"id\":2,\"note\":\"two\"}",
            "{\"id\":3,\"note\":\"three\"}",
            "null");
    for (var record : records) {
      if ("{\"id\":1}".equals(record.key())) {
        assertThat(record.headers())
            .containsEntry("a", "xé")
            .containsEntry("b", "null")
            .containsEntry("n", "1,true,z")
            .hasSize(3);
      } else {
        assertThat(record.headers()).isEmpty();
      }
    }
    assertThat(shop.node.rows("SHOW CREATE SINK tagged").toString())
        .contains("KEY (id) HEADERS tags OMIT COLUMNS (tags) FORMAT JSON ENVELOPE UPSERT");
  }

  @Test
  void anHstoreColumnGivesHeadersUnderDebeziumToo() {
    var record =
        shop.sink("of_hstore", "stored", "KEY (id) HEADERS tags FORMAT JSON ENVELOPE DEBEZIUM", 1)
            .getFirst();
    assertThat(record.headers())
        .containsEntry("a", "1")
        .containsEntry("b", "null")
        .containsEntry("c d", "\"q\\")
        .hasSize(3);
  }

  @Test
  void aValueThatIsNoHeadersStallsAndNamesTheColumn() throws SQLException {
    shop.database.execute(
        "CREATE TABLE odd (id int PRIMARY KEY, h json)", "INSERT INTO odd VALUES (1, '[1]')");
    shop.node.sql(
        "CREATE SINK odd FROM shop.odd INTO KAFKA CONNECTION kafka (TOPIC 'odd') KEY (id) HEADERS h"
            + " INCLUDE COLUMNS (id) FORMAT JSON ENVELOPE APPEND");
    assertThat(Await.until("it stalls", () -> shop.property("odd", "reason"), r -> !r.isEmpty()))
        .contains("HEADERS column \"h\"", "no JSON object");
  }

  @Test
  void keyAndValueHaveTheirOwnFormats() {
    var text =
        shop.sink(
                "as_text",
                "tagged",
                "KEY (id) INCLUDE COLUMNS (note) KEY FORMAT JSON VALUE FORMAT TEXT"
                    + " ENVELOPE UPSERT",
                2)
            .getLast();
    assertThat(text.key()).startsWith("{\"id\":");
    assertThat(text.value()).isIn("one", "two", "three");
    var bytes =
        shop.sink(
                "as_bytes",
                "plain",
                "KEY (id) INCLUDE COLUMNS (body) FORMAT BYTES ENVELOPE UPSERT",
                1)
            .getFirst();
    assertThat(bytes.keyBytes()).containsExactly(0, 0, 1, 2);
    assertThat(bytes.valueBytes()).containsExactly(0, 0xff, 0x10);
    var uuid =
        shop.sink(
                "as_uuid",
                "plain",
                "KEY (u) NOT ENFORCED KEY FORMAT BYTES VALUE FORMAT JSON ENVELOPE UPSERT",
                1)
            .getFirst();
    assertThat(Objects.requireNonNull(uuid.keyBytes())).hasSize(16).startsWith(0, 0x11, 0x22);
  }

  @Test
  void onlyColumnsThatAFormatCanCarryAreAccepted() {
    assertThat(shop.refused("plain", "KEY (id) FORMAT TEXT ENVELOPE UPSERT"))
        .isEqualTo("BYTES or TEXT format with multiple columns not yet supported");
    assertThat(shop.refused("plain", "KEY (id) INCLUDE COLUMNS (n) FORMAT BYTES ENVELOPE UPSERT"))
        .isEqualTo("BYTES format with non-encodable type: numeric");
    assertThat(shop.refused("plain", "KEY (id) HEADERS h FORMAT JSON ENVELOPE UPSERT"))
        .isEqualTo("HEADERS column (h) is unknown");
    assertThat(shop.refused("plain", "KEY (id) HEADERS body FORMAT JSON ENVELOPE UPSERT"))
        .isEqualTo("HEADERS column must have type hstore, json or jsonb");
    assertThat(shop.refused("plain", "KEY (id) OMIT COLUMNS (x) FORMAT JSON ENVELOPE UPSERT"))
        .isEqualTo("column referenced in OMIT COLUMNS does not exist: x");
    assertThat(shop.refused("plain", "FORMAT JSON ENVELOPE DEBEZIUM (TOMBSTONES)"))
        .isEqualTo("TOMBSTONES needs a KEY");
  }

  @Test
  void anAppendSinkCarriesInsertsAndStallsAtTheFirstChange() throws SQLException {
    shop.sink("log", "log", "FORMAT JSON ENVELOPE APPEND", 1);
    shop.database.execute("INSERT INTO log VALUES (2, 'second')");
    var records = shop.records("log", 2);
    assertThat(values(records))
        .containsExactly("{\"id\":1,\"line\":\"first\"}", "{\"id\":2,\"line\":\"second\"}");
    assertThat(records.getFirst().keyBytes()).isNull();
    shop.database.execute("UPDATE log SET line = 'changed' WHERE id = 1");
    assertThat(Await.until("it stalls", () -> shop.property("log", "reason"), r -> !r.isEmpty()))
        .isEqualTo(
            "UPDATE of a row of table \"public\".\"log\", and ENVELOPE APPEND carries inserts"
                + " only");
  }

  @Test
  void fullDebeziumTellsOperationSourceAndTransaction() throws Exception {
    shop.sink("full", "full_t", "KEY (id) FORMAT JSON ENVELOPE DEBEZIUM (FULL, TOMBSTONES)", 1);
    shop.database.execute(
        "BEGIN; UPDATE full_t SET v = 'b'; INSERT INTO full_t VALUES (2, 'x'); COMMIT",
        "DELETE FROM full_t WHERE id = 2");
    var records = shop.records("full", 5);
    assertThat(records.getLast().value()).isNull();
    var events = records.subList(0, 4).stream().map(SinkShapesTest::json).toList();
    assertThat(events).extracting(e -> e.path("op").asText()).containsExactly("r", "u", "c", "d");
    var read = events.getFirst();
    assertThat(read.path("source").path("snapshot").asText()).isEqualTo("true");
    assertThat(read.path("transaction").isNull()).isTrue();
    var update = events.get(1);
    assertThat(update.path("before").toString()).isEqualTo("{\"id\":1,\"v\":\"a\"}");
    assertThat(update.path("source").path("table").asText()).isEqualTo("full_t");
    assertThat(update.path("source").path("name").asText()).isEqualTo("shop");
    assertThat(update.path("source").path("txId").asLong()).isPositive();
    assertThat(update.path("source").path("lsn").asLong()).isPositive();
    long now = java.time.Instant.now().toEpochMilli();
    assertThat(update.path("source").path("ts_ms").asLong()).isBetween(now - 120_000, now);
    assertThat(update.path("ts_ms").asLong()).isBetween(now - 120_000, now);
    var insert = events.get(2).path("transaction");
    assertThat(insert.path("id")).isEqualTo(update.path("transaction").path("id"));
    assertThat(insert.path("total_order").asInt()).isEqualTo(2);
    assertThat(update.path("transaction").path("total_order").asInt()).isEqualTo(1);
    assertThat(events.get(3).path("transaction").path("id")).isNotEqualTo(insert.path("id"));
    assertThat(
            Await.until(
                "it is verified",
                () -> shop.node.ask("VERIFY SINK full").getLast().path("rows").toString(),
                rows -> rows.contains("result")))
        .contains("[\"result\",\"equal\"]");
  }

  @Test
  void partitionByPlacesRecordsAndLeavesNoValueBehindWhereTheRowWas() throws SQLException {
    shop.create(
        "fruit",
        "fruit",
        "TOPIC PARTITION COUNT 16, PARTITION BY = kafka_murmur2(name)",
        "KEY (id) FORMAT JSON ENVELOPE UPSERT");
    assertThat(placed(shop.records("fruit", 5)))
        .containsExactlyInAnyOrder("1@5", "2@13", "3@5", "4@4", "5@0");
    shop.database.execute(
        "UPDATE fruit SET name = 'zucchini' WHERE id = 1", "DELETE FROM fruit WHERE id = 2");
    var later = shop.records("fruit", 8);
    assertThat(placed(later))
        .containsExactlyInAnyOrder(
            "1@5", "2@13", "3@5", "4@4", "5@0", "1@5 gone", "1@4", "2@13 gone");
    assertThat(shop.node.rows("SHOW CREATE SINK fruit").toString())
        .contains("PARTITION BY = kafka_murmur2(name)");
    assertThat(
            Await.until(
                "it is verified",
                () -> shop.node.ask("VERIFY SINK fruit").getLast().path("rows").toString(),
                rows -> rows.contains("result")))
        .contains("[\"result\",\"equal\"]");
  }

  @Test
  void aPartitionByThatCannotBeComputedIsRefusedAtItsPlace() {
    refusedAt("day)", "PARTITION BY = day", "UPSERT", "casting from date to uint8");
    refusedAt("nam)", "PARTITION BY = seahash(nam", "UPSERT", "column \"nam\" does not exist");
    refusedAt("name)", "PARTITION BY seahash(name", "DEBEZIUM", "non-key column \"name\"");
  }

  private static void refusedAt(String place, String option, String envelope, String message) {
    var sql =
        "CREATE SINK bad FROM shop.fruit INTO KAFKA CONNECTION kafka (TOPIC 'bad', "
            + option
            + (option.contains("(") ? "))" : ")")
            + " KEY (id) FORMAT JSON ENVELOPE "
            + envelope;
    var error = shop.node.refused(sql);
    assertThat(error.path("message").asText()).contains(message);
    assertThat(sql.substring(error.path("position").asInt() - 1)).startsWith(place);
  }

  private static List<String> placed(List<TopicReader.Entry> records) {
    return records.stream()
        .map(
            e ->
                String.valueOf(e.key()).replaceAll("\\D", "")
                    + "@"
                    + e.partition()
                    + (e.value() == null ? " gone" : ""))
        .toList();
  }

  private static JsonNode json(TopicReader.Entry entry) {
    try {
      return JSON.readTree(entry.value());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(entry.toString(), e);
    }
  }

  private static List<String> values(List<TopicReader.Entry> records) {
    return records.stream().map(e -> String.valueOf(e.value())).toList();
  }
}
