package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ALTER SINK on a running sink, seen in its topic. */
class AlterSinkTest {
  @TempDir static Path dir;
  private static ShapesShop shop;

  @BeforeAll
  static void start() throws SQLException {
    shop =
        ShapesShop.start(
            dir,
            "alter",
            "CREATE TABLE a (id int PRIMARY KEY, h json, note text)",
            "ALTER TABLE a REPLICA IDENTITY FULL",
            "INSERT INTO a VALUES (1, '{\"k\": \"v\"}', 'one'), (2, '{}', 'two')",
            "CREATE TABLE old (id int PRIMARY KEY, note text)",
            "ALTER TABLE old REPLICA IDENTITY FULL",
            "INSERT INTO old VALUES (1, 'a'), (2, 'b'), (3, 'c')",
            "CREATE TABLE other (id int PRIMARY KEY, note text, more int)",
            "ALTER TABLE other REPLICA IDENTITY FULL",
            "INSERT INTO other VALUES (2, 'changed', 1), (3, 'c', NULL), (4, 'd', 2)",
            "CREATE TABLE keyless (nr int PRIMARY KEY)");
    shop.create("a", "a", "TOPIC PARTITION COUNT 1", "KEY (id) FORMAT JSON ENVELOPE UPSERT");
    shop.records("a", 2);
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @Test
  void optionsAreSetAndResetWithoutReadingTheTableAgain() throws SQLException {
    shop.node.sql(
        "ALTER SINK a SET (COMPRESSION TYPE = 'zstd', COMMIT INTERVAL '200 milliseconds', HEADERS ="
            + " h, linger.ms = 7)");
    assertThat(shop.node.rows("SHOW CREATE SINK a").toString())
        .contains("COMPRESSION TYPE = 'zstd'", "HEADERS h", "COMMIT INTERVAL = '200 milliseconds'");
    shop.database.execute("UPDATE a SET note = 'uno' WHERE id = 1");
    var records = shop.records("a", 3);
    assertThat(records).hasSize(3);
    assertThat(records.getLast().headers()).isEqualTo(Map.of("k", "v"));
    shop.node.sql("ALTER SINK a RESET (HEADERS, COMMIT INTERVAL, linger.ms)");
    assertThat(shop.node.rows("SHOW CREATE SINK a").toString())
        .contains("COMPRESSION TYPE")
        .doesNotContain("HEADERS", "COMMIT INTERVAL", "linger");
    shop.database.execute("UPDATE a SET note = 'een' WHERE id = 1");
    var later = shop.records("a", 4);
    assertThat(later).hasSize(4);
    assertThat(later.getLast().headers()).isEmpty();
  }

  @Test
  void whatCannotChangeOrDoesNotFitIsRefusedAtItsPlace() {
    refusedAt("TOPIC", "SET (TOPIC = 'x')", "cannot ALTER SINK option TOPIC");
    refusedAt("SNAPSHOT", "SET (SNAPSHOT = false)", "cannot ALTER SINK option SNAPSHOT");
    refusedAt("COMPRESION", "SET (COMPRESION TYPE = 'lz4')", "unknown option \"COMPRESION TYPE\"");
    refusedAt("nope", "SET (PARTITION BY = nope)", "column \"nope\" does not exist");
    refusedAt("HEADERS", "SET (HEADERS = note)", "HEADERS column must have type");
    refusedAt("shop.old", "SET FROM shop.old", "without WITH (DIFF = true)");
    refusedAt("shop.keyless", "SET FROM shop.keyless WITH (DIFF)", "\"id\" of KEY is not");
    assertThat(shop.node.rows("SHOW CREATE SINK a").toString()).doesNotContain("nope", "keyless");
  }

  @Test
  void anotherRelationTakesThePlaceOfTheFirstWithNothingStaleMissingOrOrphaned()
      throws SQLException {
    shop.create("swap", "old", "TOPIC PARTITION COUNT 3", "KEY (id) FORMAT JSON ENVELOPE UPSERT");
    shop.records("swap", 3);
    shop.node.sql("ALTER SINK swap SET FROM shop.other WITH (DIFF = true)");
    Await.until(
        "the topic is the other table",
        () -> RealKafka.shared().reader().fold("swap"),
        Map.of(
                "{\"id\":2}", "{\"id\":2,\"note\":\"changed\",\"more\":1}",
                "{\"id\":3}", "{\"id\":3,\"note\":\"c\",\"more\":null}",
                "{\"id\":4}", "{\"id\":4,\"note\":\"d\",\"more\":2}")
            ::equals);
    shop.database.execute("UPDATE old SET note = 'late'", "UPDATE other SET more = 9 WHERE id = 4");
    Await.until(
        "its changes come",
        () -> RealKafka.shared().reader().fold("swap").toString(),
        fold -> fold.contains("\"more\":9") && !fold.contains("late"));
    assertThat(
            Await.until(
                "it is verified",
                () -> shop.node.ask("VERIFY SINK swap").getLast().path("rows").toString(),
                rows -> rows.contains("result")))
        .contains("[\"result\",\"equal\"]");
    assertThat(shop.node.rows("SHOW CREATE SINK swap").toString()).contains("FROM shop.other");
  }

  @Test
  void anotherPlacementMovesAllRowsWithAResnapshot() throws SQLException {
    shop.create("moves", "old", "TOPIC PARTITION COUNT 4", "KEY (id) FORMAT JSON ENVELOPE UPSERT");
    shop.records("moves", 3);
    JsonNode set = shop.node.sql("ALTER SINK moves SET (PARTITION BY = id)");
    assertThat(set.path("notices").toString()).contains("RESNAPSHOT moves all of them");
    shop.node.sql("ALTER SINK moves RESNAPSHOT");
    Await.until(
        "each row lies where it belongs and nowhere else",
        () -> shop.node.ask("VERIFY SINK moves").getLast().path("rows").toString(),
        rows -> rows.contains("[\"result\",\"equal\"]"));
  }

  private static void refusedAt(String place, String change, String message) {
    var sql = "ALTER SINK a " + change;
    var error = shop.node.refused(sql);
    assertThat(error.path("message").asText()).contains(message);
    assertThat(sql.substring(error.path("position").asInt() - 1)).startsWith(place);
  }
}
