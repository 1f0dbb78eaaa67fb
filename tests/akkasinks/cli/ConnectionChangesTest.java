package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.cli.embedded.FreePort;
import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.SecuredKafka;
import akkasinks.testing.SecuredKafka.Listener;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes under running sinks: connections, secrets, comments. */
final class ConnectionChangesTest {
  /** Far less than until a sink of a wrong login would be looked at again by itself. */
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path dir;
  private static SecuredKafka kafka;
  private static RealPostgres.Database database;
  private static RealNode node;

  @BeforeAll
  static void start() throws SQLException {
    kafka = SecuredKafka.start(dir, false, Map.of());
    kafka.scram(ScramMechanism.SCRAM_SHA_256, "first-word");
    database = RealPostgres.shared().createDatabase("changes");
    database.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL)",
        "INSERT INTO orders SELECT i, i FROM generate_series(1, 10) i");
    // A stall lasts long enough to be seen.
    node =
        RealNode.start(
            dir,
            Map.of("akkasinks.sinks.backoff-least", "2s", "akkasinks.sinks.backoff-most", "4s"));
    node.sql(
        """
        CREATE SECRET word AS 'first-word';
        CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s', DATABASE '%s');
        CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
        CREATE CONNECTION login TO KAFKA (BROKER '%s', SECURITY PROTOCOL 'SASL_PLAINTEXT',
          SASL MECHANISMS 'SCRAM-SHA-256', SASL USERNAME 'sink', SASL PASSWORD SECRET word);
        CREATE CONNECTION plain TO KAFKA (BROKER '%s', SECURITY PROTOCOL 'PLAINTEXT');
        """
            .formatted(
                database.host(),
                database.port(),
                database.user(),
                database.name(),
                kafka.bootstrap(Listener.LOGIN),
                kafka.plain().bootstrap()));
  }

  @AfterAll
  static void stop() {
    node.close();
    kafka.close();
  }

  private static void sink(String name, String connection) {
    node.sql(
        """
        CREATE SINK %s FROM shop.orders INTO KAFKA CONNECTION %s (TOPIC '%s', TOPIC CONFIG
          MAP['cleanup.policy' => 'compact']) KEY (id) FORMAT JSON ENVELOPE UPSERT\
        """
            .formatted(name, connection, name));
    runs(name);
  }

  private static void runs(String sink) {
    Await.until(sink + " runs", () -> node.state(sink), "running"::equals);
  }

  private static String reason(String sink) {
    return node.rows("SHOW SINKS").stream()
        .filter(row -> sink.equals(row.get("name")))
        .map(row -> row.getOrDefault("reason", ""))
        .findFirst()
        .orElse("");
  }

  private static JsonNode verified(String sink) {
    return Await.until(
        sink + " is verified",
        () -> node.ask("VERIFY SINK " + sink).getLast().path("rows"),
        rows -> rows.toString().contains("result"));
  }

  @Test
  void aRunningSinkTakesAnotherPasswordWithinSeconds() throws SQLException {
    sink("rotated", "login");
    kafka.scram(ScramMechanism.SCRAM_SHA_256, "second-word");
    // The broker does not ask who is logged in already; who comes with the old word is refused.
    node.sql("ALTER SECRET word AS 'first-word'");
    Await.within(SOON)
        .holds("the old word is refused", () -> node.state("rotated").equals("stalled"));
    assertThat(reason("rotated")).contains("Kafka refused the login").doesNotContain("word'");
    node.sql("ALTER SECRET word AS 'second-word'");
    Await.within(SOON).holds("the sink runs", () -> node.state("rotated").equals("running"));
    database.execute("INSERT INTO orders VALUES (101, 101)");
    assertThat(verified("rotated").toString()).contains("[\"result\",\"equal\"]");
    node.sql("DROP SINK rotated");
  }

  @Test
  void aConnectionIsTriedAsItShallBeAndItsSinksStartAgainWithIt() throws SQLException {
    sink("moved", "plain");
    kafka.plain().reader().awaitCommitted("moved", 10);
    long before = committed("moved");
    String nowhere = "127.0.0.1:" + FreePort.next();
    assertThat(
            node.refused("ALTER CONNECTION plain SET (BROKER '%s')".formatted(nowhere))
                .path("message")
                .asText())
        .contains(nowhere);
    assertThat(node.state("moved")).isEqualTo("running");
    node.sql("ALTER CONNECTION plain SET (BROKER '%s') WITH (VALIDATE = false)".formatted(nowhere));
    Await.until("it stalls", () -> node.state("moved"), "stalled"::equals);
    assertThat(reason("moved")).contains(nowhere);
    database.execute("INSERT INTO orders VALUES (201, 201)");
    node.sql("ALTER CONNECTION plain SET (BROKER '%s')".formatted(kafka.plain().bootstrap()));
    runs("moved");
    Await.until("one record more", () -> committed("moved"), n -> n == before + 1);
    assertThat(verified("moved").toString()).contains("[\"result\",\"equal\"]");

    assertThat(
            node.refused("ALTER CONNECTION plain SET (PROGRESS TOPIC 'other')")
                .path("message")
                .asText())
        .isEqualTo(
            "cannot ALTER KAFKA option PROGRESS TOPIC of connection \"plain\":"
                + " sink \"moved\" depends on it");
    assertThat(node.refused("ALTER CONNECTION pg SET (DATABASE 'other')").path("message").asText())
        .contains("cannot ALTER POSTGRES option DATABASE");
    node.sql(
        "ALTER CONNECTION plain SET (BROKERS ('%s'), client.rack = 'a'), RESET (client.id)"
            .formatted(kafka.plain().bootstrap()));
    assertThat(node.sql("SHOW CREATE CONNECTION plain").toString())
        .contains("BROKERS = ('" + kafka.plain().bootstrap() + "'), \\\"client.rack\\\" = 'a'")
        .doesNotContain("BROKER =");
    runs("moved");
    node.sql("DROP SINK moved; ALTER CONNECTION plain RESET (client.rack)");
  }

  private static long committed(String topic) {
    return kafka.plain().reader().committed(topic).size();
  }

  @Test
  void commentsAreKeptAndShownAndGoWithWhatTheyAreOn(@TempDir Path other) {
    String shop =
        """
        CREATE SECRET noted AS 'x';
        CREATE CONNECTION noted_pg TO POSTGRES (HOST '%s', PORT %d, USER '%s', DATABASE '%s');
        CREATE SOURCE noted_source FROM POSTGRES CONNECTION noted_pg FOR ALL TABLES;
        COMMENT ON SECRET noted IS 'of nobody';
        COMMENT ON CONNECTION noted_pg IS 'it''s the shop';
        COMMENT ON SOURCE noted_source IS 'all of it';
        COMMENT ON COLUMN noted_source.orders.total IS 'in cents';
        COMMENT ON COLUMN noted_source.public.orders.id IS 'a number'
        """
            .formatted(database.host(), database.port(), database.user(), database.name());
    try (var first = RealNode.start(other, Map.of())) {
      first.sql(shop);
      first.sql("ALTER CONNECTION noted_pg SET (SSL MODE = 'disable')");
      assertThat(first.refused("COMMENT ON COLUMN noted_source.orders.totl IS 'x'").toString())
          .contains("column \\\"orders.totl\\\" does not exist", "total");
    }
    try (var second = RealNode.start(other, Map.of())) {
      assertThat(second.rows("SHOW SECRETS").getFirst()).containsEntry("comment", "of nobody");
      assertThat(second.rows("SHOW CONNECTIONS").getFirst())
          .containsEntry("comment", "it's the shop");
      assertThat(second.rows("SHOW SOURCES").getFirst()).containsEntry("comment", "all of it");
      assertThat(second.rows("SHOW COMMENTS"))
          .extracting(row -> row.get("relation") + " " + row.get("column"))
          .contains("public.orders total", "public.orders id");
      assertThat(second.sql("SHOW CREATE CONNECTION noted_pg").toString())
          .contains("SSL MODE = 'disable'");
      second.sql("COMMENT ON SECRET noted IS NULL; DROP SOURCE noted_source");
      assertThat(second.rows("SHOW COMMENTS"))
          .extracting(row -> row.get("comment"))
          .isEqualTo(List.of("it's the shop"));
    }
  }

  @Test
  void whatIsRedactedTellsNothingOfPeople() {
    assertThat(node.sql("SHOW REDACTED CREATE CONNECTION login").toString())
        .contains("SASL USERNAME = '<REDACTED>'", "SECRET word", kafka.bootstrap(Listener.LOGIN))
        .doesNotContain("'sink'");
  }
}
