package akkasinks.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What grows with the number of sinks, of partitions and of rows: time with the rows and nothing
 * else, memory with none of them. One node does it all, in the order of size.
 */
final class Growth implements Trial {
  private static final List<Integer> SINKS = List.of(1, 8, 64);
  private static final List<Integer> PARTITIONS = List.of(1, 10, 100);
  private static final List<Integer> MILLIONS = List.of(1, 5, 20);
  private static final int USUAL_PARTITIONS = 4;

  /** About, for the plan's estimate. */
  private static final double READ_PER_SECOND = 250_000;

  private final String nodeOptions;
  private final long million;

  Growth(String nodeOptions, double scale) {
    this.nodeOptions = nodeOptions;
    this.million = Math.max(6_400, Math.round(1_000_000 * scale));
  }

  @Override
  public String name() {
    return "10";
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT,
        "growth: snapshots to %s sinks, to %s partitions, of %s times %,d rows",
        inWords(SINKS),
        inWords(PARTITIONS),
        inWords(MILLIONS),
        million);
  }

  private static String inWords(List<Integer> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }

  @Override
  public Duration estimate() {
    // Made, brought over and checked.
    double perRow = 1 / Dataset.six(1).perSecond() + 1 / READ_PER_SECOND + 1.5e-6;
    int snapshots = 1 + SINKS.size() + PARTITIONS.size();
    long rows = (snapshots + MILLIONS.stream().mapToInt(m -> m).sum()) * million;
    return Duration.ofSeconds(60 + Math.round(rows * perRow));
  }

  @Override
  public Outcome run(Stage stage) throws Exception {
    var result = new GrowthResult(title());
    try (var contender = Node.ours(stage, nodeOptions)) {
      measured(stage, contender, "warm-up", USUAL_PARTITIONS, List.of(Dataset.six(million / 2)));
      for (int sinks : SINKS) {
        var datasets =
            IntStream.rangeClosed(1, sinks)
                .mapToObj(i -> Dataset.six("bench_" + i, million / sinks))
                .toList();
        result.add(measured(stage, contender, sinks + " sinks", USUAL_PARTITIONS, datasets));
      }
      for (int partitions : PARTITIONS) {
        var label = partitions + " partitions";
        result.add(measured(stage, contender, label, partitions, List.of(Dataset.six(million))));
      }
      for (int millions : MILLIONS) {
        long rows = millions * million;
        var label = String.format(Locale.ROOT, "%,d rows", rows);
        result.add(measured(stage, contender, label, USUAL_PARTITIONS, List.of(Dataset.six(rows))));
      }
    }
    return result;
  }

  private static GrowthResult.Row measured(
      Stage stage, Contender node, String label, int partitions, List<Dataset> datasets)
      throws Exception {
    List<String> topics = new ArrayList<>();
    List<Contender.Prepared> prepared = new ArrayList<>();
    long rowsOfEach = 0;
    Job job = null;
    for (var dataset : datasets) {
      stage.execute(dataset.make());
      rowsOfEach = Long.parseLong(stage.ask("SELECT count(*) FROM " + dataset.table()));
      var topic = stage.topic(dataset.table(), partitions);
      topics.add(topic);
      job = Job.snapshot(dataset.table(), topic, rowsOfEach);
      prepared.add(node.prepare(job));
    }
    long rows = rowsOfEach * datasets.size();
    Machine.resetPeakMemory(node.processes());
    long[] live = {0};
    var timed =
        Timed.run(
            stage,
            new Timed.Work(
                node,
                prepared,
                topics,
                0,
                rows,
                node.settle(job),
                () -> live[0] = Machine.liveHeap(node.processes())));
    for (var topic : topics) {
      TopicCheck.of(stage.brokers(), topic).requireEach(rowsOfEach, label);
    }
    stage.drop(topics);
    for (var each : prepared) {
      each.close();
    }
    for (var dataset : datasets) {
      stage.execute("DROP TABLE " + dataset.table());
    }
    var row =
        new GrowthResult.Row(
            label,
            rows,
            timed.seconds(),
            timed.cpu().sum() * 1e6 / rows,
            live[0],
            Machine.peakMemory(node.processes()),
            timed.foreignCores());
    System.out.printf(
        Locale.ROOT,
        "  %-18s %,10.0f rows/s, live heap %d MiB%n",
        label,
        rows / timed.seconds(),
        live[0] >> 20);
    return row;
  }
}
