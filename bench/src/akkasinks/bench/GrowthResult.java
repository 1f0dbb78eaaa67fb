package akkasinks.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Time and memory of one contender, size by size. */
final class GrowthResult implements Outcome {
  /**
   * @param liveHeap in the middle of the work, after a collection
   * @param peakMemory resident, since the work began
   */
  record Row(
      String label,
      long rows,
      double seconds,
      double cpuPerMillion,
      long liveHeap,
      long peakMemory,
      double foreignCores) {}

  private final String title;
  private final List<Row> rows = new ArrayList<>();

  GrowthResult(String title) {
    this.title = title;
  }

  void add(Row row) {
    rows.add(row);
  }

  @Override
  public String name() {
    return "10";
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
            "  %-18s %12s %9s %11s %9s %9s %9s %9s%n",
            "",
            "rows",
            "seconds",
            "rows/s",
            "CPU s/M",
            "live MiB",
            "peak MiB",
            "foreign"));
    for (var row : rows) {
      lines.append(
          String.format(
              Locale.ROOT,
              "  %-18s %,12d %9.1f %,11.0f %9.2f %9d %9d %9.2f%n",
              row.label,
              row.rows,
              row.seconds,
              row.rows / row.seconds,
              row.cpuPerMillion,
              row.liveHeap >> 20,
              row.peakMemory >> 20,
              row.foreignCores));
    }
    return lines.toString();
  }

  @Override
  public String json() {
    return "{\"case\": \"10\", \"title\": %s, \"growth\": [\n    %s]}"
        .formatted(
            Figures.quoted(title),
            rows.stream()
                .map(
                    row ->
                        String.format(
                            Locale.ROOT,
                            "{\"name\": %s, \"rows\": %d, \"seconds\": %.3f,"
                                + " \"cpu_seconds_per_million\": %.2f, \"live_heap_bytes\": %d,"
                                + " \"peak_memory_bytes\": %d, \"foreign_cores\": %.2f}",
                            Figures.quoted(row.label),
                            row.rows,
                            row.seconds,
                            row.cpuPerMillion,
                            row.liveHeap,
                            row.peakMemory,
                            row.foreignCores))
                .collect(Collectors.joining(",\n    ")));
  }

  @Override
  public List<Bar> bars() {
    return rows.stream()
        .map(
            row ->
                new Bar(
                    Node.OURS + ", " + row.label,
                    row.rows / row.seconds,
                    String.format(
                        Locale.ROOT,
                        "%,.0f/s, %d MiB live",
                        row.rows / row.seconds,
                        row.liveHeap >> 20)))
        .toList();
  }
}
