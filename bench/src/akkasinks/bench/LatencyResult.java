package akkasinks.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Quantiles of latency, by contender and rate. */
final class LatencyResult implements Outcome {
  /**
   * @param reached commits a second that the writer came to
   * @param cpuPerMillion CPU seconds of the contender, Postgres and the broker
   */
  record Row(
      String contender,
      int rate,
      double reached,
      double p50,
      double p99,
      double p999,
      double max,
      double cpuPerMillion,
      double foreignCores) {}

  private final String title;
  private final List<String> absent;
  private final List<Row> rows = new ArrayList<>();

  LatencyResult(String title, List<String> absent) {
    this.title = title;
    this.absent = List.copyOf(absent);
  }

  void add(Row row) {
    rows.add(row);
  }

  @Override
  public String name() {
    return "9";
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String table() {
    var lines = new StringBuilder();
    lines.append(
        String.format(
            Locale.ROOT,
            "  %-26s %9s %9s %9s %9s %9s %9s %9s  %s%n",
            "milliseconds",
            "wanted/s",
            "reached/s",
            "p50",
            "p99",
            "p99.9",
            "max",
            "CPU s/M",
            "foreign cores, writer and reader included"));
    for (var row : rows) {
      lines.append(
          String.format(
              Locale.ROOT,
              "  %-26s %,9d %,9.0f %,9.1f %,9.1f %,9.1f %,9.1f %9.2f  %.2f%n",
              row.contender,
              row.rate,
              row.reached,
              row.p50,
              row.p99,
              row.p999,
              row.max,
              row.cpuPerMillion,
              row.foreignCores));
    }
    absent.forEach(reason -> lines.append("  left out: ").append(reason).append('\n'));
    return lines.toString();
  }

  @Override
  public String json() {
    return "{\"case\": \"9\", \"title\": %s, \"left_out\": [%s], \"latency\": [\n    %s]}"
        .formatted(
            Figures.quoted(title),
            absent.stream().map(Figures::quoted).collect(Collectors.joining(", ")),
            rows.stream().map(LatencyResult::json).collect(Collectors.joining(",\n    ")));
  }

  private static String json(Row row) {
    return String.format(
        Locale.ROOT,
        "{\"name\": %s, \"rate\": %d, \"reached\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f,"
            + " \"p999_ms\": %.2f, \"max_ms\": %.2f, \"cpu_seconds_per_million\": %.2f,"
            + " \"foreign_cores\": %.2f}",
        Figures.quoted(row.contender),
        row.rate,
        row.reached,
        row.p50,
        row.p99,
        row.p999,
        row.max,
        row.cpuPerMillion,
        row.foreignCores);
  }

  @Override
  public List<Bar> bars() {
    return rows.stream()
        .map(
            row ->
                new Bar(
                    String.format(Locale.ROOT, "%s, %,d/s", row.contender, row.rate),
                    row.p99,
                    String.format(Locale.ROOT, "p99 %,.0f ms", row.p99)))
        .toList();
  }
}
