package akkasinks.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How long sinks were away after their node was killed, and where that time went. */
record TakeoverResult(String name, String title, int sinks, List<Kill> kills) implements Outcome {

  /**
   * @param silent seconds until the others saw that it does not answer
   * @param out seconds until they had put it out of the cluster
   */
  record Seen(double silent, double out) {}

  /**
   * @param oldest whether it was the node with the catalog
   * @param back seconds until each of its sinks had committed something new
   */
  record Kill(
      boolean oldest,
      Seen seen,
      Map<String, Map<TakeoverLog.Step, Double>> phases,
      List<Double> back) {

    double last() {
      return back.stream().mapToDouble(b -> b).max().orElseThrow();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d sinks of %s node, silent %.1f s, out %.1f s, first back %.1f s, last %.1f s (%s)",
          back.size(),
          oldest ? "the oldest" : "a younger",
          seen.silent(),
          seen.out(),
          back.stream().mapToDouble(b -> b).min().orElseThrow(),
          last(),
          Arrays.stream(TakeoverLog.Step.values())
              .map(
                  step ->
                      String.format(
                          Locale.ROOT,
                          "%s %.1f",
                          step.name().toLowerCase(Locale.ROOT),
                          TakeoverLog.median(phases.values(), step)))
              .collect(Collectors.joining(", ")));
    }
  }

  private double[] back() {
    return kills.stream()
        .flatMap(kill -> kill.back().stream())
        .mapToDouble(b -> b)
        .sorted()
        .toArray();
  }

  double median() {
    return Figures.median(Arrays.stream(back()));
  }

  double worst() {
    return kills.stream().mapToDouble(Kill::last).max().orElseThrow();
  }

  private Collection<Map<TakeoverLog.Step, Double>> phases() {
    List<Map<TakeoverLog.Step, Double>> all = new ArrayList<>();
    kills.forEach(kill -> all.addAll(kill.phases().values()));
    return all;
  }

  private String line() {
    String steps =
        Arrays.stream(TakeoverLog.Step.values())
            .map(step -> String.format(Locale.ROOT, " %9.2f", TakeoverLog.median(phases(), step)))
            .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        "%7d %6d %8.2f %6.2f%s %9.2f %7.2f%n",
        sinks,
        kills.size(),
        Figures.median(kills.stream().mapToDouble(kill -> kill.seen().silent())),
        Figures.median(kills.stream().mapToDouble(kill -> kill.seen().out())),
        steps,
        median(),
        worst());
  }

  @Override
  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"case\": %s, \"title\": %s, \"sinks\": %d, \"kills\": %d, \"median_seconds\": %.3f,"
            + " \"worst_seconds\": %.3f, \"seconds\": %s}",
        Figures.quoted(name),
        Figures.quoted(title),
        sinks,
        kills.size(),
        median(),
        worst(),
        Figures.array(Arrays.stream(back())));
  }

  @Override
  public String table() {
    String steps =
        Arrays.stream(TakeoverLog.Step.values())
            .map(step -> String.format(Locale.ROOT, " %9s", step.name().toLowerCase(Locale.ROOT)))
            .collect(Collectors.joining());
    return String.format(
            Locale.ROOT,
            "  seconds since the kill, medians of all sinks that were on the node%n"
                + "%7s %6s %8s %6s%s %9s %7s%n",
            "sinks",
            "kills",
            "silent",
            "out",
            steps,
            "commits",
            "worst")
        + line()
        + "  complete, and no row twice\n";
  }

  @Override
  public List<Bar> bars() {
    return List.of(
        new Bar(
            Node.OURS + ", " + sinks + " sinks",
            median(),
            String.format(Locale.ROOT, "%.1f s, at worst %.1f s", median(), worst())));
  }
}
