package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SELECT over what a whole node knows of real sinks. */
final class RelationsTest {
  @TempDir static Path dir;
  private static RealNode node;
  private static RealPostgres.Database database;

  @BeforeAll
  static void start() throws SQLException {
    database = RealPostgres.shared().createDatabase("relations");
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY)",
        "INSERT INTO a SELECT i FROM generate_series(1, 50) i",
        "CREATE PUBLICATION akkasinks FOR TABLE a, b");
    node = RealNode.start(dir, Map.of());
    node.connect(database);
    node.sql(
        """
        CREATE CONNECTION kafka TO KAFKA (BROKERS ('%s'), SECURITY PROTOCOL = 'PLAINTEXT');
        CREATE SOURCE src FROM POSTGRES CONNECTION pg (PUBLICATION 'akkasinks') FOR ALL TABLES;
        CREATE SINK a_sink FROM src.a INTO KAFKA CONNECTION kafka (TOPIC 'relations-a') KEY (id)
          FORMAT JSON ENVELOPE UPSERT;
        CREATE SINK b_sink FROM src.b INTO KAFKA CONNECTION kafka (TOPIC 'relations-b') KEY (id)
          FORMAT JSON ENVELOPE UPSERT
        """
            .formatted(RealKafka.shared().bootstrap()));
    Await.until(
        "all rows of a are out and both sinks run",
        () ->
            node.rows(
                "SELECT s.name FROM mz_sink_statuses s JOIN mz_sink_statistics t ON t.id = s.id"
                    + " WHERE s.status = 'running'"
                    + " AND (t.messages_committed = 50 OR s.name = 'b_sink')"),
        rows -> rows.size() == 2);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void whatIsDefinedIsJoinedFilteredSortedAndCounted() {
    assertThat(
            node.rows(
                """
                SELECT s.name AS sink, k.topic, c.name AS connection, c.type, src.name AS source
                FROM mz_catalog.mz_sinks s
                JOIN mz_kafka_sinks k ON k.id = s.id
                JOIN mz_connections c ON c.id = s.connection_id
                CROSS JOIN mz_sources src
                WHERE k.topic LIKE 'relations-%' AND src.type = 'postgres'
                ORDER BY s.name DESC LIMIT 1
                """))
        .containsExactly(
            Map.of(
                "sink", "b_sink",
                "topic", "relations-b",
                "connection", "kafka",
                "type", "kafka",
                "source", "src"));
    assertThat(node.rows("SELECT type, count(*) FROM mz_connections GROUP BY type ORDER BY type"))
        .containsExactly(
            Map.of("type", "kafka", "count", "1"), Map.of("type", "postgres", "count", "1"));
    assertThat(
            node.rows("SELECT brokers, sink_progress_topic <> '' AS p FROM mz_kafka_connections"))
        .containsExactly(Map.of("brokers", "{" + RealKafka.shared().bootstrap() + "}", "p", "t"));
    assertThat(node.rows("SELECT name FROM mz_secrets"))
        .containsExactly(Map.of("name", "pg_password"));
    assertThat(node.sql("SELECT create_sql FROM mz_connections").toString())
        .doesNotContain(database.password() + "'");
    assertThat(node.rows("SELECT envelope_type, format, key_format FROM mz_sinks").getFirst())
        .isEqualTo(Map.of("envelope_type", "upsert", "format", "json", "key_format", "json"));
  }

  @Test
  void transactionsTellTheirLastCommitAndItsDuration() throws SQLException {
    try (Connection connection = jdbc();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT open_records, committed, aborted, last_commit_at, last_commit_ms"
                        + " FROM sink_transactions WHERE name = 'a_sink'")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getLong("open_records")).isZero();
      assertThat(row.getLong("committed")).isPositive();
      assertThat(row.getLong("aborted")).isZero();
      assertThat(row.getObject("last_commit_at", OffsetDateTime.class).toInstant())
          .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
      assertThat(row.getLong("last_commit_ms")).isNotNegative();
      assertThat(row.wasNull()).isFalse();
    }
  }

  @Test
  void slotsTellWhatTheyHoldBack() throws SQLException {
    List<Map<String, String>> slots =
        node.rows("SELECT slot_name FROM source_slots WHERE retained_wal_bytes >= 0 ORDER BY 1");

    assertThat(slots).hasSize(2);
    assertThat(
            database.query("SELECT slot_name FROM pg_replication_slots ORDER BY 1").stream()
                .map(List::getFirst))
        .containsAll(slots.stream().map(slot -> slot.get("slot_name")).toList());
  }

  @Test
  void aListIsNarrowedByAPatternOrACondition() {
    assertThat(node.names("SHOW SINKS LIKE 'a%'")).containsExactly("a_sink");
    assertThat(node.names("SHOW SINKS WHERE topic = 'relations-b' OR rows_in > 1000000"))
        .containsExactly("b_sink");
    assertThat(node.names("SHOW SINKS IN CLUSTER default LIKE 'b%'")).containsExactly("b_sink");
    assertThat(node.names("SHOW SINKS IN CLUSTER other")).isEmpty();
    assertThat(node.names("SHOW CONNECTIONS WHERE type = 'kafka'")).containsExactly("kafka");
    assertThat(node.refused("SHOW SINKS WHERE topik = 'x'").path("position").asInt()).isEqualTo(18);
    assertThat(node.refused("SHOW SINKS WHERE").path("code").asText()).isEqualTo("42601");
    assertThat(node.refused("SHOW SINKS WHERE true) OR (file_read('x') = 'y'").toString())
        .contains("42883");
  }

  /** A stall is in the status, the history and the errors, and stays in the latter two. */
  @Test
  void whatWentWrongStaysInTheHistory() throws SQLException {
    database.execute(
        "CREATE TABLE c (id int PRIMARY KEY)", "ALTER PUBLICATION akkasinks ADD TABLE c");
    node.sql(
        "CREATE SINK c_sink FROM src.c INTO KAFKA CONNECTION kafka (TOPIC 'relations-c') KEY (id)"
            + " FORMAT JSON ENVELOPE UPSERT");
    Await.until("it runs", () -> node.state("c_sink"), "running"::equals);
    database.execute("TRUNCATE c");
    List<Map<String, String>> wrong =
        Await.until(
            "it has stalled",
            () ->
                node.rows(
                    "SELECT e.code, e.message, s.details FROM sink_errors e"
                        + " JOIN mz_sink_statuses s ON s.id = e.sink_id"
                        + " WHERE s.name = 'c_sink' AND e.current AND s.status = 'stalled'"),
            rows -> rows.size() == 1);
    assertThat(wrong.getFirst().get("details")).contains("\"hints\":[\"");

    node.sql("ALTER SINK c_sink PAUSE");

    Await.until("it rests", () -> node.state("c_sink"), "paused"::equals);
    assertThat(node.rows("SELECT 1 FROM sink_errors WHERE name = 'c_sink' AND current")).isEmpty();
    assertThat(
            node.rows(
                "SELECT DISTINCT code FROM sink_errors WHERE name = 'c_sink' AND NOT current"))
        .containsExactly(Map.of("code", wrong.getFirst().get("code")));
    assertThat(
            node.rows(
                "SELECT h.status FROM mz_sink_status_history h JOIN mz_sinks s ON s.id = h.sink_id"
                    + " WHERE s.name = 'c_sink' ORDER BY h.occurred_at"))
        .extracting(row -> row.get("status"))
        .containsSubsequence("starting", "running", "stalled", "paused");
    node.sql("DROP SINK c_sink");
  }

  /** What Npgsql wants to know of a server it meets for the first time, in its shape. */
  @Test
  void aDriverLearnsTheTypesThereAre() {
    assertThat(
            node.rows(
                """
                SELECT n.nspname, t.oid, t.typname, t.kind, t.typnotnull, t.element
                FROM (
                  SELECT y.oid, y.typname, y.typnamespace, y.typnotnull,
                    CASE WHEN p.proname = 'array_recv' THEN 'a' ELSE y.typtype END AS kind,
                    CASE WHEN p.proname = 'array_recv' THEN y.typelem
                      WHEN y.typtype = 'r' THEN r.rngsubtype
                      WHEN y.typtype = 'd' THEN y.typbasetype END AS element
                  FROM pg_catalog.pg_type AS y
                  LEFT JOIN pg_class AS c ON (c.oid = y.typrelid)
                  LEFT JOIN pg_proc AS p ON p.oid = y.typreceive
                  LEFT JOIN pg_range AS r ON (r.rngtypid = y.oid)
                ) AS t
                JOIN pg_namespace AS n ON (n.oid = t.typnamespace)
                WHERE t.kind IN ('b', 'r', 'e', 'd') OR (t.kind = 'a' AND t.element <> 0)
                ORDER BY CASE WHEN t.kind = 'b' THEN 0 WHEN t.kind = 'a' THEN 1 END, t.oid
                """))
        .contains(
            Map.of(
                "nspname", "pg_catalog",
                "oid", "1009",
                "typname", "_text",
                "kind", "a",
                "typnotnull", "f",
                "element", "25"));
  }

  private static Connection jdbc() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + node.pgwire().getPort() + "/d", "me", "");
  }
}
