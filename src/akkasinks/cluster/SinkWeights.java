package akkasinks.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** How much sinks weigh, by the changes that they read between two times that this was asked. */
final class SinkWeights {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final double NANOS = 1e9;

  private final SinkRegion sinks;
  private final Map<String, Seen> last = new ConcurrentHashMap<>();

  /**
   * @param node where it ran: its counter began at 0 there
   */
  private record Seen(String node, long changes, long nanos, double weight) {}

  SinkWeights(SinkRegion sinks) {
    this.sinks = sinks;
  }

  /** Never fails; who does not answer keeps the weight it had. */
  CompletionStage<Map<String, Double>> of(Set<String> ids) {
    last.keySet().retainAll(ids);
    var asked =
        ids.stream()
            .map(
                id ->
                    sinks
                        .ask(id, SinkMessage.Describe::new, PATIENCE)
                        .thenAccept(status -> saw(id, status))
                        .exceptionally(_ -> null)
                        .toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(asked).thenApply(_ -> weights());
  }

  private void saw(String id, SinkStatus status) {
    long now = System.nanoTime();
    last.merge(
        id,
        new Seen(status.node(), status.changesIn(), now, Placement.weight(0)),
        (before, seen) ->
            before.node().equals(seen.node())
                ? new Seen(seen.node(), seen.changes(), now, weight(before, seen))
                : new Seen(seen.node(), seen.changes(), now, before.weight()));
  }

  /** Half of it is what was, so that a burst moves nothing. */
  private static double weight(Seen before, Seen seen) {
    double seconds = Math.max(seen.nanos() - before.nanos(), 1) / NANOS;
    double rate = Math.max(0, seen.changes() - before.changes()) / seconds;
    return (before.weight() + Placement.weight(rate)) / 2;
  }

  private Map<String, Double> weights() {
    Map<String, Double> weights = new HashMap<>();
    last.forEach((id, seen) -> weights.put(id, seen.weight()));
    return weights;
  }
}
