package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.CatalogEvent;
import akkasinks.testing.Await;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two nodes in one JVM that share a state store. */
final class FailoverTest {

  @Test
  void sinksOfANodeThatDiesStartOnTheOtherWithTheirMirrors() {
    var store =
        "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    var staying = new FakeRunner();
    var dying = new FakeRunner();
    var first = TestNodes.start(config(store, List.of()), staying);
    var second = TestNodes.start(config(store, List.of(first.address())), dying);
    Await.until("two members", () -> TestNodes.up(first) == 2 && TestNodes.up(second) == 2);
    List<CatalogEvent> events = new ArrayList<>(Shop.connections());
    Set<String> all = new HashSet<>();
    for (int i = 1; i <= 6; i++) {
      events.add(Shop.sink("s" + i));
      all.add("s" + i);
    }
    var view = second.catalog().read().toCompletableFuture().join();
    assertThat(second.catalog().record(view, events).toCompletableFuture().join().accepted())
        .isTrue();
    Await.until(
        "all run, on both",
        () -> staying.running.size() + dying.running.size() == 6 && !dying.running.isEmpty());
    Set<String> moving = new HashSet<>(dying.running.keySet());
    for (var id : moving) {
      assertThat(
              first
                  .sinks()
                  .ask(id, SinkMessage.Describe::new, Duration.ofSeconds(10))
                  .toCompletableFuture()
                  .join()
                  .node())
          .isEqualTo(second.address());
    }
    // Neither node leaves the cluster: the one is gone, as if killed.
    second.system().terminate();
    Await.within(Duration.ofSeconds(60))
        .holds("all run on the first", () -> staying.running.keySet().equals(all));
    for (var id : moving) {
      assertThat(staying.running.get(id).incarnation).isEqualTo(2);
    }
    first.stop();
  }

  private static Config config(String store, List<String> seeds) {
    return ConfigFactory.parseMap(
            Map.of(
                "akkasinks.state.jdbc-url",
                store,
                "akkasinks.node.seeds",
                seeds,
                // Of two halves the one with the lowest address survives: the second node's is
                // 127.0.0.2.
                "akkasinks.node.host",
                seeds.isEmpty() ? "127.0.0.1" : "127.0.0.2",
                "akkasinks.secrets.key",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pekko.coordinated-shutdown.run-by-actor-system-terminate",
                seeds.isEmpty(),
                "pekko.cluster.split-brain-resolver.stable-after",
                "1s",
                "pekko.cluster.failure-detector.acceptable-heartbeat-pause",
                "1s"))
        .withFallback(TestNodes.quick());
  }
}
