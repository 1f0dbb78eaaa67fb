package akkasinks.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * From {@code kill -9} of one of three nodes until each of its sinks has committed something new
 * elsewhere, under steady changes of all tables. The oldest node, which has the catalog, is killed
 * in a third of the trials.
 */
final class Takeover implements Trial {
  private static final List<Integer> SINKS = List.of(1, 20, 200);
  private static final int NODES = 3;
  private static final int KILLS = 30;

  /** Of 200 sinks: enough to see the worst of many sinks, few enough for the time there is. */
  private static final int KILLS_OF_MANY = 3;

  private final int count;
  private final int kills;

  private Takeover(int count, double scale) {
    this.count = count;
    this.kills = Math.max(3, (int) Math.round((count > 100 ? KILLS_OF_MANY : KILLS) * scale));
  }

  static List<Trial> all(double scale) {
    return SINKS.stream().<Trial>map(count -> new Takeover(count, scale)).toList();
  }

  @Override
  public String name() {
    return "15 " + count;
  }

  @Override
  public String title() {
    return "takeover: kill -9 of one of three nodes until all of %d sinks commit elsewhere"
        .formatted(count);
  }

  @Override
  public Duration estimate() {
    return Duration.ofSeconds(40 + count + (22 + count / 10) * kills);
  }

  @Override
  public Outcome run(Stage stage) throws Exception {
    var tables = IntStream.rangeClosed(1, count).mapToObj(i -> "t" + count + "_" + i).toList();
    for (var table : tables) {
      stage.execute("CREATE TABLE " + table + " (id int8 PRIMARY KEY, at timestamptz)");
    }
    List<String> topics = new ArrayList<>();
    for (var table : tables) {
      topics.add(stage.topic(table, 1));
    }
    try (var nodes = new TakeoverNodes(stage, NODES);
        var arrivals = new NewestIds(stage.brokers(), topics)) {
      nodes.prepare();
      for (int i = 0; i < count; i++) {
        nodes.sink(tables.get(i), topics.get(i));
      }
      try (var writer = new Ticker(stage, tables)) {
        List<TakeoverResult.Kill> done = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
          nodes.awaitCalm(count);
          done.add(killed(nodes, topics, tables, writer, arrivals, i % 3 == 0));
          System.out.printf(Locale.ROOT, "  kill %d: %s%n", i + 1, done.getLast());
        }
        long last = writer.end();
        for (var topic : topics) {
          Commands.await(
              "all rows of " + topic, Duration.ofSeconds(60), () -> arrivals.newest(topic) >= last);
          TopicCheck.of(stage.brokers(), topic).requireEach(last, name());
        }
        return new TakeoverResult(name(), title(), count, done);
      }
    } finally {
      stage.drop(topics);
    }
  }

  private static TakeoverResult.Kill killed(
      TakeoverNodes nodes,
      List<String> topics,
      List<String> tables,
      Ticker writer,
      NewestIds arrivals,
      boolean oldest)
      throws Exception {
    var victim = nodes.victim(oldest);
    var moving = nodes.sinksOn(victim);
    if (moving.isEmpty()) {
      throw new IllegalStateException("the node to be killed has no sink");
    }
    var at = Instant.now();
    long began = System.nanoTime();
    nodes.kill(victim);
    long idThen = writer.newest();
    var seen = nodes.watch(victim, began);
    List<Double> back = new ArrayList<>();
    for (var sink : moving) {
      var topic = topics.get(tables.indexOf(sink));
      Commands.await(
          sink + " commits elsewhere",
          Duration.ofSeconds(120),
          () -> arrivals.newest(topic) > idThen);
      back.add((arrivals.passedAt(topic, idThen) - began) / 1e9);
    }
    var phases = TakeoverLog.phases(nodes.logs(), at, nodes.idsOf(moving));
    nodes.start(victim);
    return new TakeoverResult.Kill(oldest, seen, phases, back);
  }
}
