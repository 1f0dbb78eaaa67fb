package akkasinks.http;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/** All metrics in Prometheus' text format 0.0.4. What is not known has no sample. */
final class Metrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** One value of each sink; empty if it is not known. */
  private record Metric(
      String name, String type, String help, Function<SinkReport, OptionalDouble> value) {}

  private final StringBuilder out = new StringBuilder();

  private Metrics() {}

  static String text(List<SinkReport> sinks, Instant now) {
    Metrics metrics = new Metrics();
    metrics.states(sinks);
    // Counters of a sink that does not answer are not 0 but not known.
    List<SinkReport> known =
        sinks.stream().filter(sink -> !sink.state().equals(SinkReport.UNREACHABLE)).toList();
    for (Metric metric : perSink(now)) {
      metrics.family(metric, known);
    }
    metrics.process(sinks.size());
    return metrics.out.toString();
  }

  private static List<Metric> perSink(Instant now) {
    return List.of(
        counter("rows_in", "Source changes consumed, before netting.", s -> s.counters().rowsIn()),
        counter(
            "records_out",
            "Records committed to the topic, without progress records.",
            s -> s.counters().recordsOut()),
        counter("bytes_out", "Bytes of keys and values committed.", s -> s.counters().bytesOut()),
        counter("commits", "Transactions committed.", s -> s.counters().commits()),
        gauge("lag_bytes", "WAL between the source's end and the frontier.", SinkReport::lagBytes),
        gauge(
            "retained_wal_bytes",
            "WAL that the sink's replication slot holds back on the source's disk.",
            SinkReport::retainedWalBytes),
        gauge(
            "snapshot_rows",
            "Rows read by the snapshot under way.",
            s -> s.snapshot().map(x -> OptionalLong.of(x.rows())).orElse(OptionalLong.empty())),
        gauge(
            "snapshot_estimated_rows",
            "Rows that the snapshot under way will read, by the source's statistics.",
            s -> s.snapshot().map(SinkReport.Snapshot::estimatedRows).orElse(OptionalLong.empty())),
        gauge(
            "stalled_seconds",
            "How long the sink has been stalled; 0 if it is not.",
            s ->
                OptionalLong.of(
                    s.state().equals("stalled")
                        ? Math.max(0, Duration.between(s.since(), now).toSeconds())
                        : 0)),
        gauge(
            "failed_attempts",
            "Starts that failed since the sink last ran well.",
            s -> OptionalLong.of(s.failures())),
        gauge(
            "incarnation",
            "Number of the sink's newest incarnation; it grows with each start.",
            s -> OptionalLong.of(s.incarnation())));
  }

  private static Metric counter(String name, String help, Function<SinkReport, Long> value) {
    return new Metric(
        "akkasinks_sink_" + name + "_total",
        "counter",
        help,
        sink -> OptionalDouble.of(value.apply(sink)));
  }

  private static Metric gauge(String name, String help, Function<SinkReport, OptionalLong> value) {
    return new Metric(
        "akkasinks_sink_" + name,
        "gauge",
        help,
        sink -> {
          OptionalLong known = value.apply(sink);
          return known.isPresent() ? OptionalDouble.of(known.getAsLong()) : OptionalDouble.empty();
        });
  }

  private void states(List<SinkReport> sinks) {
    head("akkasinks_sink_state", "gauge", "1 for the state that the sink is in, else 0.");
    for (SinkReport sink : sinks) {
      for (String state : SinkReport.STATES) {
        String labels = label("sink", sink.name()) + "," + label("state", state);
        sample("akkasinks_sink_state", labels, state.equals(sink.state()) ? 1 : 0);
      }
    }
  }

  private void family(Metric metric, List<SinkReport> sinks) {
    head(metric.name(), metric.type(), metric.help());
    for (SinkReport sink : sinks) {
      metric
          .value()
          .apply(sink)
          .ifPresent(value -> sample(metric.name(), label("sink", sink.name()), value));
    }
  }

  private void process(int sinks) {
    head("akkasinks_sinks", "gauge", "Sinks in the catalog.");
    sample("akkasinks_sinks", "", sinks);
    var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    head("jvm_memory_used_bytes", "gauge", "Heap in use.");
    sample("jvm_memory_used_bytes", label("area", "heap"), memory.getUsed());
    head("jvm_memory_max_bytes", "gauge", "Largest size of the heap.");
    sample("jvm_memory_max_bytes", label("area", "heap"), memory.getMax());
    head("process_start_time_seconds", "gauge", "Start of the process, in Unix time.");
    sample(
        "process_start_time_seconds",
        "",
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
  }

  private void head(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(escape(help)).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String labels, double value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(number(value)).append('\n');
  }

  /** Whole numbers without an exponent: easier to read, and exact up to 2^53. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 0x1p53
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String label(String name, String value) {
    return name + "=\"" + escape(value).replace("\"", "\\\"") + "\"";
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }
}
