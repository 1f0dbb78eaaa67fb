package akkasinks.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What people want of placement, from the catalog to {@link SinkAllocation}; both live on the
 * oldest node. Not durable: a sink that was moved stays without it, until loads say otherwise.
 */
final class PlacementOrders {
  private final Map<String, String> nodes = new ConcurrentHashMap<>();
  private final Set<String> draining = ConcurrentHashMap.newKeySet();

  /** An order holds until another one, or until its node has gone. */
  void move(String sinkId, String node) {
    nodes.put(sinkId, node);
  }

  /** The node is about to leave: its sinks go elsewhere, a few at a time. */
  void drain(String node) {
    draining.add(node);
  }

  /** The nodes that sinks were ordered to. */
  Map<String, String> all() {
    return Map.copyOf(nodes);
  }

  Set<String> draining() {
    return Set.copyOf(draining);
  }

  /** Forgets what concerns nodes that are not there. */
  void keep(Set<String> there) {
    nodes.values().retainAll(there);
    draining.retainAll(there);
  }
}
