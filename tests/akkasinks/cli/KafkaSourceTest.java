package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.TopicReader;
import akkasinks.testing.TopicWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka topics as sources, by SQL, from a real broker into a real broker. */
final class KafkaSourceTest {
  private static final RealKafka KAFKA = RealKafka.shared();

  @TempDir static Path dir;
  private static RealNode node;

  @BeforeAll
  static void start() {
    node = RealNode.start(dir, Map.of());
    node.connect(KAFKA);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void declaredColumnsFlowFromTopicToTopicAndAbortedRecordsDoNot() {
    KAFKA.createTopic("clicks", 3, Map.of());
    try (var writer = writer("clicks")) {
      writer.begin();
      IntStream.range(0, 3_000)
          .forEach(i -> writer.send("k" + i, "{\"id\":%d,\"name\":\"n%d\"}".formatted(i, i)));
      writer.commit();
      writer.begin().send("k", "{\"id\":-1,\"name\":\"aborted\"}").abort();
      node.sql(
          """
          CREATE SOURCE clicks (id int8 NOT NULL, name text, at timestamptz)
            FROM KAFKA CONNECTION kafka (TOPIC 'clicks') FORMAT JSON
            INCLUDE PARTITION, OFFSET AS place ENVELOPE NONE;
          CREATE SINK clicks_out FROM clicks INTO KAFKA CONNECTION kafka (TOPIC 'clicks-out')
            KEY (id) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT;
          """);
      var first = KAFKA.reader().awaitCommitted("clicks-out", 3_000);
      assertThat(first).hasSize(3_000);
      writer
          .begin()
          .send("k", "{\"at\":\"2026-01-02T03:04:05+01:00\",\"extra\":[1],\"id\":7}")
          .commit();
    }
    var all = KAFKA.reader().awaitCommitted("clicks-out", 3_001);
    assertThat(all).hasSize(3_001);
    assertThat(KAFKA.reader().fold("clicks-out"))
        .hasSize(3_000)
        .hasEntrySatisfying(
            "{\"id\":7}",
            value ->
                assertThat(value)
                    .startsWith("{\"id\":7,\"name\":null,\"at\":\"1767319445000.000\",")
                    .contains("\"partition\":", "\"place\":"));
    assertThat(node.rows("SHOW SOURCES")).anySatisfy(row -> assertThat(row).containsValue("kafka"));
    assertThat(node.rows("DESCRIBE SINK clicks_out").toString())
        .contains("source topic", "lag records");
    assertThat(node.refused("VERIFY SINK clicks_out").toString()).contains("not supported");
    assertThat(node.refused("ALTER SINK clicks_out RESNAPSHOT").toString())
        .contains("ENVELOPE UPSERT");
  }

  @Test
  void undeclaredJsonIsOneColumnAndKeepsWhatItHolds() {
    KAFKA.createTopic("events", 1, Map.of());
    try (var writer = writer("events")) {
      writer.begin().send(null, "{\"a\": [1, \"ü\"]}").send(null, "17").send(null, "null").commit();
    }
    node.sql(
        """
        CREATE SOURCE events FROM KAFKA CONNECTION kafka (TOPIC = 'events') FORMAT JSON;
        CREATE SINK events_out FROM events INTO KAFKA CONNECTION kafka (TOPIC 'events-out')
          FORMAT JSON ENVELOPE DEBEZIUM;
        """);
    assertThat(KAFKA.reader().awaitCommitted("events-out", 3))
        .extracting(TopicReader.Entry::value)
        .containsExactly(
            "{\"before\":null,\"after\":{\"data\":{\"a\":[1,\"ü\"]}}}",
            "{\"before\":null,\"after\":{\"data\":17}}",
            "{\"before\":null,\"after\":{\"data\":null}}");
  }

  @Test
  void anUpsertTopicsLastRowsAndTombstonesArriveAndResnapshotMendsTheCopy() {
    KAFKA.createTopic("users", 2, Map.of("cleanup.policy", "compact"));
    try (var writer = writer("users")) {
      writer.begin();
      for (int i = 0; i < 100; i++) {
        writer.send("{\"id\":" + i + "}", "{\"name\":\"n" + i + "\"}");
      }
      writer.send("{\"id\":1}", null).send("{\"id\":2}", "{\"id\":99,\"name\":\"new\"}").commit();
      node.sql(
          """
          CREATE SOURCE users (id int4, name text, PRIMARY KEY (id) NOT ENFORCED)
            FROM KAFKA CONNECTION kafka (TOPIC 'users') KEY FORMAT JSON VALUE FORMAT JSON
            ENVELOPE UPSERT;
          CREATE SINK users_out FROM users INTO KAFKA CONNECTION kafka (TOPIC 'users-out')
            KEY (id) FORMAT JSON ENVELOPE UPSERT;
          CREATE SINK users_netted FROM users INTO KAFKA CONNECTION kafka (TOPIC 'users-netted')
            KEY (id) FORMAT JSON ENVELOPE UPSERT WITH (COMMIT INTERVAL = '50 milliseconds');
          """);
      Await.until(
          "rows and tombstones",
          () -> KAFKA.reader().committed("users-out").size(),
          size -> size == 102);
      assertThat(KAFKA.reader().fold("users-out"))
          .hasSize(99)
          .doesNotContainKey("{\"id\":1}")
          .containsEntry("{\"id\":2}", "{\"id\":2,\"name\":\"new\"}");
      Await.until(
          "the same, netted",
          () -> KAFKA.reader().fold("users-netted"),
          KAFKA.reader().fold("users-out")::equals);
    }
    try (var stranger = writer("users-out")) {
      stranger.begin().send("{\"id\":1000}", "{\"id\":1000,\"name\":\"stray\"}").commit();
    }
    node.sql("ALTER SINK users_out RESNAPSHOT");
    Await.until(
        "the stray row is gone",
        () -> KAFKA.reader().fold("users-out"),
        fold -> fold.size() == 99 && !fold.containsKey("{\"id\":1000}"));
    Await.until("it runs", () -> node.state("users_out"), "running"::equals);
  }

  @Test
  void aBadRecordStallsTheSinkAfterAllBeforeItOrIsPassedOverAndCounted() {
    KAFKA.createTopic("mixed", 1, Map.of());
    try (var writer = writer("mixed")) {
      writer.begin().send(null, "1;a").send(null, "x;b").send(null, "3;\"c;c\"").commit();
    }
    var create =
        """
        CREATE SOURCE %1$s (id int8, name text) FROM KAFKA CONNECTION kafka (TOPIC 'mixed')
          FORMAT CSV DELIMITED BY ';' ENVELOPE NONE WITH (ON BAD RECORD = %2$s);
        CREATE SINK %1$s_out FROM %1$s INTO KAFKA CONNECTION kafka (TOPIC '%1$s-out')
          FORMAT JSON ENVELOPE DEBEZIUM;
        """;
    node.sql(create.formatted("strict", "STALL") + create.formatted("lenient", "SKIP"));
    Await.until("it stalls", () -> node.state("strict_out"), "stalled"::equals);
    assertThat(node.rows("DESCRIBE SINK strict_out").toString())
        .contains(
            "a record of topic \"mixed\" cannot be read: partition 0, offset 1",
            "column \"id\": it is no int8");
    assertThat(KAFKA.reader().committed("strict-out"))
        .extracting(TopicReader.Entry::value)
        .containsExactly("{\"before\":null,\"after\":{\"id\":1,\"name\":\"a\"}}");
    assertThat(KAFKA.reader().awaitCommitted("lenient-out", 2))
        .extracting(TopicReader.Entry::value)
        .containsExactly(
            "{\"before\":null,\"after\":{\"id\":1,\"name\":\"a\"}}",
            "{\"before\":null,\"after\":{\"id\":3,\"name\":\"c;c\"}}");
    Await.until(
        "it is counted",
        () -> node.rows("DESCRIBE SINK lenient_out"),
        rows ->
            rows.toString().contains("value=1, property=bad records skipped")
                || rows.toString().contains("property=bad records skipped, value=1"));
    node.sql("DROP SINK strict_out; DROP SINK lenient_out");
  }

  @Test
  void aBadRecordGoesOnceToTheDeadLetterTopicAsItWasWithWhyAndWhere() {
    KAFKA.createTopic("torn", 1, Map.of());
    KAFKA.createTopic("torn-dead", 1, Map.of());
    try (var writer = writer("torn")) {
      writer.begin().send("k", "x;a").send(null, "1;a").send("k2", "y;b").send("k3", null).commit();
    }
    node.sql(
        """
        CREATE SOURCE torn (id int8, name text) FROM KAFKA CONNECTION kafka (TOPIC 'torn')
          FORMAT CSV DELIMITED BY ';' ENVELOPE NONE WITH (ON BAD RECORD = DLQ)\
        """);
    refused(
        "CREATE SINK torn_out FROM torn INTO KAFKA CONNECTION kafka (TOPIC 'torn-out')"
            + " FORMAT JSON ENVELOPE DEBEZIUM",
        "DEAD LETTER TOPIC must be specified, as source \"torn\" has ON BAD RECORD = DLQ");
    node.sql(
        """
        CREATE SINK torn_out FROM torn INTO KAFKA CONNECTION kafka
          (TOPIC 'torn-out', DEAD LETTER TOPIC 'torn-dead') FORMAT JSON ENVELOPE DEBEZIUM\
        """);
    KAFKA.reader().awaitCommitted("torn-dead", 3);
    // An incarnation that goes on from the committed position writes none of them again.
    node.sql("ALTER SINK torn_out PAUSE; ALTER SINK torn_out RESUME");
    try (var writer = writer("torn")) {
      writer.begin().send(null, "2;b").send("k4", "z;c").commit();
    }
    var dead = KAFKA.reader().awaitCommitted("torn-dead", 4);
    assertThat(dead).extracting(TopicReader.Entry::key).containsExactly("k", "k2", "k3", "k4");
    assertThat(dead)
        .extracting(TopicReader.Entry::value)
        .containsExactly("x;a", "y;b", null, "z;c");
    assertThat(dead.get(1).headers())
        .isEqualTo(
            Map.of(
                "akkasinks-error", "column \"id\": it is no int8",
                "akkasinks-topic", "torn",
                "akkasinks-partition", "0",
                "akkasinks-offset", "2",
                "akkasinks-sink", "torn_out"));
    refused(
        "ALTER SINK torn_out RESET (DEAD LETTER TOPIC)",
        "DEAD LETTER TOPIC must be specified, as source \"torn\" has ON BAD RECORD = DLQ");
    assertThat(KAFKA.reader().awaitCommitted("torn-out", 2))
        .extracting(TopicReader.Entry::value)
        .containsExactly(
            "{\"before\":null,\"after\":{\"id\":1,\"name\":\"a\"}}",
            "{\"before\":null,\"after\":{\"id\":2,\"name\":\"b\"}}");
    node.sql("DROP SINK torn_out");
  }

  @Test
  void statementsThatCannotWorkAreRefusedWithTheirPlace() {
    KAFKA.createTopic("plain", 1, Map.of());
    var upsert =
        """
        CREATE SOURCE up FROM KAFKA CONNECTION kafka (TOPIC 'plain') KEY FORMAT TEXT
          VALUE FORMAT TEXT ENVELOPE UPSERT\
        """;
    node.sql(upsert);
    refused("CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'plain')", "source without FORMAT");
    refused(
        "CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'absent') FORMAT JSON",
        "topic \"absent\" is not there");
    refused(
        "CREATE SOURCE x (a int5) FROM KAFKA CONNECTION kafka (TOPIC 'plain')" + " FORMAT JSON",
        "type \"int5\" cannot be declared here");
    refused(
        "CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'plain') FORMAT JSON"
            + " ENVELOPE UPSERT",
        "ENVELOPE UPSERT needs a KEY FORMAT");
    refused(
        "CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'plain') FORMAT JSON"
            + " ENVELOPE DEBEZIUM",
        "ENVELOPE DEBEZIUM needs FORMAT JSON and declared columns, or FORMAT AVRO or PROTOBUF");
    refused(
        "CREATE SOURCE x FROM KAFKA CONNECTION kafka (TOPIC 'plain', START OFFSET"
            + " (5)) FORMAT JSON",
        "START OFFSET 5 is not in partition 0 of topic \"plain\"");
    refused(
        "CREATE SINK x FROM up INTO KAFKA CONNECTION kafka (TOPIC 'o') KEY (key)"
            + " FORMAT JSON ENVELOPE DEBEZIUM",
        "ENVELOPE DEBEZIUM is not yet supported on a source with ENVELOPE UPSERT");
    refused(
        "CREATE SINK x FROM up INTO KAFKA CONNECTION kafka (TOPIC 'o') KEY (text)"
            + " NOT ENFORCED FORMAT JSON ENVELOPE UPSERT",
        "\"text\" is no part of the key of source \"up\"");
    refused(
        "CREATE SINK x FROM up INTO KAFKA CONNECTION kafka (TOPIC 'plain') KEY"
            + " (key) FORMAT JSON ENVELOPE UPSERT",
        "a sink cannot write the topic that its source reads");
    refused(
        "CREATE SINK x FROM up INTO KAFKA CONNECTION kafka (TOPIC 'o') KEY (key)"
            + " FORMAT JSON ENVELOPE UPSERT WITH (ON TRUNCATE = 'IGNORE')",
        "ON TRUNCATE is only supported with a POSTGRES source");
    node.sql(
        """
        ALTER SOURCE up RENAME TO up2; ALTER CONNECTION kafka RENAME TO k2;
        ALTER CONNECTION k2 RENAME TO kafka
        """);
    assertThat(node.rows("SHOW CREATE SOURCE up2").toString())
        .contains(
            "CREATE SOURCE up2 FROM KAFKA CONNECTION kafka (TOPIC = 'plain') KEY FORMAT TEXT"
                + " VALUE FORMAT TEXT ENVELOPE UPSERT");
    node.sql("COMMENT ON COLUMN up2.text IS 'what it says'");
    refused("COMMENT ON COLUMN up2.txt IS 'x'", "column \"plain.txt\" does not exist");
    node.sql("DROP SOURCE up2");
  }

  private static void refused(String statement, String message) {
    assertThat(node.refused(statement).path("message").asText()).as(statement).isEqualTo(message);
  }

  private static TopicWriter writer(String topic) {
    return new TopicWriter(KAFKA.bootstrap(), topic);
  }
}
