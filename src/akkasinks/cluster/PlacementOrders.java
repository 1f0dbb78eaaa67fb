package akkasinks.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where people want sinks, from the catalog to {@link SinkAllocation}; both live on the oldest
 * node. Not durable: a sink that was moved stays without it, until loads say otherwise.
 */
final class PlacementOrders {
  private final Map<String, String> nodes = new ConcurrentHashMap<>();

  /** An order holds until another one, or until its node has gone. */
  void move(String sinkId, String node) {
    nodes.put(sinkId, node);
  }

  Map<String, String> all() {
    return Map.copyOf(nodes);
  }

  /** Forgets orders for nodes that are not there. */
  void keep(Set<String> there) {
    nodes.values().retainAll(there);
  }
}
