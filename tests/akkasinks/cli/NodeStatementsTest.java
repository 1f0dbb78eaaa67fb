package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.cli.embedded.FreePort;
import akkasinks.sql.StatementSamples;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each statement that the product promises, and each bad input, against real systems. */
final class NodeStatementsTest {
  private static final String SINK =
      """
      CREATE SINK bad FROM shop.orders INTO KAFKA CONNECTION kafka (TOPIC 'bad-topic')
        KEY (id) FORMAT JSON ENVELOPE UPSERT\
      """;

  private static final Pattern WAITS =
      Pattern.compile("\\bKAFKA\\s*\\(|VALIDATE\\s+CONNECTION\\s+k", Pattern.CASE_INSENSITIVE);

  @TempDir static Path dir;
  private static RealNode node;
  private static RealPostgres.Database database;

  /** Made once; the names stay as they are but for what a test makes itself. */
  @BeforeAll
  static void start() throws SQLException {
    database = RealPostgres.shared().createDatabase("shop");
    database.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY)",
        "CREATE TABLE mark (id int PRIMARY KEY, mark int NOT NULL)",
        "CREATE SCHEMA s CREATE TABLE inner_t (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT i, i FROM generate_series(1, 100) i",
        "INSERT INTO b VALUES (1), (2)",
        "CREATE PUBLICATION akkasinks FOR TABLE orders, a, mark");
    node = RealNode.start(dir, Map.of());
    node.connect(database);
    node.sql(
        """
        CREATE CONNECTION kafka TO KAFKA (BROKERS ('%s'), SECURITY PROTOCOL = 'PLAINTEXT');
        CREATE SOURCE shop FROM POSTGRES CONNECTION pg (PUBLICATION 'akkasinks') FOR ALL TABLES;
        """
            .formatted(RealKafka.shared().bootstrap()));
  }

  @AfterAll
  static void stop() throws SQLException {
    node.close();
  }

  @Test
  void eachStatementOfASinksLifeDoesWhatItSays() throws SQLException {
    node.sql(
        """
        CREATE SINK orders_sink FROM shop.orders INTO KAFKA CONNECTION kafka (TOPIC 'life') KEY (id)
          FORMAT JSON ENVELOPE UPSERT WITH (COMMIT INTERVAL = '100 milliseconds');
        CREATE SINK orders_cdc FROM shop.orders INTO KAFKA CONNECTION kafka (TOPIC 'life-cdc')
          KEY (customer) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT WITH (SNAPSHOT = false);
        """);
    runs("orders_sink");
    runs("orders_cdc");
    RealKafka.shared().reader().awaitCommitted("life", 100);
    assertThat(notices("CREATE SINK IF NOT EXISTS orders_sink " + after("bad", SINK)))
        .containsExactly("sink \"orders_sink\" already exists, skipping");
    assertThat(text("SHOW CREATE SINK orders_sink"))
        .contains("CREATE SINK orders_sink FROM shop.orders", "COMMIT INTERVAL");
    node.sql("ALTER SINK orders_sink RENAME TO o; ALTER SINK o PAUSE");
    Await.until("it rests", () -> node.state("o"), "paused"::equals);
    assertThat(notices("ALTER SINK o PAUSE"))
        .containsExactly("sink \"o\" is paused already, skipping");
    node.sql("ALTER SINK o RESUME");
    runs("o");
    node.sql("ALTER SINK o RESNAPSHOT");
    Await.until(
        "all rows once more",
        () -> node.rows("SHOW SINKS").stream().filter(r -> "o".equals(r.get("name"))).toList(),
        rows -> rows.toString().contains("rows_in=200"));
    assertThat(verified("o")).contains("[\"result\",\"equal\"]");
    assertThat(text("DESCRIBE SINK o")).contains("replication slot", "running");
    node.sql("DROP SINK o; DROP SINK orders_cdc CASCADE; DROP SINK IF EXISTS o");
    Await.until("nothing is owed", () -> node.rows("SHOW DEBTS").isEmpty());
    assertThat(slots()).isEmpty();
  }

  @Test
  void anUpsertSinkWithoutAKeyHasItsTablesPrimaryKey() throws SQLException {
    var made =
        node.sql(
            "CREATE SINK keyless FROM shop.mark INTO KAFKA CONNECTION kafka (TOPIC 'keyless')"
                + " FORMAT JSON ENVELOPE UPSERT");
    assertThat(made.toString()).contains("no KEY was given: it is the relation's own, (id)");
    assertThat(text("SHOW CREATE SINK keyless")).contains("KEY (id)");
    node.sql("DROP SINK keyless");

    database.execute(
        "CREATE TABLE nameless (id int)",
        "ALTER TABLE nameless REPLICA IDENTITY FULL",
        "ALTER PUBLICATION akkasinks ADD TABLE nameless");
    var refused =
        node.refused(
            "CREATE SINK keyless FROM shop.nameless INTO KAFKA CONNECTION kafka (TOPIC 'keyless')"
                + " FORMAT JSON ENVELOPE UPSERT");
    assertThat(refused.path("message").asText()).isEqualTo("upsert sinks must specify a key");
    assertThat(refused.path("hint").asText()).contains("NOT ENFORCED");
    database.execute("ALTER PUBLICATION akkasinks DROP TABLE nameless");
  }

  @Test
  void eachWayToChooseTablesMakesASource() {
    node.sql(
        """
        CREATE SOURCE listed FROM POSTGRES CONNECTION pg FOR TABLES (a, b AS c);
        CREATE SOURCE by_schema FROM POSTGRES CONNECTION pg FOR SCHEMAS (s);
        CREATE SOURCE IF NOT EXISTS listed FROM POSTGRES CONNECTION pg FOR ALL TABLES;
        CREATE SINK of_alias FROM listed.c INTO KAFKA CONNECTION kafka (TOPIC 'aliased') KEY (id)
          FORMAT JSON ENVELOPE UPSERT;
        CREATE SINK of_schema FROM by_schema.inner_t INTO KAFKA CONNECTION kafka (TOPIC 'inner')
          KEY (id) FORMAT JSON ENVELOPE UPSERT
        """);
    runs("of_alias");
    assertThat(verified("of_alias")).contains("[\"rows in table\",\"2\"]");
    assertThat(text("SHOW CREATE SOURCE listed")).contains("FOR TABLES (a, b AS c)");
    assertThat(text("SHOW CREATE SOURCE by_schema")).contains("FOR SCHEMAS (s)");
    assertThat(node.names("SHOW SOURCES")).contains("by_schema", "listed", "shop");
    assertThat(node.refused("DROP SOURCE listed").path("message").asText())
        .isEqualTo("cannot drop source \"listed\": still depended upon by sink \"of_alias\"");
    node.sql("ALTER SOURCE listed RENAME TO l2; DROP SOURCE l2 CASCADE; DROP SINK of_schema");
    node.sql("DROP SOURCE by_schema; DROP SOURCE IF EXISTS by_schema");
    Await.until("nothing is owed", () -> node.rows("SHOW DEBTS").isEmpty());
  }

  @Test
  void secretsAndConnectionsAreMadeShownRenamedAndDroppedInOrder() {
    node.sql("CREATE SECRET IF NOT EXISTS pw2 AS 'x'; ALTER SECRET pw2 AS 'y'");
    node.sql(
        "CREATE CONNECTION pg2 TO POSTGRES (" + postgres(1, "pw2") + ") WITH (VALIDATE=false)");
    assertThat(node.names("SHOW SECRETS")).contains("pw2");
    assertThat(node.names("SHOW CONNECTIONS")).contains("pg2", "pg", "kafka");
    node.sql("VALIDATE CONNECTION pg; VALIDATE CONNECTION kafka");
    node.sql("ALTER SECRET pw2 RENAME TO pw3; ALTER CONNECTION pg2 RENAME TO pg3");
    assertThat(text("SHOW CREATE CONNECTION pg3")).contains("SECRET pw3").doesNotContain("'y'");
    assertThat(node.refused("DROP SECRET pw3").path("message").asText())
        .isEqualTo("cannot drop secret \"pw3\": still depended upon by connection \"pg3\"");
    node.sql("DROP SECRET pw3 CASCADE; DROP CONNECTION IF EXISTS pg3; DROP SECRET IF EXISTS pw3");
    assertThat(node.names("SHOW CONNECTIONS")).doesNotContain("pg2", "pg3");
  }

  @Test
  void whatIsWronglyWrittenIsRefusedAtItsPlace() {
    refusedAt("TOPIK", SINK.replace("TOPIC", "TOPIK"), "did you mean \"TOPIC\"?");
    refusedAt("COMIT", SINK + " WITH (COMIT INTERVAL = '1s')", "did you mean \"COMMIT INTERVAL\"?");
    refusedAt("TOPIC 'twice'", SINK.replace("(TOPIC", "(TOPIC 'x', TOPIC 'twice', TOPIC"), "");
    refusedAt("SNAPSHOT", SINK + " WITH (SNAPSHOT = 7)", "");
    refusedAt("PORT", "CREATE CONNECTION bad TO POSTGRES (PORT 'zwei', HOST 'h')", "");
    refusedAt("kafak", SINK.replace(" kafka", " kafak"), "did you mean \"kafka\"?");
    refusedAt("pg (", SINK.replace(" kafka", " pg"), "");
    refusedAt("di)", SINK.replace("(id)", "(di)"), "did you mean \"id\"?");
    refusedAt(
        "di)",
        SINK.replace("orders", "mark").replace("(id)", "(mark, di)"),
        "did you mean \"id\"?");
    refusedAt("shop.odrers", SINK.replace("orders", "odrers"), "Is it \"public\".\"orders\"?");
    refusedAt("CSV", SINK.replace("JSON", "CSV"), "Possible: FORMAT JSON");
    refusedAt("CDC", SINK.replace("UPSERT", "CDC"), "Possible: ENVELOPE UPSERT");
    refusedAt("customer)", SINK.replace("(id)", "(customer)"), "NOT ENFORCED");
    refusedAt("CONN", SINK.substring(0, SINK.indexOf("ECTION")), "");
    refusedAt("'abc", "CREATE SECRET bad AS 'abc", "");
    refusedAt("\0", "SHOW SINKS \0\u0001\u00ff", "binary");
    refusedAt("SELEKT", "SELEKT 1", "Statements begin with");
    changedNothing();
  }

  /** A syntax error further behind keeps all before it from running. */
  @Test
  void aTruncatedFileDoesNothing() {
    refusedAt("FRO", "CREATE SECRET bad AS 'x'; CREATE SINK bad FRO", "");
    changedNothing();
  }

  @Test
  void whatTheSystemsWouldRefuseIsRefusedAtCreate() {
    hinted(SINK.replace("shop.orders", "shop.b"), "ALTER PUBLICATION \"akkasinks\" ADD TABLE");
    hinted(SINK.replace("'bad-topic'", "'bad-topic', TOPIC REPLICATION FACTOR 3"), "TOPIC option");
    hinted(
        SINK.replace("'bad-topic'", "'bad-topic', TOPIC CONFIG MAP['x' => 'y']"), "TOPIC CONFIG");
    String source = "CREATE SOURCE bad FROM POSTGRES CONNECTION pg ";
    hinted(source + "(PUBLICATION 'nope') FOR ALL TABLES", "CREATE PUBLICATION");
    hinted(source + "(PUBLICATION 'akkasinks') FOR TABLES (b)", "ADD TABLE \"b\"");
    hinted(source + "FOR TABLES (odrers)", "Is it \"public\".\"orders\"?");
    hinted(source + "FOR SCHEMAS (nope)", "pg_namespace");
    hinted(
        "CREATE CONNECTION bad TO POSTGRES (%s)"
            .formatted(postgres(database.port(), "pg_password")),
        "Check DATABASE");
    changedNothing();
  }

  @Test
  void anUnreachableSystemIsRefusedWithHowLongItWasTried() {
    String message =
        hinted(
            "CREATE CONNECTION bad TO POSTGRES (" + postgres(FreePort.next(), "pg_password") + ")",
            "Check HOST and PORT");
    assertThat(message).containsPattern("tried for \\d+\\.\\d s");
    String kafka = "CREATE CONNECTION bad TO KAFKA (SECURITY PROTOCOL PLAINTEXT, BROKER '%s')";
    assertThat(hinted(kafka.formatted("127.0.0.1:" + FreePort.next()), "Check BROKER"))
        .containsPattern("within \\d+ s");
    assertThat(hinted(kafka.formatted("no.such.host.invalid:9092"), "name resolution"))
        .containsPattern("tried for \\d+\\.\\d s");
    changedNothing();
  }

  @Test
  void aTextOfAMegabyteOrABinaryBodyIsRefused() {
    hinted("SHOW SINKS; ".repeat(100_000), "several files");
    assertThat(node.refused("x".repeat(1 << 20)).path("message").asText())
        .contains("longer than 255 characters");
    assertThat(node.post("\0\u0001\u00ff".repeat(100)).statusCode()).isEqualTo(400);
    assertThat(node.post("x".repeat(3 << 20)).statusCode()).isEqualTo(413);
    changedNothing();
  }

  /** Every kind but those to Kafka's connections, which would wait for a broker. */
  @Test
  void aThousandMutatedStatementsLeaveTheNodeReady(@TempDir Path elsewhere) {
    try (var fuzzed = RealNode.start(elsewhere, Map.of())) {
      fuzzed.sql(
          """
          CREATE SECRET pg_password AS 'x';
          CREATE CONNECTION pg TO POSTGRES (%s) WITH (VALIDATE = false);
          CREATE CONNECTION kafka TO KAFKA (BROKER '127.0.0.1:%d', SECURITY PROTOCOL PLAINTEXT)
            WITH (VALIDATE = false)\
          """
              .formatted(postgres(FreePort.next(), "pg_password"), FreePort.next()));
      Seeds.forAll(
          1000,
          random -> {
            String sql = Seeds.oneOf(random, StatementSamples.ALL);
            for (int n = random.nextInt(2); n >= 0; n--) {
              sql = StatementSamples.mutated(random, sql);
            }
            if (WAITS.matcher(sql).find()) {
              return;
            }
            for (JsonNode result : fuzzed.ask(sql)) {
              assertThat(result.path("error").path("code").asText()).as(sql).isNotEqualTo("XX000");
            }
          });
      assertThat(fuzzed.ready()).isTrue();
      fuzzed.sql("CREATE SECRET last AS 'x'; SHOW SINKS; SHOW DEBTS");
      assertThat(fuzzed.names("SHOW SECRETS")).contains("last");
    }
  }

  private static void refusedAt(String place, String sql, String hint) {
    JsonNode error = node.refused(sql);
    int position = error.path("position").asInt();
    assertThat(position).as("%s\n%s", sql, error).isPositive();
    assertThat(sql.substring(position - 1)).as(error.toString()).startsWith(place);
    assertThat(error.path("hint").asText()).as(sql).contains(hint);
  }

  /** The message. */
  private static String hinted(String sql, String hint) {
    JsonNode error = node.refused(sql);
    assertThat(error.path("hint").asText()).as(error.toString()).contains(hint);
    return error.path("message").asText();
  }

  private static void changedNothing() {
    for (String show : List.of("SHOW SECRETS", "SHOW CONNECTIONS", "SHOW SOURCES", "SHOW SINKS")) {
      assertThat(node.names(show)).as(show).doesNotContain("bad");
    }
    try (var admin = RealKafka.shared().admin()) {
      assertThat(admin.listTopics().names().toCompletionStage().toCompletableFuture().join())
          .doesNotContain("bad-topic");
    }
  }

  private static String postgres(int port, String secret) {
    return "HOST '127.0.0.1', PORT %d, USER '%s', PASSWORD SECRET %s, DATABASE 'shop'"
        .formatted(port, database.user(), secret);
  }

  private static void runs(String sink) {
    Await.until(
        sink + " runs and has a frontier",
        () -> node.rows("SHOW SINKS"),
        rows ->
            rows.stream()
                .filter(row -> sink.equals(row.get("name")))
                .anyMatch(
                    row ->
                        "running".equals(row.get("state"))
                            && row.getOrDefault("frontier", "").contains("/")));
  }

  /** A sink that has just begun is not ready for it. */
  private static String verified(String sink) {
    return Await.until(
        sink + " is verified",
        () -> node.ask("VERIFY SINK " + sink).getLast().path("rows").toString(),
        rows -> rows.contains("result"));
  }

  private static String text(String sql) {
    return node.sql(sql).path("rows").toString();
  }

  private static List<String> notices(String sql) {
    return node.sql(sql).path("notices").findValuesAsText("message");
  }

  private static String after(String word, String sql) {
    return sql.substring(sql.indexOf(word) + word.length());
  }

  private static List<List<String>> slots() throws SQLException {
    return database.query(
        "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()");
  }
}
