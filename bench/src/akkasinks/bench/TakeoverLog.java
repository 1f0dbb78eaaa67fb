package akkasinks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When sinks came to which step of a takeover, by what nodes log at level DEBUG. */
final class TakeoverLog {
  private TakeoverLog() {}

  /** The steps, in order, with the words that a log line has. */
  enum Step {
    PLACED("placed"),
    RECOVERED("Resolving"),
    RESOLVED("Starting"),
    FENCED("fenced"),
    PROGRESS("progress read"),
    BEGUN("begun"),
    OPENED("opened");

    private final String words;

    Step(String words) {
      this.words = words;
    }
  }

  /**
   * @param ids of sinks, by name
   * @return seconds since {@code from} of the first time, for each sink and step
   */
  static Map<String, Map<Step, Double>> phases(
      List<Path> logs, Instant from, Map<String, String> ids) throws IOException {
    Map<String, Map<Step, Double>> phases = new HashMap<>();
    for (var log : logs) {
      for (var line : Files.readAllLines(log)) {
        var at = time(line);
        if (at.isEmpty() || at.get().isBefore(from)) {
          continue;
        }
        for (var id : ids.entrySet()) {
          if (line.contains(id.getValue())) {
            step(line)
                .ifPresent(
                    step ->
                        phases
                            .computeIfAbsent(id.getKey(), _ -> new EnumMap<>(Step.class))
                            .putIfAbsent(step, Duration.between(from, at.get()).toMillis() / 1e3));
          }
        }
      }
    }
    return phases;
  }

  private static Optional<Step> step(String line) {
    for (var step : Step.values()) {
      if (line.contains(": " + step.words)) {
        return Optional.of(step);
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> time(String line) {
    int blank = line.indexOf(' ');
    try {
      return blank < 0
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(line.substring(0, blank)).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Median over all sinks of all kills. */
  static double median(Collection<Map<Step, Double>> all, Step step) {
    return Figures.median(
        all.stream().filter(each -> each.containsKey(step)).mapToDouble(each -> each.get(step)));
  }
}
