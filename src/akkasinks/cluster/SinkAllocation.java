package akkasinks.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.cluster.sharding.ShardCoordinator.AbstractShardAllocationStrategy;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * Carries {@link Placement} out: asked by sharding's coordinator, which lives on the oldest node. A
 * sink is a shard of its own ({@link SinkRegion}), so that each is placed by itself.
 *
 * <p>Belongs to the coordinator's actor, but for what a future brings.
 */
final class SinkAllocation extends AbstractShardAllocationStrategy {
  /** At once, of a node's sinks that move because another has less to do. */
  private static final int MOST = 20;

  /** From a node that is about to leave: few, so that each pauses only for its own move. */
  private static final int MOST_OF_DRAINED = 3;

  private final Supplier<Set<String>> nodes;
  private final Function<ActorRef, String> addresses;
  private final PlacementOrders orders;
  private final Function<Set<String>, CompletionStage<Map<String, Double>>> weigh;

  /** Decided and not yet seen: where a sink goes that is about to be placed. */
  private final Map<String, String> promised = new HashMap<>();

  private volatile Map<String, Double> weights = Map.of();

  /**
   * @param nodes addresses of those that can take sinks now
   * @param addresses the node of a region
   * @param weigh asks how much sinks weigh
   */
  SinkAllocation(
      Supplier<Set<String>> nodes,
      Function<ActorRef, String> addresses,
      PlacementOrders orders,
      Function<Set<String>, CompletionStage<Map<String, Double>>> weigh) {
    this.nodes = nodes;
    this.addresses = addresses;
    this.orders = orders;
    this.weigh = weigh;
  }

  @Override
  public Future<ActorRef> allocateShard(
      ActorRef requester, String sink, Map<ActorRef, IndexedSeq<String>> now) {
    Map<String, ActorRef> regions = new HashMap<>();
    now.keySet().forEach(region -> regions.put(addresses.apply(region), region));
    var able = able(regions.keySet());
    var placement = placement(now, able);
    var to =
        Optional.ofNullable(promised.get(sink))
            .or(() -> Optional.ofNullable(orders.all().get(sink)))
            .filter(node -> placement.allowed().test(sink, node))
            .or(() -> placement.place(sink));
    if (to.isEmpty()) {
      return FutureConverters.asScala(
          CompletableFuture.failedFuture(
              new IllegalStateException("no node that is up may host sink " + sink)));
    }
    promised.put(sink, to.get());
    return FutureConverters.asScala(CompletableFuture.completedFuture(regions.get(to.get())));
  }

  @Override
  public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> now, Set<String> moving) {
    Set<String> regions = new HashSet<>();
    now.keySet().forEach(region -> regions.add(addresses.apply(region)));
    orders.keep(regions);
    // Seen and not under way: carried out, or given up.
    now.values()
        .forEach(
            sinks ->
                promised.keySet().removeIf(sink -> !moving.contains(sink) && sinks.contains(sink)));
    var placement = placement(now, able(regions));
    weighAgain(placement.nodes());
    if (!moving.isEmpty()) {
      return FutureConverters.asScala(CompletableFuture.completedFuture(Set.of()));
    }
    int most = orders.draining().isEmpty() ? MOST : MOST_OF_DRAINED;
    var moves = placement.moves(orders.all(), most);
    promised.putAll(moves);
    return FutureConverters.asScala(CompletableFuture.completedFuture(Set.copyOf(moves.keySet())));
  }

  /** Of the next round: nothing waits for sinks that do not answer. */
  private void weighAgain(Map<String, List<String>> there) {
    Set<String> all = new HashSet<>();
    there.values().forEach(all::addAll);
    weigh.apply(all).thenAccept(found -> weights = found);
  }

  /** Nodes that take sinks now. */
  private Set<String> able(Set<String> regions) {
    Set<String> able = new HashSet<>(nodes.get());
    able.retainAll(regions);
    able.removeAll(orders.draining());
    return able;
  }

  /**
   * What runs on which node, with what has been decided and is under way; nothing may stay on a
   * node that is drained. Nodes that do not answer are left out: they could not hand anything over.
   */
  private Placement placement(Map<ActorRef, IndexedSeq<String>> now, Set<String> able) {
    Map<String, List<String>> there = new HashMap<>();
    able.forEach(node -> there.put(node, new ArrayList<>()));
    orders.draining().forEach(node -> there.put(node, new ArrayList<>()));
    Set<String> seen = new HashSet<>();
    now.forEach(
        (region, sinks) -> {
          var here = there.get(addresses.apply(region));
          if (here != null) {
            here.addAll(CollectionConverters.asJava(sinks));
            seen.addAll(here);
          }
        });
    promised.forEach(
        (sink, node) -> {
          var here = there.get(node);
          if (here != null && !seen.contains(sink)) {
            here.add(sink);
          }
        });
    return new Placement(there, weights, (_, node) -> able.contains(node));
  }
}
