package akkasinks.cli.demo;

import akkasinks.http.SinkReport;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Shows sinks while they run: on a terminal one picture that is drawn again, else a line now and
 * then.
 */
public final class Screen {
  private static final int BAR = 30;
  private static final long NANOS = 1_000_000_000L;

  /** Between two looks without a terminal. */
  private static final long PLAIN_EVERY = 2 * NANOS;

  private final PrintStream out;
  private final boolean terminal;
  private final Map<String, Seen> seen = new HashMap<>();
  private int drawn;
  private long lastPlain = Long.MIN_VALUE;

  /**
   * A counter when it was last looked at.
   *
   * @param rate per second, between the last two looks
   */
  private record Seen(long count, long nanos, double rate) {}

  public Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** One bar per sink that has a snapshot under way, and what is said of the others. */
  public void snapshots(List<SinkReport> sinks, long nanos) {
    List<String> lines = new ArrayList<>();
    for (SinkReport sink : sinks) {
      lines.add(snapshot(sink, nanos));
    }
    show(lines, nanos);
  }

  /** A table, one line per sink. */
  public void sinks(List<SinkReport> sinks, String footer, long nanos) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-18s %-9s %12s %12s %-12s %10s %11s"
            .formatted("sink", "state", "rows in", "records out", "frontier", "lag", "records/s"));
    for (SinkReport sink : sinks) {
      lines.add(
          "%-18s %-9s %,12d %,12d %-12s %10s %,11.0f"
              .formatted(
                  sink.name(),
                  sink.state(),
                  sink.counters().rowsIn(),
                  sink.counters().recordsOut(),
                  sink.frontier(),
                  bytes(sink.lagBytes()),
                  rate(sink.name(), sink.counters().recordsOut(), nanos)));
      sink.error().ifPresent(failure -> lines.add("    " + failure.message()));
    }
    lines.add(footer);
    show(lines, nanos);
  }

  /** What is printed next does not belong to the picture. */
  public void release() {
    drawn = 0;
    lastPlain = Long.MIN_VALUE;
    seen.clear();
  }

  /** Any lines: instead of those that stood there, on a terminal. */
  public void show(List<String> lines, long nanos) {
    if (!terminal) {
      if (lastPlain == Long.MIN_VALUE || nanos - lastPlain >= PLAIN_EVERY) {
        lastPlain = nanos;
        lines.forEach(out::println);
      }
      return;
    }
    StringBuilder picture = new StringBuilder();
    if (drawn > 0) {
      picture.append("\u001b[").append(drawn).append('A');
    }
    for (String line : lines) {
      // Erases what an older, longer line left.
      picture.append("\u001b[2K").append(line).append('\n');
    }
    picture.append("\u001b[J");
    drawn = lines.size();
    out.print(picture);
    out.flush();
  }

  private String snapshot(SinkReport sink, long nanos) {
    String name = "%-18s ".formatted(sink.name());
    if (sink.error().isPresent()) {
      return name + sink.state() + ": " + sink.error().get().message();
    }
    if (sink.snapshot().isEmpty()) {
      return name + (sink.state().equals("running") ? "up to date" : sink.state());
    }
    SinkReport.Snapshot snapshot = sink.snapshot().get();
    double rate = rate(sink.name(), snapshot.rows(), nanos);
    String speed = "%,12d rows %,9.0f rows/s".formatted(snapshot.rows(), rate);
    if (snapshot.estimatedRows().isEmpty() || snapshot.estimatedRows().getAsLong() <= 0) {
      return name + speed;
    }
    long all = Math.max(snapshot.estimatedRows().getAsLong(), snapshot.rows());
    int full = (int) (snapshot.rows() * BAR / all);
    String left =
        rate < 1 ? "" : ", %.0f s left".formatted(Math.ceil((all - snapshot.rows()) / rate));
    String waits = sink.waiting().isEmpty() ? "" : " (" + sink.waiting() + ")";
    return name + "#".repeat(full) + ".".repeat(BAR - full) + speed + left + waits;
  }

  /** Looks closer together than half a second keep the old rate: it would jump about. */
  private double rate(String name, long count, long nanos) {
    Seen last = seen.get(name);
    if (last == null || count < last.count()) {
      seen.put(name, new Seen(count, nanos, 0));
      return 0;
    }
    long passed = nanos - last.nanos();
    if (passed < NANOS / 2) {
      return last.rate();
    }
    double rate = (count - last.count()) * (double) NANOS / passed;
    seen.put(name, new Seen(count, nanos, rate));
    return rate;
  }

  static String bytes(OptionalLong bytes) {
    if (bytes.isEmpty()) {
      return "-";
    }
    long value = bytes.getAsLong();
    if (value < 1024) {
      return value + " B";
    }
    return value < 1024 * 1024
        ? String.format(Locale.ROOT, "%.1f KiB", value / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", value / 1024.0 / 1024.0);
  }
}
