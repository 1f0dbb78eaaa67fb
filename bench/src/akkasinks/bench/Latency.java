package akkasinks.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * From the return of a commit in Postgres until a read_committed consumer has the row, at a steady
 * rate. Both ends are threads of this process, with one clock.
 */
final class Latency implements Trial {
  private static final List<Integer> RATES = List.of(1_000, 5_000);
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final int PARTITIONS = 4;

  private final List<Lineup.Maker> makers;
  private final Duration steady;
  private final Duration warmUp;

  /**
   * @param steady how long at each rate, for each contender
   */
  Latency(List<Lineup.Maker> makers, Duration steady) {
    this.makers = makers;
    this.steady = steady;
    this.warmUp = steady.dividedBy(3).compareTo(WARM_UP) < 0 ? steady.dividedBy(3) : WARM_UP;
  }

  @Override
  public String name() {
    return "9";
  }

  @Override
  public String title() {
    return "latency at 1,000 and 5,000 single-row commits a second, each for "
        + steady.toSeconds()
        + " s";
  }

  @Override
  public Duration estimate() {
    var turn = steady.plus(warmUp).plusSeconds(12);
    return turn.multipliedBy((long) makers.size() * RATES.size()).plusSeconds(25);
  }

  @Override
  public Outcome run(Stage stage) throws Exception {
    var dataset = Dataset.empty();
    var job = Job.changes(dataset.table(), "");
    try (var lineup = Lineup.start(stage, makers)) {
      var contenders = lineup.able(job);
      var result = new LatencyResult(title(), lineup.absent());
      for (int rate : RATES) {
        for (var contender : contenders) {
          stage.execute(dataset.make());
          var topic = stage.topic(dataset.table(), PARTITIONS);
          try (var prepared = contender.prepare(job.into(topic))) {
            prepared.begin(0);
            result.add(measured(stage, contender, topic, rate));
          }
          stage.drop(List.of(topic));
        }
      }
      return result;
    }
  }

  private LatencyResult.Row measured(Stage stage, Contender contender, String topic, int rate)
      throws Exception {
    var writer = new Writer(stage, "bench", rate, warmUp.plus(steady));
    try (var arrivals = new Arrivals(stage.brokers(), topic, writer.rows())) {
      var meter = new Meter(stage, contender);
      writer.start();
      double reached = writer.join();
      var reading = meter.read();
      awaitAll(contender, arrivals, writer.rows());
      int from = Math.toIntExact(rate * warmUp.toMillis() / 1_000) + 1;
      var millis =
          IntStream.rangeClosed(from, writer.rows())
              .mapToDouble(id -> (arrivals.seenAt(id) - writer.committedAt(id)) / 1e6)
              // Visible before the writer knew of its commit.
              .map(late -> Math.max(0, late))
              .toArray();
      Arrays.sort(millis);
      var row =
          new LatencyResult.Row(
              contender.name(),
              rate,
              reached,
              at(millis, 0.5),
              at(millis, 0.99),
              at(millis, 0.999),
              at(millis, 1),
              reading.cpu().sum() * 1e6 / writer.rows(),
              reading.foreignCores());
      System.out.printf(
          Locale.ROOT, "  %-26s at %,d/s: p99 %.1f ms%n", contender.name(), rate, row.p99());
      return row;
    }
  }

  private static double at(double[] sorted, double quantile) {
    return sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)];
  }

  private static void awaitAll(Contender contender, Arrivals arrivals, int rows) throws Exception {
    try {
      Commands.await("all rows", Duration.ofSeconds(120), () -> arrivals.count() == rows);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          contender.name() + ": " + arrivals.count() + " of " + rows + " rows came", e);
    }
    if (arrivals.doubled() > 0) {
      throw new IllegalStateException(contender.name() + " doubled " + arrivals.doubled());
    }
  }
}
