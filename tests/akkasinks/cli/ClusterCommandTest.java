package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./akkasinks cluster} as its users start it. */
final class ClusterCommandTest {

  @Test
  @Tag("full")
  void whenANodeIsKilledItsSinksGoOnElsewhereAndEveryTopicEqualsItsTable() throws Exception {
    try (var cluster =
        RunningProgram.start("cluster", "--nodes", "3", "--brokers", "3", "--once")) {
      assertThat(cluster.awaitEnd(Duration.ofMinutes(4))).as(cluster.said()).isZero();
      assertThat(cluster.said()).contains("kill -9 node-1", "all sinks run elsewhere after");
      for (var sink : List.of("customers_sink", "order_lines_sink", "orders_cdc", "orders_sink")) {
        assertThat(cluster.said()).containsPattern("(?m)^" + sink + " +equal: ");
      }
      cluster.assertNothingLeft();
    }
  }

  @Test
  void wordsThatMakeNoClusterAreRefused() throws Exception {
    try (var cluster = RunningProgram.start("cluster", "--nodes", "none")) {
      assertThat(cluster.awaitEnd(Duration.ofMinutes(1))).isEqualTo(2);
      assertThat(cluster.said()).contains("--nodes is a number from 1 to 9, not none");
    }
  }
}
