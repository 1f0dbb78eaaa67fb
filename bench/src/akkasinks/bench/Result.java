package akkasinks.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a case's rounds came to. */
final class Result {
  private final Case each;
  private final Map<String, List<Timed>> rounds = new LinkedHashMap<>();
  private final Map<String, Long> peakMemory = new LinkedHashMap<>();
  private final Map<String, Long> liveHeap = new LinkedHashMap<>();

  Result(Case each) {
    this.each = each;
  }

  void add(Timed timed) {
    rounds.computeIfAbsent(timed.contender(), _ -> new ArrayList<>()).add(timed);
  }

  void memory(String contender, long peak) {
    peakMemory.put(contender, peak);
  }

  void liveHeap(String contender, long bytes) {
    liveHeap.put(contender, bytes);
  }

  Case ofCase() {
    return each;
  }

  List<String> contenders() {
    return List.copyOf(rounds.keySet());
  }

  /** Changes per second, median. */
  double speed(String contender) {
    return median(rounds.get(contender).stream().mapToDouble(this::speed).toArray());
  }

  private double speed(Timed timed) {
    return each.changes() / timed.seconds();
  }

  private double cpu(String contender) {
    return median(
        rounds.get(contender).stream()
            .mapToDouble(t -> t.cpu().sum() * 1e6 / each.changes())
            .toArray());
  }

  String table() {
    var lines = new StringBuilder();
    lines.append(
        String.format(
            Locale.ROOT,
            "  %-16s %12s %25s %8s %8s %10s %9s %9s %9s%n",
            "", "changes/s", "min–max", "÷ pipe", "us ÷", "CPU s/M", "peak MiB", "disk MiB", "records"));
    for (var name : contenders()) {
      var all = rounds.get(name);
      lines.append(
          String.format(
              Locale.ROOT,
              "  %-16s %,12.0f %,12.0f–%,12.0f %8.2f %8.2f %10.2f %9d %9d %,9d%n",
              name,
              speed(name),
              all.stream().mapToDouble(this::speed).min().orElse(0),
              all.stream().mapToDouble(this::speed).max().orElse(0),
              speed(name) / speed(Pipe.Part.WHOLE.title()),
              speed(Node.OURS) / speed(name),
              cpu(name),
              peakMemory.getOrDefault(name, 0L) >> 20,
              all.getLast().diskBytes() >> 20,
              all.getLast().records()));
    }
    liveHeap.forEach(
        (name, bytes) ->
            lines.append(
                String.format(Locale.ROOT, "  %s: live heap %d MiB%n", name, bytes >> 20)));
    double foreign =
        rounds.values().stream()
            .flatMap(List::stream)
            .mapToDouble(Timed::foreignCores)
            .max()
            .orElse(0);
    if (foreign > 0.3) {
      lines.append(
          String.format(
              Locale.ROOT, "  NOTE: foreign load of up to %.2f cores: read as ratios only%n", foreign));
    }
    return lines.toString();
  }

  static String json(List<Result> results) {
    return results.stream().map(Result::json).collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  private String json() {
    var contenders =
        contenders().stream()
            .map(
                name ->
                    String.format(
                        Locale.ROOT,
                        "    {\"name\": \"%s\", \"changes_per_second\": %.0f, \"ratio_to_pipe\": %.3f, \"cpu_seconds_per_million\": %.2f,"
                            + " \"peak_memory_bytes\": %d, \"seconds\": %s}",
                        name,
                        speed(name),
                        speed(name) / speed(Pipe.Part.WHOLE.title()),
                        cpu(name),
                        peakMemory.getOrDefault(name, 0L),
                        rounds.get(name).stream()
                            .map(t -> String.format(Locale.ROOT, "%.3f", t.seconds()))
                            .toList()))
            .collect(Collectors.joining(",\n"));
    return "  {\"case\": \"%s\", \"title\": \"%s\", \"changes\": %d, \"contenders\": [\n%s]}"
        .formatted(each.name(), each.title(), each.changes(), contenders);
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    java.util.Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
