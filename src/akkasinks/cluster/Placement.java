package akkasinks.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Which sink belongs on which node. Pure; {@link SinkAllocation} asks it and obeys.
 *
 * <p>A sink weighs one, and one more for each thousand changes a second: at rest it costs
 * connections and memory, under load it costs processor. Only what evens nodes out is moved, for a
 * move is a pause of the sink: sinks that stay are not stopped.
 *
 * @param nodes what runs where: of every node that can host sinks, also of one that has none
 * @param weights of sinks; one that is not named weighs one
 * @param allowed whether a sink may be on a node
 */
record Placement(
    Map<String, List<String>> nodes,
    Map<String, Double> weights,
    BiPredicate<String, String> allowed) {
  private static final double CHANGES_PER_UNIT = 1_000;

  /** A lesser gap between two nodes is not worth a pause. */
  private static final double LEAST_GAP = 1.5;

  /** And neither is one that is less than this part of the greater load. */
  private static final double LEAST_PART = 0.2;

  static double weight(double changesPerSecond) {
    return 1 + changesPerSecond / CHANGES_PER_UNIT;
  }

  /** For a sink that is nowhere: the node with the least to do; empty if it may be on none. */
  Optional<String> place(String sink) {
    return place(sink, loads());
  }

  private Optional<String> place(String sink, Map<String, Double> loads) {
    return loads.entrySet().stream()
        .filter(node -> allowed.test(sink, node.getKey()))
        .min(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey);
  }

  /**
   * What is to be moved now, and where to.
   *
   * @param orders where people want sinks; they come first
   * @param most how many at once
   */
  Map<String, String> moves(Map<String, String> orders, int most) {
    Map<String, String> moves = new HashMap<>();
    Map<String, Double> loads = loads();
    Map<String, List<String>> there = new HashMap<>();
    nodes.forEach((node, sinks) -> there.put(node, new ArrayList<>(sinks)));
    nodes.forEach(
        (node, sinks) ->
            sinks.forEach(
                sink -> {
                  if (moves.size() < most) {
                    wanted(sink, node, orders, loads)
                        .ifPresent(
                            to -> {
                              moves.put(sink, to);
                              shift(sink, to, loads, there);
                            });
                  }
                }));
    while (moves.size() < most) {
      var best = best(loads, there, orders);
      if (best.isEmpty()) {
        break;
      }
      moves.put(best.get().sink(), best.get().to());
      shift(best.get().sink(), best.get().to(), loads, there);
    }
    return moves;
  }

  /** Where a sink has to go that cannot stay. */
  private Optional<String> wanted(
      String sink, String node, Map<String, String> orders, Map<String, Double> loads) {
    var order =
        Optional.ofNullable(orders.get(sink))
            .filter(to -> nodes.containsKey(to) && allowed.test(sink, to));
    if (order.isPresent()) {
      return order.filter(to -> !to.equals(node));
    }
    return allowed.test(sink, node) ? Optional.empty() : place(sink, loads);
  }

  private record Move(String sink, String to, double gap, double left) {}

  /**
   * Between the nodes that differ the most: the move that evens them out best, if any is worth it.
   */
  private Optional<Move> best(
      Map<String, Double> loads, Map<String, List<String>> there, Map<String, String> orders) {
    List<Move> moves = new ArrayList<>();
    loads.forEach(
        (from, more) ->
            loads.forEach(
                (to, less) -> {
                  double gap = more - less;
                  if (gap < LEAST_GAP || gap < LEAST_PART * more) {
                    return;
                  }
                  for (var sink : there.getOrDefault(from, List.of())) {
                    double left = Math.abs(gap - 2 * weightOf(sink));
                    if (left < gap && !orders.containsKey(sink) && allowed.test(sink, to)) {
                      moves.add(new Move(sink, to, gap, left));
                    }
                  }
                }));
    return moves.stream()
        .min(
            Comparator.comparingDouble(Move::gap)
                .reversed()
                .thenComparingDouble(Move::left)
                .thenComparing(Move::sink)
                .thenComparing(Move::to));
  }

  private void shift(
      String sink, String to, Map<String, Double> loads, Map<String, List<String>> there) {
    double weight = weightOf(sink);
    there.forEach(
        (node, sinks) -> {
          if (sinks.remove(sink)) {
            loads.merge(node, -weight, Double::sum);
          }
        });
    there.computeIfAbsent(to, _ -> new ArrayList<>()).add(sink);
    loads.merge(to, weight, Double::sum);
  }

  private Map<String, Double> loads() {
    Map<String, Double> loads = new TreeMap<>();
    nodes.forEach(
        (node, sinks) -> loads.put(node, sinks.stream().mapToDouble(this::weightOf).sum()));
    return loads;
  }

  private double weightOf(String sink) {
    return weights.getOrDefault(sink, 1.0);
  }
}
