package akkasinks.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Nodes of a cluster leave one by one under steady changes of all tables, and come back, as in an
 * upgrade. A sink's pause is the longest time between two of its rows that a read_committed
 * consumer had, while its node was drained.
 */
final class Rolling implements Trial {
  private static final int NODES = 3;
  private static final int SINKS = 20;
  private static final int ROUNDS = 2;

  private final int rounds;

  Rolling(double scale) {
    this.rounds = Math.max(1, (int) Math.round(ROUNDS * scale));
  }

  @Override
  public String name() {
    return "16";
  }

  @Override
  public String title() {
    return "rolling restart: each of %d nodes drained and started again, %d sinks"
        .formatted(NODES, SINKS);
  }

  @Override
  public Duration estimate() {
    return Duration.ofSeconds(60 + 40L * rounds * NODES);
  }

  @Override
  public Outcome run(Stage stage) throws Exception {
    var tables = IntStream.rangeClosed(1, SINKS).mapToObj(i -> "rolling_" + i).toList();
    List<String> topics = new ArrayList<>();
    for (var table : tables) {
      stage.execute("CREATE TABLE " + table + " (id int8 PRIMARY KEY, at timestamptz)");
      topics.add(stage.topic(table, 1));
    }
    List<Double> pauses = new ArrayList<>();
    try (var nodes = new TakeoverNodes(stage, NODES);
        var arrivals = new NewestIds(stage.brokers(), topics)) {
      nodes.prepare();
      for (int i = 0; i < SINKS; i++) {
        nodes.sink(tables.get(i), topics.get(i));
      }
      try (var writer = new Ticker(stage, tables)) {
        for (int i = 0; i < rounds * NODES; i++) {
          nodes.awaitCalm(SINKS);
          var leaving = nodes.member(i % NODES);
          var moving = nodes.sinksOn(leaving);
          long first = writer.newest();
          nodes.drain(leaving);
          long last = writer.newest();
          for (var sink : moving) {
            var topic = topics.get(tables.indexOf(sink));
            Commands.await(
                sink + " goes on", Duration.ofSeconds(60), () -> arrivals.newest(topic) > last);
            pauses.add(arrivals.longestGap(topic, first, last + 1));
          }
          System.out.printf(
              Locale.ROOT,
              "  node %d drained: %d sinks, longest pause %.2f s%n",
              i % NODES + 1,
              moving.size(),
              pauses.subList(pauses.size() - moving.size(), pauses.size()).stream()
                  .mapToDouble(p -> p)
                  .max()
                  .orElse(0));
          nodes.start(leaving);
        }
        long end = writer.end();
        for (var topic : topics) {
          Commands.await(
              "all rows of " + topic, Duration.ofSeconds(60), () -> arrivals.newest(topic) >= end);
          TopicCheck.of(stage.brokers(), topic).requireEach(end, name());
        }
      }
    } finally {
      stage.drop(topics);
    }
    return new Pauses(title(), pauses.stream().mapToDouble(p -> p).sorted().toArray());
  }

  /**
   * @param seconds of each sink that was moved, sorted
   */
  private record Pauses(String title, double[] seconds) implements Outcome {
    @Override
    public String name() {
      return "16";
    }

    private double median() {
      return Figures.median(Arrays.stream(seconds));
    }

    private double worst() {
      return seconds[seconds.length - 1];
    }

    @Override
    public String table() {
      return String.format(
          Locale.ROOT,
          "  %d moves of a sink: pause %.2f s at the median, %.2f s at worst%n  complete, and no"
              + " row twice%n",
          seconds.length,
          median(),
          worst());
    }

    @Override
    public String json() {
      return String.format(
          Locale.ROOT,
          "{\"case\": \"16\", \"title\": %s, \"median_seconds\": %.3f, \"worst_seconds\": %.3f,"
              + " \"seconds\": %s}",
          Figures.quoted(title),
          median(),
          worst(),
          Figures.array(Arrays.stream(seconds)));
    }

    @Override
    public List<Bar> bars() {
      return List.of(
          new Bar(
              Node.OURS,
              median(),
              String.format(Locale.ROOT, "%.2f s, at worst %.2f s", median(), worst())));
    }
  }
}
