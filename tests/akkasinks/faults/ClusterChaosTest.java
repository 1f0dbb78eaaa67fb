package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Goal: whatever happens to the nodes of a cluster, nothing is lost, doubled or out of order.
 * Method: three nodes carry every kind of sink under constant load; random ones are killed, or
 * frozen for longer than the others wait and then thawed (a zombie that wants to write), and
 * started again as a supervisor would; afterwards each topic is held against the table's own
 * history, and each sink's progress records against one another. The seed replays the schedule.
 */
final class ClusterChaosTest {
  private static final int NODES = 3;
  private static final int ROWS = 20_000;

  /** Longer than silence, decision and news of it take. */
  private static final Duration FREEZE = Duration.ofSeconds(6);

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  @Tag("full")
  void nothingIsLostOrDoubledThoughNodesDieAndComeBack(TestReporter report) {
    Seeds.forAll(1, random -> chaos(Integer.getInteger("blows", 40), random, report));
  }

  private enum Blow {
    KILL,
    /** SIGSTOP, until its sinks have gone elsewhere, then SIGCONT. */
    FREEZE,
    /** SIGTERM: as in a rolling restart. */
    STOP
  }

  private static void chaos(int blows, Random random, TestReporter report) throws Exception {
    try (var kafka = RealKafka.start();
        var postgres = RealPostgres.start();
        var cluster = new Nodes(NodeProcess.cluster(NODES, postgres.createDatabase("state")))) {
      var database = postgres.createDatabase("shop");
      var orders = new Orders(database, ROWS, random);
      cluster.awaitWhole();
      var first = cluster.nodes().getFirst();
      first.sql(Statements.connections(database, kafka.bootstrap(), "chaos", true));
      orders.load();
      first.sql(
          """
          CREATE SINK orders_cdc FROM orders INTO KAFKA CONNECTION kafka_chaos (TOPIC 'orders-cdc')
            KEY (id) FORMAT JSON ENVELOPE DEBEZIUM;
          CREATE SINK chaos_sink FROM orders INTO KAFKA CONNECTION kafka_chaos (TOPIC 'chaos')
            KEY (id) FORMAT JSON ENVELOPE UPSERT;
          """);
      var others = new EveryKind(first, kafka, "chaos");
      others.create();

      Map<Blow, Integer> done = new TreeMap<>();
      for (int i = 0; i < blows; i++) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(6_000)).toNanos());
        var blow = Seeds.oneOf(random, List.of(Blow.KILL, Blow.KILL, Blow.FREEZE, Blow.STOP));
        cluster.strike(Seeds.oneOf(random, cluster.nodes()), blow);
        done.merge(blow, 1, Integer::sum);
      }
      report.publishEntry("blows", done.toString());

      cluster.awaitWhole();
      orders.rest();
      for (var sink : List.of("orders_cdc", "chaos_sink")) {
        first.awaitState(sink, "running");
      }
      others.awaitRunning();
      var reader = kafka.reader();
      for (var topic : List.of("orders-cdc", "chaos")) {
        Await.within(Duration.ofMinutes(2))
            .value(topic, () -> orders.check(reader, topic), records -> records > 0);
      }
      others.awaitCaughtUp(orders);
      Leftovers.assertNoOpenTransaction(kafka, "orders-cdc", "chaos");
      Leftovers.assertNoOpenTransaction(kafka, others.topics().toArray(String[]::new));
      assertThat(incarnations(kafka, "progress-chaos")).isNotEmpty();

      others.drop();
      first.sql("DROP SINK orders_cdc; DROP SINK chaos_sink");
      Leftovers.awaitNoSlotNorPublication(database);
    }
  }

  /** The highest incarnation of each sink; none ever went back. */
  private static Map<String, Long> incarnations(RealKafka kafka, String topic) throws IOException {
    Map<String, Long> highest = new HashMap<>();
    for (var entry : kafka.reader().committed(topic)) {
      if (entry.value() == null) {
        continue;
      }
      JsonNode record = JSON.readTree(entry.value());
      var sink = String.valueOf(entry.key());
      long incarnation = record.path("incarnation").asLong();
      assertThat(incarnation)
          .as("incarnation of " + sink)
          .isGreaterThanOrEqualTo(highest.getOrDefault(sink, 1L));
      highest.put(sink, incarnation);
    }
    return highest;
  }

  /** The nodes, and who starts them again when they have ended. */
  private record Nodes(List<NodeProcess> nodes) implements AutoCloseable {

    /** All up, in one cluster. */
    void awaitWhole() {
      revive();
      nodes.forEach(NodeProcess::awaitReady);
      Await.within(Duration.ofMinutes(2))
          .value(
              "all nodes are up in one cluster",
              () -> {
                revive();
                return members();
              },
              members -> members.equals("3 up, 3 up, 3 up"));
    }

    private String members() throws IOException {
      StringBuilder all = new StringBuilder();
      for (var node : nodes) {
        int up = 0;
        for (var member : JSON.readTree(node.get("/api/cluster").body()).path("nodes")) {
          if (member.path("status").asText().equals("up") && member.path("reachable").asBoolean()) {
            up++;
          }
        }
        all.append(all.isEmpty() ? "" : ", ").append(up).append(" up");
      }
      return all.toString();
    }

    /** Starts what has ended: some end by themselves, because the others have put them out. */
    void revive() {
      nodes.stream().filter(node -> !node.isUp()).forEach(NodeProcess::up);
    }

    void strike(NodeProcess victim, Blow blow) {
      revive();
      switch (blow) {
        case KILL -> victim.kill();
        case STOP -> victim.stop();
        case FREEZE -> {
          victim.freeze();
          LockSupport.parkNanos(FREEZE.toNanos());
          victim.thaw();
        }
      }
    }

    @Override
    public void close() {
      nodes.forEach(NodeProcess::close);
    }
  }
}
