package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.TopicReader;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sink does with its topic and with rows that do not fit, as its options say. */
class DeliveryOptionsTest {
  @TempDir static Path dir;
  private static ShapesShop shop;

  @BeforeAll
  static void start() throws SQLException {
    shop =
        ShapesShop.start(
            dir,
            "deliver",
            "CREATE TABLE last (id int PRIMARY KEY, grp int NOT NULL, note text)",
            "ALTER TABLE last REPLICA IDENTITY FULL",
            "INSERT INTO last VALUES (1, 1, 'a'), (2, 2, 'b')",
            "CREATE TABLE first (LIKE last INCLUDING ALL)",
            "ALTER TABLE first REPLICA IDENTITY FULL",
            "INSERT INTO first SELECT * FROM last",
            "CREATE TABLE strict (LIKE last INCLUDING ALL)",
            "ALTER TABLE strict REPLICA IDENTITY FULL",
            "INSERT INTO strict SELECT * FROM last",
            "CREATE TABLE plain (id int PRIMARY KEY, h json)",
            "ALTER TABLE plain REPLICA IDENTITY FULL",
            "INSERT INTO plain VALUES (1, '{}'), (2, '[]'), (3, '{}')");
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @Test
  void keysThatTwoRowsShareAreCounted() throws SQLException {
    shop.create("last", "last", "TOPIC PARTITION COUNT 1", key(""));
    shop.records("last", 2);
    shop.database.execute(
        "INSERT INTO last VALUES (11, 1, 'second')", "DELETE FROM last WHERE id = 11");
    var records = shop.records("last", 4);
    assertThat(records)
        .extracting(TopicReader.Entry::key)
        .filteredOn("{\"grp\":1}"::equals)
        .hasSize(3);
    Await.until("it is counted", () -> shop.property("last", "key conflicts"), "1"::equals);
  }

  @Test
  void asAskedForTheSecondRowOfAKeyGoesToTheDeadLetterTopic() throws SQLException {
    shop.create(
        "first",
        "first",
        "TOPIC PARTITION COUNT 1, DEAD LETTER TOPIC = 'first-dead'",
        key("WITH (ON KEY CONFLICT = DLQ)"));
    shop.records("first", 2);
    shop.database.execute(
        "INSERT INTO first VALUES (21, 2, 'second')",
        "UPDATE first SET note = 'still' WHERE id = 21",
        "DELETE FROM first WHERE id = 21",
        "UPDATE first SET note = 'b2' WHERE id = 2");
    var dead = shop.records("first-dead", 3);
    assertThat(dead).hasSize(3);
    assertThat(dead.getFirst().headers())
        .containsEntry("akkasinks-sink", "first")
        .containsEntry("akkasinks-table", "public.first")
        .containsKey("akkasinks-error");
    assertThat(dead)
        .extracting(TopicReader.Entry::value)
        .anyMatch(v -> String.valueOf(v).contains("\"note\":\"second\""));
    var fold =
        Await.until(
            "the first row's change comes",
            () -> RealKafka.shared().reader().fold("first"),
            seen -> seen.toString().contains("b2"));
    assertThat(fold).containsEntry("{\"grp\":2}", "{\"id\":2,\"grp\":2,\"note\":\"b2\"}");
    Await.until("they are counted", () -> shop.property("first", "dead letters"), "3"::equals);
  }

  @Test
  void orTheSinkStallsAndSaysHowToFindThem() throws SQLException {
    shop.create("strict", "strict", "TOPIC PARTITION COUNT 1", key("WITH (ON KEY CONFLICT STALL)"));
    shop.records("strict", 2);
    shop.database.execute(
        "INSERT INTO strict VALUES (31, 2, 'x')", "DELETE FROM strict WHERE id = 31");
    assertThat(Await.until("it stalls", () -> shop.property("strict", "reason"), r -> !r.isEmpty()))
        .isEqualTo(
            "two rows of table \"public\".\"strict\" have the same key (grp), which is NOT"
                + " ENFORCED");
  }

  @Test
  void whatCannotBeEncodedGoesToTheDeadLetterTopicAndTheRestGoesOn() {
    shop.create(
        "plain",
        "plain",
        "TOPIC PARTITION COUNT 1, DEAD LETTER TOPIC = 'plain-dead'",
        "KEY (id) HEADERS h FORMAT JSON ENVELOPE UPSERT");
    assertThat(shop.records("plain", 2)).hasSize(2);
    var dead = shop.records("plain-dead", 1);
    assertThat(dead).hasSize(1);
    assertThat(dead.getFirst().value())
        .isEqualTo("{\"op\":\"READ\",\"before\":null,\"after\":{\"id\":\"2\",\"h\":\"[]\"}}");
    assertThat(dead.getFirst().headers().get("akkasinks-error")).contains("no JSON object");
  }

  @Test
  void atLeastOnceRecordsAreInNoTransaction() throws SQLException {
    shop.create(
        "loose",
        "plain",
        "TOPIC PARTITION COUNT 1, DELIVERY = 'at-least-once', TRANSACTIONAL ID PREFIX = 'team-a-',"
            + " MAX MESSAGE BYTES = 2000000",
        "KEY (id) FORMAT JSON ENVELOPE UPSERT");
    assertThat(shop.records("loose", 3)).hasSize(3);
    assertThat(shop.property("loose", "transactional id")).startsWith("team-a-akkasinks-");
    // A transaction's end would take an offset.
    Await.until(
        "no marker", () -> RealKafka.shared().reader().ends("loose", false), Map.of(0, 3L)::equals);
    shop.node.sql("ALTER SINK loose PAUSE; ALTER SINK loose RESUME");
    Await.until("it runs again", () -> shop.node.state("loose"), "running"::equals);
    shop.database.execute("INSERT INTO plain VALUES (4, '{}')");
    assertThat(shop.records("loose", 4)).hasSize(4);
    shop.database.execute("DELETE FROM plain WHERE id = 4");
  }

  @Test
  void aTopicThatIsThereIsComparedWithWhatWasAskedFor() {
    var reader = RealKafka.shared();
    reader.createTopic("there", 2, Map.of("cleanup.policy", "compact"));
    var result =
        shop.node.sql(
            "CREATE SINK there IN CLUSTER c FROM shop.plain INTO KAFKA CONNECTION kafka (TOPIC"
                + " 'there', TOPIC PARTITION COUNT 3, TOPIC CONFIG MAP['cleanup.policy' =>"
                + " 'delete', 'retention.ms' => '604800000']) KEY (id) FORMAT JSON ENVELOPE UPSERT"
                + " WITH (SIZE = '3xsmall')");
    var notices = result.path("notices").toString();
    assertThat(notices)
        .contains("TOPIC PARTITION COUNT is 2 and asked for are 3")
        .contains("cleanup.policy is \\\"compact\\\" and asked for is \\\"delete\\\"")
        .doesNotContain("retention.ms")
        .contains("IN CLUSTER c has no effect", "SIZE has no effect");
  }

  @Test
  void newPartitionsAreUsedAndTheNoticeSaysWhatThatCosts() throws Exception {
    shop.create(
        "grows",
        "plain",
        "TOPIC PARTITION COUNT 1, TOPIC METADATA REFRESH INTERVAL '100 milliseconds'",
        "KEY (id) FORMAT JSON ENVELOPE UPSERT");
    shop.records("grows", 3);
    try (var admin = RealKafka.shared().admin()) {
      admin.createPartitions(Map.of("grows", NewPartitions.increaseTo(7))).all().get();
    }
    Await.until(
        "records lie in new partitions",
        () -> {
          try {
            shop.database.execute("UPDATE plain SET h = '{}'  WHERE id <> 2");
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
          return RealKafka.shared().reader().committed("grows");
        },
        records -> records.stream().anyMatch(record -> record.partition() > 0));
    assertThat(shop.property("grows", "notice")).contains("got more partitions", "7 instead of 1");
  }

  @Test
  void wrongChoicesAreRefused() {
    assertThat(refused("TOPIC METADATA REFRESH INTERVAL '2 hours'", "KEY (id)", ""))
        .isEqualTo("TOPIC METADATA REFRESH INTERVAL cannot be greater than 1 hour");
    assertThat(refused("DELIVERY = 'maybe'", "KEY (id)", "")).isEqualTo("invalid DELIVERY: maybe");
    assertThat(refused("linger.ms = 1", "KEY (id)", "WITH (ON KEY CONFLICT = LAST)"))
        .startsWith("ON KEY CONFLICT is only supported");
    assertThat(refused("linger.ms = 1", "KEY (id) NOT ENFORCED", "WITH (ON KEY CONFLICT = DLQ)"))
        .isEqualTo("DEAD LETTER TOPIC must be specified with ON KEY CONFLICT = DLQ");
  }

  private static String refused(String option, String key, String with) {
    return shop.node
        .refused(
            "CREATE SINK bad FROM shop.plain INTO KAFKA CONNECTION kafka (TOPIC 'bad', %s) %s FORMAT JSON ENVELOPE UPSERT %s"
                .formatted(option, key, with))
        .path("message")
        .asText();
  }

  private static String key(String with) {
    return "KEY (grp) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT " + with;
  }
}
