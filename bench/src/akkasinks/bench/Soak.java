package akkasinks.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Steady load for long: the heap in use must not grow. */
final class Soak implements Trial {
  private static final int RATE = 2_000;
  private static final int PARTITIONS = 4;
  private static final int SAMPLES = 30;
  private static final Duration SHORTEST = Duration.ofSeconds(2);

  /** What the last third may hold more than the first: a tenth, and what chance adds. */
  private static final double FACTOR = 1.1;

  private static final double SLACK = 8 << 20;

  private final String nodeOptions;
  private final Duration time;

  Soak(String nodeOptions, Duration time) {
    this.nodeOptions = nodeOptions;
    this.time = time;
  }

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT, "%,d commits a second for %d s, heap in use after GC", RATE, time.toSeconds());
  }

  @Override
  public Duration estimate() {
    return time.plusSeconds(30);
  }

  @Override
  public Outcome run(Stage stage) throws Exception {
    var dataset = Dataset.empty();
    stage.execute(dataset.make());
    var topic = stage.topic(dataset.table(), PARTITIONS);
    List<Long> live = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    try (var contender = Node.ours(stage, nodeOptions);
        var prepared = contender.prepare(Job.changes(dataset.table(), topic))) {
      prepared.begin(0);
      var writer = new Writer(stage, dataset.table(), RATE, time);
      long began = System.nanoTime();
      writer.start();
      var between = time.dividedBy(SAMPLES);
      between = between.compareTo(SHORTEST) < 0 ? SHORTEST : between;
      for (var at = between; at.compareTo(time) <= 0; at = at.plus(between)) {
        long early = at.toNanos() - (System.nanoTime() - began);
        Thread.sleep(Duration.ofNanos(Math.max(0, early)));
        live.add(Machine.liveHeap(contender.processes()));
        resident.add(Machine.peakMemory(contender.processes()));
        System.out.printf(
            Locale.ROOT,
            "  after %d s: live heap %.1f MiB, peak resident %d MiB%n",
            at.toSeconds(),
            live.getLast() / 1048576.0,
            resident.getLast() >> 20);
      }
      double reached = writer.join();
      try (var topics = new Topics(stage, List.of(topic))) {
        Commands.await(
            "all rows are there", Duration.ofSeconds(120), () -> topics.stable() >= writer.rows());
      }
      TopicCheck.of(stage.brokers(), topic).requireEach(writer.rows(), name());
      return new Figure(title(), reached, List.copyOf(live), List.copyOf(resident));
    }
  }

  private record Figure(String title, double reached, List<Long> live, List<Long> resident)
      implements Outcome {
    @Override
    public String name() {
      return "soak";
    }

    private double first() {
      return median(live.subList(0, third()));
    }

    private double last() {
      return median(live.subList(live.size() - third(), live.size()));
    }

    private int third() {
      return Math.max(1, live.size() / 3);
    }

    private static double median(List<Long> bytes) {
      return Figures.median(bytes.stream().mapToDouble(b -> b));
    }

    @Override
    public boolean holds() {
      return last() <= first() * FACTOR + SLACK;
    }

    @Override
    public String table() {
      return String.format(
          Locale.ROOT,
          "  %,.0f commits/s; live heap: median of the first third %.1f MiB, of the last %.1f MiB:"
              + " %s%n",
          reached,
          first() / 1048576,
          last() / 1048576,
          holds() ? "does not grow" : "GROWS");
    }

    @Override
    public String json() {
      return "{\"case\": \"soak\", \"title\": %s, \"live_heap_bytes\": %s, \"peak_memory_bytes\": %s, \"holds\": %b}"
          .formatted(Figures.quoted(title), live, resident, holds());
    }

    @Override
    public List<Bar> bars() {
      return List.of(
          new Bar(Node.OURS + ", first third", first(), mib(first())),
          new Bar(Node.OURS + ", last third", last(), mib(last())));
    }

    private static String mib(double bytes) {
      return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576);
    }
  }
}
