package akkasinks.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a case's rounds came to. */
final class Result implements Outcome {
  /** Foreign load from which on a run says so, in cores. */
  private static final double FOREIGN = 0.3;

  private final Case each;
  private final List<String> absent;
  private final Map<String, String> guarantees = new LinkedHashMap<>();
  private final Map<String, List<Timed>> rounds = new LinkedHashMap<>();
  private final Map<String, Long> peakMemory = new LinkedHashMap<>();
  private final Map<String, Long> liveHeap = new LinkedHashMap<>();

  /**
   * @param absent who does not take part, and why
   */
  Result(Case each, List<String> absent) {
    this.each = each;
    this.absent = List.copyOf(absent);
  }

  void joins(Contender contender) {
    guarantees.put(contender.name(), contender.guarantee());
  }

  /** In the order of the line-up, whoever came first in a round. */
  private List<String> contenders() {
    return guarantees.keySet().stream().filter(rounds::containsKey).toList();
  }

  void add(Timed timed) {
    rounds.computeIfAbsent(timed.contender(), _ -> new ArrayList<>()).add(timed);
  }

  /** Resident, since its JVM started. */
  void peakMemory(String contender, long bytes) {
    peakMemory.put(contender, bytes);
  }

  /** Of a contender in the middle of its work, after a collection. */
  void liveHeap(String contender, long bytes) {
    liveHeap.put(contender, bytes);
  }

  @Override
  public String name() {
    return each.name();
  }

  @Override
  public String title() {
    return String.format(Locale.ROOT, "%s, %,d changes", each.title(), each.changes());
  }

  @Override
  public List<Bar> bars() {
    return contenders().stream()
        .map(name -> new Bar(name, speed(name), String.format(Locale.ROOT, "%,.0f/s", speed(name))))
        .toList();
  }

  /** Changes per second, median. */
  double speed(String contender) {
    return Figures.median(
        rounds.getOrDefault(contender, List.of()).stream().mapToDouble(this::speed));
  }

  private double speed(Timed timed) {
    return each.changes() / timed.seconds();
  }

  private double cpuPerMillion(String contender) {
    return Figures.median(
        rounds.get(contender).stream().mapToDouble(t -> t.cpu().sum() * 1e6 / each.changes()));
  }

  /** What ours is to come near to. */
  private String limit() {
    return (each.onceEach() ? each.pipe() : Pipe.Part.READING).title();
  }

  private double ratioToPipe(String contender) {
    return speed(contender) / speed(each.pipe().title());
  }

  private double oursTo(String contender) {
    return speed(Node.OURS) / speed(contender);
  }

  @Override
  public String table() {
    var lines = new StringBuilder();
    lines.append(
        String.format(
            Locale.ROOT,
            "  %-26s %11s %23s %7s %7s %8s %9s %9s %9s %11s  %s%n",
            "",
            "changes/s",
            "min–max",
            "÷ pipe",
            "us ÷",
            "CPU s/M",
            "live MiB",
            "peak MiB",
            "disk MiB",
            "records",
            "guarantee"));
    contenders().forEach(name -> lines.append(row(name)));
    lines.append(
        String.format(
            Locale.ROOT,
            "  wanted: %.2f of \"%s\"; reached: %.2f%n",
            each.target(),
            limit(),
            speed(Node.OURS) / speed(limit())));
    absent.forEach(reason -> lines.append("  left out: ").append(reason).append('\n'));
    double foreign =
        rounds.values().stream()
            .flatMap(List::stream)
            .mapToDouble(Timed::foreignCores)
            .max()
            .orElse(0);
    if (foreign > FOREIGN) {
      lines.append(
          String.format(
              Locale.ROOT,
              "  NOTE: foreign load of up to %.2f cores: read as ratios only%n",
              foreign));
    }
    return lines.toString();
  }

  private String row(String name) {
    var all = rounds.get(name);
    var speeds = all.stream().mapToDouble(this::speed).summaryStatistics();
    return String.format(
        Locale.ROOT,
        "  %-26s %,11.0f %,11.0f–%,11.0f %7.2f %7.2f %8.2f %9s %9d %9d %,11d  %s%n",
        name,
        speed(name),
        speeds.getMin(),
        speeds.getMax(),
        ratioToPipe(name),
        oursTo(name),
        cpuPerMillion(name),
        liveHeap.containsKey(name) ? Long.toString(liveHeap.get(name) >> 20) : "",
        peakMemory.getOrDefault(name, 0L) >> 20,
        all.getLast().diskBytes() >> 20,
        all.getLast().records(),
        guarantees.getOrDefault(name, ""));
  }

  @Override
  public String json() {
    var contenders = contenders().stream().map(this::json).collect(Collectors.joining(",\n    "));
    return """
    {"case": "%s", "title": "%s", "changes": %d, "wanted_ratio": %.2f, "of": "%s", "left_out": [%s], "contenders": [
        %s]}\
    """
        .formatted(
            name(),
            each.title(),
            each.changes(),
            each.target(),
            limit(),
            absent.stream().map(Figures::quoted).collect(Collectors.joining(", ")),
            contenders);
  }

  private String json(String name) {
    return String.format(
        Locale.ROOT,
        "{\"name\": %s, \"guarantee\": %s, \"changes_per_second\": %.0f, \"ratio_to_pipe\": %.3f,"
            + " \"ours_to_it\": %.3f, \"cpu_seconds_per_million\": %.2f, \"live_heap_bytes\": %d,"
            + " \"peak_memory_bytes\": %d, \"disk_bytes\": %d, \"records\": %d, \"seconds\": %s,"
            + " \"foreign_cores\": %s}",
        Figures.quoted(name),
        Figures.quoted(guarantees.getOrDefault(name, "")),
        speed(name),
        ratioToPipe(name),
        oursTo(name),
        cpuPerMillion(name),
        liveHeap.getOrDefault(name, 0L),
        peakMemory.getOrDefault(name, 0L),
        rounds.get(name).getLast().diskBytes(),
        rounds.get(name).getLast().records(),
        Figures.array(rounds.get(name).stream().mapToDouble(Timed::seconds)),
        Figures.array(rounds.get(name).stream().mapToDouble(Timed::foreignCores)));
  }
}
