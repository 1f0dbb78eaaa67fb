package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlacementTest {
  private static final int MOST = 20;

  @Test
  void aNewSinkGoesWhereThereIsTheLeastToDoNotWhereTheFewestAre() {
    var placement =
        new Placement(
            Map.of("a", List.of("busy"), "b", List.of("s1", "s2")),
            Map.of("busy", Placement.weight(20_000)),
            (_, _) -> true);
    assertThat(placement.place("new")).contains("b");
  }

  @Test
  void aNodeThatJoinsTakesItsShareAndNothingElseMoves() {
    Map<String, List<String>> nodes = new TreeMap<>();
    nodes.put("a", sinks("a", 6));
    nodes.put("b", sinks("b", 6));
    nodes.put("c", List.of());
    var moves = new Placement(nodes, Map.of(), (_, _) -> true).moves(Map.of(), MOST);
    assertThat(moves.values()).containsOnly("c").hasSize(4);
  }

  @Test
  void nothingMovesForAGapOfOneSink() {
    var nodes = Map.of("a", sinks("a", 3), "b", sinks("b", 2), "c", sinks("c", 3));
    assertThat(new Placement(nodes, Map.of(), (_, _) -> true).moves(Map.of(), MOST)).isEmpty();
  }

  @Test
  void aBusySinkGetsANodeForItself() {
    var nodes = Map.of("a", List.of("busy", "s1", "s2"), "b", List.<String>of());
    var moves =
        new Placement(nodes, Map.of("busy", Placement.weight(10_000)), (_, _) -> true)
            .moves(Map.of(), MOST);
    assertThat(moves).isEqualTo(Map.of("busy", "b"));
  }

  @Test
  void anOrderIsObeyedAndNotUndoneByLoads() {
    var nodes = Map.of("a", sinks("a", 3), "b", List.<String>of());
    Map<String, String> orders = Map.of("a0", "a", "a1", "b", "a2", "gone");
    var moves = new Placement(nodes, Map.of(), (_, _) -> true).moves(orders, MOST);
    assertThat(moves).isEqualTo(Map.of("a1", "b"));
  }

  @Test
  void aSinkThatMayNotStayGoesWhereItMay() {
    var nodes = Map.of("a", List.of("s"), "b", List.<String>of(), "c", List.of("x", "y"));
    var placement =
        new Placement(nodes, Map.of(), (sink, node) -> !sink.equals("s") || node.equals("c"));
    assertThat(placement.moves(Map.of(), MOST)).containsEntry("s", "c");
    assertThat(new Placement(nodes, Map.of(), (_, _) -> false).place("s")).isEmpty();
  }

  @Test
  void aNodeThatIsDrainedLosesAFewSinksAtATimeAndGetsNone() {
    var nodes = Map.of("a", sinks("a", 7), "b", sinks("b", 2), "c", sinks("c", 1));
    var placement = new Placement(nodes, Map.of(), (_, node) -> !node.equals("a"));
    var moves = placement.moves(Map.of(), 3);
    assertThat(moves.keySet()).hasSize(3).allMatch(sink -> sink.startsWith("a"));
    assertThat(moves.values()).containsOnly("b", "c").contains("c");
  }

  @Test
  void whateverTheLoadsRoundsOfMovesEndAndLeaveNodesMoreEven() {
    Seeds.forAll(
        300,
        random -> {
          Map<String, Double> weights = new HashMap<>();
          Map<String, List<String>> nodes = new TreeMap<>();
          for (int n = 0; n <= random.nextInt(5); n++) {
            var here = sinks("n" + n + "-", random.nextInt(12));
            here.forEach(
                sink -> weights.put(sink, Placement.weight(Math.pow(10, 5 * random.nextDouble()))));
            nodes.put("n" + n, here);
          }
          double before = gap(nodes, weights);
          int rounds = 0;
          var moves = new Placement(nodes, weights, (_, _) -> true).moves(Map.of(), 3);
          while (!moves.isEmpty()) {
            nodes = moved(nodes, moves);
            moves = new Placement(nodes, weights, (_, _) -> true).moves(Map.of(), 3);
            assertThat(++rounds).isLessThan(100);
          }
          assertThat(gap(nodes, weights)).isLessThanOrEqualTo(before);
        });
  }

  private static Map<String, List<String>> moved(
      Map<String, List<String>> nodes, Map<String, String> moves) {
    Map<String, List<String>> after = new TreeMap<>();
    nodes.forEach((node, sinks) -> after.put(node, new ArrayList<>(sinks)));
    moves.forEach(
        (sink, to) -> {
          after.values().forEach(sinks -> sinks.remove(sink));
          after.get(to).add(sink);
        });
    return after;
  }

  private static double gap(Map<String, List<String>> nodes, Map<String, Double> weights) {
    var loads =
        nodes.values().stream()
            .mapToDouble(sinks -> sinks.stream().mapToDouble(weights::get).sum())
            .summaryStatistics();
    return loads.getMax() - loads.getMin();
  }

  private static List<String> sinks(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }
}
