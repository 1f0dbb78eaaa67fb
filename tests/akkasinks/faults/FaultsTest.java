package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.cli.embedded.FreePort;
import akkasinks.testing.Await;
import akkasinks.testing.FaultProxy;
import akkasinks.testing.Processes;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.Seeds;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * Goal: whatever breaks around a node under constant load, the sink says that it is stalled and
 * why, and goes on by itself without loss or double when the cause is gone. Method: one node with a
 * sink of every kind, one broker, one Postgres; each test breaks one thing and mends it.
 */
class FaultsTest {
  private static final int ROWS = 5_000;
  private static RealKafka kafka;
  private static RealPostgres postgres;
  private static NodeProcess node;

  @BeforeAll
  static void start() {
    kafka = RealKafka.start();
    postgres = RealPostgres.start();
    node = NodeProcess.create().up().awaitReady();
  }

  @AfterAll
  static void end() {
    node.close();
    postgres.close();
    kafka.close();
  }

  @Test
  @Tag("full")
  void aBrokerRestartLosesAndDoublesNothing() {
    underLoad(
        "broker",
        (orders, _) -> {
          kafka.restart();
          awaitMore(orders);
        });
  }

  /**
   * In the long tier: a broker killed between its answer to a commit and its commit markers can
   * forget the markers, and the sink may then stall (docs/exactly-once.md, Limits).
   */
  @Test
  @Tag("full")
  void aBrokerKilledUnderLoadLosesAndDoublesNothing() {
    underLoad("crash", (_, _) -> kafka.crash());
  }

  @Test
  @Tag("full")
  void aPostgresRestartLosesAndDoublesNothing() {
    underLoad(
        "restart",
        (orders, _) -> {
          postgres.restart();
          awaitMore(orders);
        });
  }

  @Test
  @Tag("full")
  void aCutReplicationConnectionIsOpenedAgain() {
    underLoad(
        "cut",
        (orders, sink) -> {
          for (int i = 0; i < 5; i++) {
            postgres
                .admin()
                .execute(
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE"
                        + " active");
            awaitMore(orders);
            node.awaitState(sink, "running");
          }
        });
  }

  @Test
  void aBrokerThatIsAwayStallsTheSinkVisiblyAndItRecoversByItself() {
    underLoad(
        "away",
        (orders, sink) -> {
          kafka.kill();
          try {
            node.awaitState(sink, "stalled");
            assertThat(node.sink(sink).path("error").toString()).contains(kafka.bootstrap());
            assertThat(node.sink(sink).path("since").asText()).isNotBlank();
            assertThat(node.sink(sink).path("next_try").asText()).isNotBlank();
          } finally {
            kafka.up();
          }
          awaitMore(orders);
        });
  }

  @Test
  void aSlotHeldByADeadClientIsTakenBack() {
    underLoad(
        "held",
        (orders, sink) -> {
          node.sql("ALTER SINK " + sink + " PAUSE");
          node.awaitState(sink, "paused");
          var slot =
              postgres
                  .admin()
                  .value("SELECT slot_name FROM pg_replication_slots WHERE NOT active LIMIT 1");
          var properties = new Properties();
          properties.put("user", postgres.admin().user());
          properties.put("password", postgres.admin().password());
          properties.put("replication", "database");
          properties.put("preferQueryMode", "simple");
          properties.put("assumeMinServerVersion", "9.4");
          var name =
              postgres
                  .admin()
                  .value(
                      "SELECT database FROM pg_replication_slots WHERE slot_name = '" + slot + "'");
          try (var dead =
              DriverManager.getConnection(
                  "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + name, properties)) {
            dead.unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(String.valueOf(slot))
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", String.valueOf(slot))
                .start();
            node.sql("ALTER SINK " + sink + " RESUME");
            node.awaitState(sink, "running");
          }
          awaitMore(orders);
        });
  }

  @Test
  @Tag("full")
  void aDeletedProgressTopicStallsTheSinkAndNothingIsEmittedAgain() throws Exception {
    var database = postgres.createDatabase("gone");
    database.execute(
        "CREATE TABLE orders (id int8 PRIMARY KEY, note text NOT NULL)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "INSERT INTO orders SELECT i, 'n' FROM generate_series(1, 100) i");
    node.sql(create("gone", database));
    var reader = kafka.reader();
    var before = reader.awaitCommitted("gone", 100).size();
    try (var admin = kafka.admin()) {
      var progress =
          admin.listTopics().names().get(30, TimeUnit.SECONDS).stream()
              .filter(t -> t.contains("progress") && t.endsWith("-gone"))
              .toList();
      assertThat(progress).hasSize(1);
      admin.deleteTopics(progress).all().get(30, TimeUnit.SECONDS);
    }
    database.execute("UPDATE orders SET note = 'changed' WHERE id = 1");
    Await.within(Duration.ofSeconds(90))
        .value(
            "the sink says what is gone",
            () -> node.sink("gone_sink").path("error").path("message").asText(),
            message -> message.contains("progress topic"));
    assertThat(node.state("gone_sink")).isEqualTo("stalled");
    assertThat(reader.uncommitted("gone")).hasSizeLessThanOrEqualTo(before + 1);
    node.sql("DROP SINK gone_sink");
  }

  @Test
  void anUnreachableBrokerAtCreateIsOneClearErrorAndLeavesNothing() throws Exception {
    var database = postgres.createDatabase("nobroker");
    database.execute("CREATE TABLE orders (id int8 PRIMARY KEY)");
    int nobody = FreePort.next();
    var answer =
        node.trySql(
            Statements.connections(database, "127.0.0.1:" + nobody, "nobroker", false)
                + create("nobroker"));
    var error = answer.path("results").get(answer.path("results").size() - 1).path("error");
    assertThat(error.path("message").asText()).contains("127.0.0.1:" + nobody);
    assertThat(error.path("code").asText()).isEqualTo("08001");
    assertThat(node.sink("nobroker_sink").path("error").path("code").asText()).isEqualTo("42704");
    assertThat(database.query("SELECT * FROM pg_publication")).isEmpty();
    assertThat(
            database.query(
                "SELECT * FROM pg_replication_slots WHERE database = current_database()"))
        .isEmpty();
  }

  @Test
  void dropSucceedsWhilePostgresIsAwayAndTheDebtIsPaidLater() throws Exception {
    try (var own = RealPostgres.start();
        var proxy = FaultProxy.to(own.port())) {
      var database = own.createDatabase("debts");
      database.execute(
          "CREATE TABLE orders (id int8 PRIMARY KEY)", "INSERT INTO orders VALUES (1)");
      node.sql(create("debts", database.at(proxy.port())));
      kafka.reader().awaitCommitted("debts", 1);
      proxy.down();
      node.sql("DROP SINK debts_sink");
      assertThat(node.sql("SHOW DEBTS").toString()).contains("drop replication slot");
      proxy.pass();
      Leftovers.awaitNoSlotNorPublication(database);
      Await.until("no debts are left", () -> !node.sql("SHOW DEBTS").toString().contains("debts"));
    }
  }

  @Test
  void aZombieThatWakesUpAfterItsSuccessorStartedWritesNothing() {
    Seeds.forAll(
        1,
        random -> {
          var database = postgres.createDatabase("zombie");
          try (var old = NodeProcess.create().up().awaitReady();
              var orders = new Orders(database, ROWS, random)) {
            old.sql(create("zombie", database));
            orders.load();
            old.awaitState("zombie_sink", "running");
            awaitMore(orders);
            old.freeze();
            try (var successor = old.copy()) {
              successor.up().awaitReady();
              successor.awaitState("zombie_sink", "running");
              awaitMore(orders);
              old.thaw();
              Await.within(Duration.ofSeconds(60))
                  .value(
                      "the zombie says by whom it was superseded",
                      () -> old.sink("zombie_sink").path("error").toString(),
                      reason -> reason.contains("superseded"));
              awaitMore(orders);
              orders.rest();
              awaitCaughtUp(orders, "zombie");
              assertThat(successor.state("zombie_sink")).isEqualTo("running");
              old.kill();
              successor.sql("DROP SINK zombie_sink");
              Leftovers.awaitNoSlotNorPublication(database);
            }
          }
        });
  }

  /**
   * A server that is told to end waits until each walsender's client has confirmed all of its WAL:
   * the sink has to do so though it has nothing to send.
   */
  @Test
  @Tag("full")
  void aServerThatShutsDownInOrderIsNotHeldUpByASink() {
    Seeds.forAll(
        1,
        random -> {
          try (var own = RealPostgres.start()) {
            var database = own.createDatabase("orderly");
            try (var orders = new Orders(database, ROWS, random)) {
              node.sql(create("orderly", database));
              awaitCaughtUp(orders, "orderly");
              endInOrder(own);
              own.up();
              node.awaitState("orderly_sink", "running");
              orders.load();
              awaitMore(orders);
              endInOrder(own);
              own.up();
              awaitMore(orders);
              orders.rest();
              awaitCaughtUp(orders, "orderly");
            }
            node.sql("DROP SINK orderly_sink");
            Leftovers.awaitNoSlotNorPublication(database);
          }
        });
  }

  /** {@code pg_ctl stop -m fast}, but fails if it takes longer than it may. */
  private static void endInOrder(RealPostgres postgres) {
    var postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
    Processes.signal(postmaster.pid(), "INT");
    Processes.awaitEnd(postmaster, Duration.ofSeconds(15));
    postgres.stop();
  }

  /** What a test does to a sink under load. */
  private interface Fault {
    void strike(Orders orders, String sink) throws Exception;
  }

  private static void underLoad(String name, Fault fault) {
    Seeds.forAll(
        1,
        random -> {
          var database = postgres.createDatabase(name);
          try (var orders = new Orders(database, ROWS, random)) {
            orders.load();
            node.sql(create(name, database));
            node.awaitState(name + "_sink", "running");
            var others = new EveryKind(node, kafka, name);
            others.create();
            awaitMore(orders);
            fault.strike(orders, name + "_sink");
            node.awaitState(name + "_sink", "running");
            others.awaitRunning();
            awaitMore(orders);
            orders.rest();
            awaitCaughtUp(orders, name);
            others.awaitCaughtUp(orders);
            Leftovers.assertNoOpenTransaction(kafka, name);
            Leftovers.assertNoOpenTransaction(kafka, others.topics().toArray(String[]::new));
            others.drop();
            node.sql("DROP SINK " + name + "_sink");
            Await.until(
                "the slot is gone",
                () ->
                    database.query(
                        "SELECT slot_name FROM pg_replication_slots WHERE database ="
                            + " current_database()"),
                List::isEmpty);
          }
        });
  }

  private static void awaitMore(Orders orders) {
    long seen = orders.commits();
    Await.within(Duration.ofSeconds(60))
        .value("the load goes on", orders::commits, commits -> commits > seen + 50);
  }

  private static void awaitCaughtUp(Orders orders, String topic) {
    var reader = kafka.reader();
    Await.within(Duration.ofMinutes(2))
        .value(
            "topic " + topic + " has caught up, exactly once",
            () -> orders.check(reader, topic),
            records -> records > 0);
  }

  private static String create(String name, RealPostgres.Database database) {
    return Statements.connections(database, kafka.bootstrap(), name, true) + create(name);
  }

  private static String create(String name) {
    return """
    CREATE SINK %1$s_sink FROM shop_%1$s.orders INTO KAFKA CONNECTION kafka_%1$s (TOPIC '%1$s')
      KEY (id) FORMAT JSON ENVELOPE UPSERT;
    """
        .formatted(name);
  }
}
