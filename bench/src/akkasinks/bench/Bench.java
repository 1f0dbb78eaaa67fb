package akkasinks.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every contender side by side in one run: one Postgres, one broker, contenders interleaved round
 * by round after a warm-up round, each topic read by an independent reader before its time counts.
 */
public final class Bench {
  private Bench() {}

  /** Usage: {@code Bench PRODUCT_HOME [options]}; {@code bench/help.txt} has the options. */
  public static void main(String[] args) throws Exception {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) {
    Options options;
    try {
      options = Options.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println("akkasinks bench: " + e.getMessage() + "; --help lists the options");
      return 2;
    }
    var trials = Trials.of(options);
    if (trials.isEmpty()) {
      System.err.println("akkasinks bench: no such case; --help lists them");
      return 2;
    }
    plan(trials);
    List<Outcome> outcomes = new ArrayList<>();
    try {
      return run(options, trials);
    } catch (Exception e) {
      e.printStackTrace();
      return 1;
    }
  }

  private static int run(Options options, List<Trial> trials) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    var stage = new Stage(options.product());
    try {
      for (var trial : trials) {
        System.out.printf("%ncase %s: %s%n", trial.name(), trial.title());
        long began = System.nanoTime();
        var outcome = trial.run(stage);
        outcomes.add(outcome);
        System.out.print(outcome.table());
        System.out.printf("  took %s%n", inWords(Duration.ofNanos(System.nanoTime() - began)));
        // Each time: a run that is ended early keeps what it has.
        write(options, outcomes);
      }
    } catch (Exception e) {
      stage.closeAfterFailure();
      throw e;
    }
    stage.close();
    return outcomes.stream().allMatch(Outcome::holds) ? 0 : 1;
  }

  private static void plan(List<Trial> trials) {
    System.out.println("plan, with the time that each takes on two quiet cores, about:");
    var all = Duration.ZERO;
    for (var trial : trials) {
      all = all.plus(trial.estimate());
      System.out.printf(
          "  case %-10s %8s  %s%n", trial.name(), inWords(trial.estimate()), trial.title());
    }
    System.out.printf("  %-15s %8s%n", "all", inWords(all));
  }

  private static String inWords(Duration time) {
    return String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart());
  }

  private static void write(Options options, List<Outcome> outcomes) throws Exception {
    if (options.json().isPresent()) {
      Path file = options.json().get();
      var all =
          outcomes.stream().map(Outcome::json).collect(Collectors.joining(",\n", "[\n", "\n]\n"));
      Files.writeString(file, all);
    }
    if (options.svg().isPresent()) {
      Files.writeString(options.svg().get(), Chart.svg(outcomes));
    }
  }
}
