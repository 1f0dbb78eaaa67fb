package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.CatalogEvent;
import akkasinks.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterNodeTest {

  @Test
  void restartBringsEverySinkBackWithItsMirror(@TempDir Path dir) {
    var config = TestNodes.inDirectory(dir);
    var first = new FakeRunner();
    var node = TestNodes.start(config, first);
    List<CatalogEvent> events = new ArrayList<>(Shop.connections());
    events.add(Shop.sink("s1"));
    events.add(Shop.sink("s2"));
    record(node, events);
    Await.until("both run", () -> first.running.keySet(), keys -> keys.size() == 2);
    assertThat(status(node, "s2").state()).isEqualTo(SinkStatus.State.RUNNING);
    record(node, List.of(new CatalogEvent.SinkPaused("s1")));
    awaitState(node, "s1", SinkStatus.State.PAUSED);
    node.stop();
    assertThat(first.running).isEmpty();

    var second = new FakeRunner();
    node = TestNodes.start(config, second);
    Await.until("s2 runs", () -> second.running.containsKey("s2"));
    assertThat(second.running.get("s2").incarnation).isEqualTo(2);
    assertThat(second.running.get("s2").mirror.record().orElseThrow().incarnation()).isEqualTo(1);
    Await.until("s1 is fenced", () -> second.log.contains("settle s1"));
    awaitState(node, "s1", SinkStatus.State.PAUSED);
    record(node, List.of(new CatalogEvent.SinkResumed("s1")));
    Await.until("s1 runs", () -> second.running.containsKey("s1"));
    node.stop();
  }

  private static void record(ClusterNode node, List<CatalogEvent> events) {
    var view = node.catalog().read().toCompletableFuture().join();
    assertThat(node.catalog().record(view, events).toCompletableFuture().join().accepted())
        .isTrue();
  }

  private static void awaitState(ClusterNode node, String sinkId, SinkStatus.State state) {
    Await.until(sinkId + " is " + state, () -> status(node, sinkId).state(), seen -> seen == state);
  }

  private static SinkStatus status(ClusterNode node, String sinkId) {
    return node.sinks()
        .ask(sinkId, SinkMessage.Describe::new, Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
  }
}
