package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Goal: a node killed at random moments loses nothing and doubles nothing. Method: a node carries
 * every kind of sink over one table under constant load; kill -9 at random times, the next start
 * follows at once; afterwards each topic is held against the table's own history.
 */
class KillTest {
  private static final int KILLS = 12;
  private static final int ROWS = 150_000;

  /** A kill aims at one of these, and strikes when the node is seen there. */
  private static final List<String> STEPS =
      List.of(
          "kafka.fence.before",
          "kafka.fenced",
          "kafka.begin.before",
          "kafka.begin.committed",
          "incarnation.begun",
          "source.open.started",
          "source.snapshot.taken",
          "source.snapshot.chunk",
          "kafka.send",
          "kafka.send",
          "kafka.progress.sent",
          "kafka.commit.before",
          "kafka.commit.before",
          "kafka.flushed");

  @Test
  void nothingIsLostOrDoubledThoughTheNodeIsKilledAgainAndAgain(TestReporter report) {
    Seeds.forAll(1, random -> killAgainAndAgain(KILLS, random, report));
  }

  @Test
  @Tag("full")
  void norInALongRun(TestReporter report) {
    Seeds.forAll(1, random -> killAgainAndAgain(Integer.getInteger("kills", 25), random, report));
  }

  private static void killAgainAndAgain(int kills, Random random, TestReporter report)
      throws Exception {
    try (var kafka = RealKafka.start();
        var postgres = RealPostgres.start();
        var node = NodeProcess.create()) {
      var database = postgres.createDatabase("shop");
      var orders = new Orders(database, ROWS, random);
      node.up().awaitReady();
      node.sql(Statements.connections(database, kafka.bootstrap(), "kill", true));
      orders.load();
      node.sql(
          """
          CREATE SINK orders_upsert FROM orders INTO KAFKA CONNECTION kafka_kill (TOPIC 'orders-upsert')
            KEY (id) FORMAT JSON ENVELOPE UPSERT;
          CREATE SINK orders_cdc FROM orders INTO KAFKA CONNECTION kafka_kill (TOPIC 'orders-cdc')
            KEY (id) FORMAT JSON ENVELOPE DEBEZIUM;
          CREATE SINK orders_tail FROM orders INTO KAFKA CONNECTION kafka_kill (TOPIC 'orders-tail')
            KEY (id) FORMAT JSON ENVELOPE DEBEZIUM WITH (SNAPSHOT = false);
          CREATE SINK kill_sink FROM orders INTO KAFKA CONNECTION kafka_kill (TOPIC 'kill')
            KEY (id) FORMAT JSON ENVELOPE UPSERT;
          """);
      var others = new EveryKind(node, kafka, "kill");
      others.create();

      Map<String, Integer> steps = new TreeMap<>();
      int counted = 0;
      for (int attempt = 0; counted < kills && attempt < 4 * kills; attempt++) {
        long before = orders.commits();
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos());
        node.awaitStep(Seeds.oneOf(random, STEPS), Duration.ofSeconds(8));
        node.kill();
        var step = node.step();
        // A kill counts only if the load went on and a sink was in the middle of something.
        if (orders.commits() > before && !step.isEmpty() && !step.equals("kafka.commit.after")) {
          counted++;
          steps.merge(step, 1, Integer::sum);
        }
        node.up();
      }
      report.publishEntry("kills by protocol step", steps.toString());
      assertThat(counted).as("kills with a write in flight").isGreaterThanOrEqualTo(kills);

      node.awaitReady();
      orders.rest();
      for (var sink : new String[] {"orders_upsert", "orders_cdc", "orders_tail"}) {
        node.awaitState(sink, "running");
      }
      var reader = kafka.reader();
      Await.within(Duration.ofMinutes(2))
          .value(
              "the upsert topic has caught up with the table",
              () -> orders.check(reader, "orders-upsert"),
              records -> records > 0);
      Await.within(Duration.ofMinutes(1))
          .value(
              "the change topic has caught up with the table",
              () -> orders.check(reader, "orders-cdc"),
              records -> records > 0);
      Await.within(Duration.ofMinutes(1))
          .value(
              "the topic without snapshot holds every change since its start",
              () -> orders.checkTail(reader, "orders-tail"),
              records -> records > 0);
      others.awaitRunning();
      others.awaitCaughtUp(orders);
      Leftovers.assertNoOpenTransaction(kafka, "orders-upsert", "orders-cdc", "orders-tail");
      Leftovers.assertNoOpenTransaction(kafka, others.topics().toArray(String[]::new));

      others.drop();
      node.sql(
          "DROP SINK orders_upsert; DROP SINK orders_cdc; DROP SINK orders_tail; DROP SINK"
              + " kill_sink");
      Leftovers.awaitNoSlotNorPublication(database);
    }
  }
}
