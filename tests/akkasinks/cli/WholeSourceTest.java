package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One sink for all tables of a source, by SQL, from a real database into a real broker. */
final class WholeSourceTest {
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
  void eachTableGoesToItsOwnTopicKeyedByItsPrimaryKeyAndIsProvedEqual() throws SQLException {
    var database = database("whole");
    database.execute(
        "CREATE TABLE orders (id int8 PRIMARY KEY, note text)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "CREATE TABLE lines (order_id int8, line int4, price numeric(9,2), "
            + "PRIMARY KEY (order_id, line))",
        "CREATE TABLE codes (code text PRIMARY KEY COLLATE \"C\")",
        "INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, 5000) i",
        "INSERT INTO lines SELECT i, j, i * j FROM generate_series(1, 5000) i, "
            + "generate_series(1, 2) j",
        "INSERT INTO codes VALUES ('a'), ('b')");
    node.sql(
        """
        CREATE SINK whole_out FROM SOURCE whole INTO KAFKA CONNECTION kafka
          (TOPIC 'whole.{table}') FORMAT JSON ENVELOPE UPSERT
        """);
    database.execute(
        "BEGIN; UPDATE orders SET note = 'changed' WHERE id <= 10;"
            + " DELETE FROM lines WHERE order_id <= 10; INSERT INTO codes VALUES ('c'); COMMIT");
    Await.until(
        "all orders, changed",
        () -> fold("whole.orders").getOrDefault("{\"id\":10}", ""),
        at -> at.equals("{\"id\":10,\"note\":\"changed\"}"));
    Await.until("all lines", () -> fold("whole.lines").size() == 9_980);
    Await.until("all codes", () -> fold("whole.codes").size() == 3);
    assertThat(fold("whole.orders")).hasSize(5_000);
    assertThat(fold("whole.lines"))
        .containsEntry(
            "{\"order_id\":11,\"line\":2}", "{\"order_id\":11,\"line\":2,\"price\":\"22.00\"}");
    awaitRead("whole_out");
    assertThat(node.rows("VERIFY SINK whole_out").toString())
        .contains("property=result, value=equal")
        .contains("14983");
    assertThat(
            database.query(
                "SELECT FROM pg_replication_slots WHERE slot_name LIKE 'akkasinks%'"
                    + " AND database = current_database()"))
        .as("one slot for all")
        .hasSize(1);
    assertThat(node.rows("SHOW SINKS").toString()).contains("whole.{table}");
    node.sql("DROP SINK whole_out");
  }

  @Test
  void aTableThatIsCreatedLaterJoinsByItselfWithWhatItHolds() throws SQLException {
    var database = database("later");
    database.execute("CREATE TABLE one (id int8 PRIMARY KEY)", "INSERT INTO one VALUES (1)");
    node.sql(
        """
        CREATE SINK later_out FROM SOURCE later INTO KAFKA CONNECTION kafka
          (TOPIC 'later.{schema}.{table}') FORMAT JSON ENVELOPE UPSERT
        """);
    Await.until("the first table", () -> fold("later.public.one").size() == 1);
    database.execute(
        "CREATE SCHEMA more",
        "CREATE TABLE more.two (id int8 PRIMARY KEY, v int4)",
        "INSERT INTO more.two SELECT i, 0 FROM generate_series(1, 1000) i",
        "UPDATE more.two SET v = 1 WHERE id <= 10");
    Await.until("the second table", () -> KAFKA.topics().contains("later.more.two"));
    database.execute("UPDATE more.two SET v = 2 WHERE id = 1", "DELETE FROM more.two WHERE id = 2");
    Await.until(
        "its rows and changes",
        () -> fold("later.more.two"),
        fold -> fold.size() == 999 && "{\"id\":1,\"v\":2}".equals(fold.get("{\"id\":1}")));
    awaitRead("later_out");
    assertThat(node.rows("VERIFY SINK later_out").toString()).contains("value=equal");
    node.sql("DROP SINK later_out");
  }

  @Test
  void aTableOfTheUsersPublicationJoinsWhenItIsAddedToIt() throws SQLException {
    var database = database("pub");
    database.execute(
        "CREATE TABLE one (id int8 PRIMARY KEY)",
        "ALTER TABLE one REPLICA IDENTITY FULL",
        "CREATE TABLE two (id int8 PRIMARY KEY, v int4)",
        "INSERT INTO two SELECT i, 0 FROM generate_series(1, 500) i",
        "CREATE PUBLICATION mine FOR TABLE one");
    node.sql("DROP SOURCE pub");
    node.sql(
        "CREATE SOURCE pub FROM POSTGRES CONNECTION pub_pg (PUBLICATION 'mine') FOR ALL TABLES");
    node.sql(
        """
        CREATE SINK pub_out FROM SOURCE pub INTO KAFKA CONNECTION kafka (TOPIC 'pub.{table}')
          FORMAT JSON ENVELOPE DEBEZIUM
        """);
    assertThat(node.rows("SHOW SINKS").toString()).contains("pub.{table}");
    Await.until("it runs", () -> node.state("pub_out"), "running"::equals);
    database.execute(
        "ALTER TABLE two REPLICA IDENTITY FULL", "ALTER PUBLICATION mine ADD TABLE two");
    Await.until(
        "its rows", () -> KAFKA.topics().contains("pub.two") && fold("pub.two").size() == 500);
    database.execute("UPDATE two SET v = 1 WHERE id = 7");
    Await.until(
        "its change",
        () -> fold("pub.two").get("{\"id\":7}"),
        "{\"before\":{\"id\":7,\"v\":0},\"after\":{\"id\":7,\"v\":1}}"::equals);
    node.sql("DROP SINK pub_out");
  }

  @Test
  void aTableWithoutAKeyIsRefusedAtCreateOrLeftOutAndNamed() throws SQLException {
    var database = database("keyless");
    database.execute(
        "CREATE TABLE good (id int8 PRIMARY KEY)",
        "CREATE TABLE bad (id int8)",
        "INSERT INTO good VALUES (1)");
    var create =
        """
        CREATE SINK keyless_out FROM SOURCE keyless INTO KAFKA CONNECTION kafka
          (TOPIC 'keyless.{table}') FORMAT JSON ENVELOPE UPSERT
        """;
    assertThat(node.refused(create).toString())
        .contains("has no unique index over NOT NULL columns")
        .contains("ADD PRIMARY KEY")
        .contains("ON TABLE ERROR = EXCLUDE");
    node.sql(create + " WITH (ON TABLE ERROR = EXCLUDE)");
    Await.until("the good one", () -> fold("keyless.good").size() == 1);
    Await.until(
        "the bad one is named",
        () -> property("keyless_out", "tables"),
        text -> text.contains("bad\" is left out"));
    // It may still be written to, which a publication would forbid for want of an identity.
    database.execute("INSERT INTO bad VALUES (1)", "UPDATE bad SET id = 2");
    database.execute("ALTER TABLE bad ADD PRIMARY KEY (id)");
    Await.within(Duration.ofSeconds(90))
        .holds(
            "it joins once it is mended",
            () ->
                KAFKA.topics().contains("keyless.bad")
                    && fold("keyless.bad").containsKey("{\"id\":2}"));
    node.sql("DROP SINK keyless_out");
  }

  @Test
  void aTableThatIsDroppedStallsTheSinkUntilItMayBeLeftOut() throws SQLException {
    var database = database("dropped");
    database.execute(
        "CREATE TABLE stays (id int8 PRIMARY KEY)",
        "CREATE TABLE goes (id int8 PRIMARY KEY)",
        "INSERT INTO goes VALUES (1)");
    node.sql(
        """
        CREATE SINK dropped_out FROM SOURCE dropped INTO KAFKA CONNECTION kafka
          (TOPIC 'dropped.{table}') FORMAT JSON ENVELOPE UPSERT
        """);
    Await.until("its row", () -> fold("dropped.goes").size() == 1);
    awaitRead("dropped_out");
    database.execute("DROP TABLE goes");
    Await.until("it stalls", () -> node.state("dropped_out"), "stalled"::equals);
    assertThat(node.rows("DESCRIBE SINK dropped_out").toString()).contains("goes\" was dropped");
    node.sql(
        "ALTER SINK dropped_out SET (ON TABLE ERROR = EXCLUDE); ALTER SINK dropped_out RESUME");
    database.execute("INSERT INTO stays VALUES (1)");
    Await.until("it goes on", () -> fold("dropped.stays").size() == 1);
    Await.until(
        "it is named",
        () -> property("dropped_out", "tables"),
        text -> text.contains("goes\" is left out"));
    node.sql("DROP SINK dropped_out");
  }

  @Test
  void whatAWholeSourceCannotHaveIsRefusedWhereItStands() throws SQLException {
    var database = database("refusals");
    database.execute(
        "CREATE SCHEMA other",
        "CREATE TABLE t (id int8 PRIMARY KEY)",
        "CREATE TABLE other.t (id int8 PRIMARY KEY)");
    var head = "CREATE SINK r FROM SOURCE refusals INTO KAFKA CONNECTION kafka ";
    var tail = " FORMAT JSON ENVELOPE UPSERT";
    assertThat(refusal(head + "(TOPIC 'plain')" + tail)).contains("TOPIC must contain {table}");
    assertThat(refusal(head + "(TOPIC 'r.{table}')" + tail))
        .contains("two tables would go to topic", "{schema}.{table}");
    assertThat(refusal(head + "(TOPIC 'r.{table}') KEY (id)" + tail))
        .contains("KEY is not supported with FROM SOURCE");
    assertThat(refusal(head + "(TOPIC 'r.{table}', PARTITION BY = id)" + tail))
        .contains("PARTITION BY is not supported with FROM SOURCE");
    assertThat(refusal(head + "(TOPIC 'r.{table}')" + tail + " WITH (COMMIT INTERVAL = '1s')"))
        .contains("COMMIT INTERVAL is not supported with FROM SOURCE");
    assertThat(refusal(head + "(TOPIC 'r.{table}') FORMAT TEXT ENVELOPE UPSERT"))
        .contains("FORMAT TEXT is not supported with FROM SOURCE");
    assertThat(
            refusal(
                head.replace("SOURCE refusals", "SOURCE nobody") + "(TOPIC 'r.{table}')" + tail))
        .contains("nobody");
    assertThat(
            refusal(
                head
                    + "(TOPIC 'r.{schema}.{table}')"
                    + tail
                    + " WITH (TRANSACTION TIMEOUT = '3 hours')"))
        .contains("longer than the brokers allow");
    assertThat(
            refusal(
                "CREATE SINK r FROM refusals.public.t INTO KAFKA CONNECTION kafka (TOPIC 'r')"
                    + " KEY (id)"
                    + tail
                    + " WITH (ATOMICITY = 'table')"))
        .contains("ATOMICITY is only supported with FROM SOURCE");
    assertThat(node.names("SHOW SINKS")).doesNotContain("r");
  }

  @Test
  void aSinkThatIsRestartedGoesOnInTheMiddleOfItsTables() throws SQLException {
    var database = database("restart");
    for (int t = 0; t < 12; t++) {
      database.execute(
          "CREATE TABLE t%d (id int8 PRIMARY KEY, v varchar(5))".formatted(t),
          "INSERT INTO t%d SELECT i, 'v' || mod(i, 100) FROM generate_series(1, 20000) i"
              .formatted(t));
    }
    node.sql(
        """
        CREATE SINK restart_out FROM SOURCE restart INTO KAFKA CONNECTION kafka
          (TOPIC 'restart.{table}') FORMAT JSON ENVELOPE UPSERT
        """);
    for (int i = 0; i < 4; i++) {
      node.sql("ALTER SINK restart_out PAUSE");
      database.execute(
          "UPDATE t%d SET v = 'later' WHERE id <= 100".formatted(i),
          "DELETE FROM t%d WHERE id = 200".formatted(11 - i));
      node.sql("ALTER SINK restart_out RESUME");
      Await.until("it runs", () -> node.state("restart_out"), "running"::equals);
    }
    awaitRead("restart_out");
    for (int t = 0; t < 12; t++) {
      var topic = "restart.t" + t;
      int rows = t >= 8 ? 19_999 : 20_000;
      Await.until(topic, () -> fold(topic).size() == rows);
    }
    Await.until(
        "the last change",
        () -> fold("restart.t3").get("{\"id\":100}"),
        "{\"id\":100,\"v\":\"later\"}"::equals);
    assertThat(node.rows("VERIFY SINK restart_out").toString()).contains("value=equal");
    node.sql("DROP SINK restart_out");
  }

  @Test
  @Tag("full")
  void threeHundredTablesWork() throws SQLException {
    var database = database("many");
    for (int t = 0; t < 300; t++) {
      database.execute(
          "CREATE TABLE t%d (id int8 PRIMARY KEY, v varchar(5))".formatted(t),
          "INSERT INTO t%d SELECT i, 'v' FROM generate_series(1, 100) i".formatted(t));
    }
    node.sql(
        """
        CREATE SINK many_out FROM SOURCE many INTO KAFKA CONNECTION kafka
          (TOPIC 'many.{table}', TOPIC PARTITION COUNT 1) FORMAT JSON ENVELOPE UPSERT
        """);
    Await.within(Duration.ofMinutes(4))
        .value(
            "all are read",
            () -> notice("many_out"),
            text ->
                node.state("many_out").equals("running")
                    && text.isEmpty()
                    && KAFKA.topics().contains("many.t299"));
    database.execute(
        IntStream.range(0, 300)
                .mapToObj(t -> "INSERT INTO t%d VALUES (1000, 'w');".formatted(t))
                .reduce("BEGIN;", String::concat)
            + "COMMIT");
    for (int t = 0; t < 300; t += 23) {
      var topic = "many.t" + t;
      Await.until(topic, () -> fold(topic).size() == 101);
    }
    node.sql("DROP SINK many_out");
  }

  private static Database database(String name) {
    var database = RealPostgres.shared().createDatabase(name);
    node.sql(
        """
        CREATE SECRET %1$s_password AS '%2$s';
        CREATE CONNECTION %1$s_pg TO POSTGRES (HOST '%3$s', PORT %4$d, USER '%5$s',
          PASSWORD SECRET %1$s_password, DATABASE '%6$s');
        CREATE SOURCE %1$s FROM POSTGRES CONNECTION %1$s_pg FOR ALL TABLES
        """
            .formatted(
                name,
                database.password(),
                database.host(),
                database.port(),
                database.user(),
                database.name()));
    return database;
  }

  /** Until no table is left to be read. */
  private static void awaitRead(String sink) {
    Await.until(
        "all tables of " + sink + " are read",
        () -> described(sink),
        seen ->
            "running".equals(seen.get("state"))
                && "done".equals(seen.get("snapshot"))
                && "".equals(seen.get("tables")));
  }

  private static String notice(String sink) {
    return property(sink, "tables");
  }

  private static String property(String sink, String name) {
    return described(sink).getOrDefault(name, "");
  }

  /** One look at the sink: values by property. */
  private static Map<String, String> described(String sink) {
    return node.rows("DESCRIBE SINK " + sink).stream()
        .collect(
            Collectors.toMap(
                row -> row.getOrDefault("property", ""),
                row -> row.getOrDefault("value", "").replace("null", "")));
  }

  private static String refusal(String sql) {
    return node.refused(sql).toString();
  }

  private static Map<String, String> fold(String topic) {
    return KAFKA.topics().contains(topic) ? KAFKA.reader().fold(topic) : Map.of();
  }
}
