package akkasinks.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for; {@code bench/help.txt} describes it.
 *
 * @param product a checkout whose build is current
 * @param cases by number or by name; empty means all
 * @param rounds that count, in each case; empty means as many as the case is made for
 * @param nodeOptions further flags for our JVM
 * @param baseline a checkout of another build of ours, to see what a change has brought
 * @param soak how long to soak instead of running cases
 */
record Options(
    Path product,
    Set<String> cases,
    double scale,
    Optional<Integer> rounds,
    boolean peers,
    String nodeOptions,
    Optional<Path> baseline,
    Optional<Path> json,
    Optional<Path> svg,
    Optional<Duration> soak) {
  private static final double QUICK = 0.1;

  static Options parse(List<String> words) {
    var reader = new Reader(words.iterator());
    var product = Path.of(reader.next("the product's folder")).toAbsolutePath().normalize();
    while (reader.words.hasNext()) {
      reader.option(reader.words.next());
    }
    boolean quick = reader.quick;
    if (quick && reader.cases.isEmpty()) {
      reader.cases.addAll(List.of("1", "5"));
    }
    return new Options(
        product,
        Set.copyOf(reader.cases),
        reader.scale.orElse(1.0) * (quick ? QUICK : 1),
        quick ? Optional.of(reader.rounds.orElse(1)) : reader.rounds,
        reader.peers && !quick,
        reader.nodeOptions,
        reader.baseline,
        reader.json,
        reader.svg,
        reader.soak);
  }

  /** "4" wants "4 peers" too. */
  boolean wants(String name) {
    return cases.isEmpty() || cases.stream().anyMatch(each -> (name + " ").startsWith(each + " "));
  }

  private static final class Reader {
    private final java.util.Iterator<String> words;
    private final Set<String> cases = new LinkedHashSet<>();
    private Optional<Double> scale = Optional.empty();
    private Optional<Integer> rounds = Optional.empty();
    private boolean peers = true;
    private boolean quick;
    private String nodeOptions = "";
    private Optional<Path> baseline = Optional.empty();
    private Optional<Path> json = Optional.empty();
    private Optional<Path> svg = Optional.empty();
    private Optional<Duration> soak = Optional.empty();

    private Reader(java.util.Iterator<String> words) {
      this.words = words;
    }

    private String next(String what) {
      if (!words.hasNext()) {
        throw new IllegalArgumentException("missing: " + what);
      }
      return words.next();
    }

    private double number(String what) {
      var word = next(what);
      try {
        double number = Double.parseDouble(word);
        if (number > 0) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException(what + " is a number above 0, not " + word);
    }

    private void option(String name) {
      switch (name) {
        case "--case" -> cases.add(next("the case of --case"));
        case "--rounds" -> rounds = Optional.of((int) number("the number of --rounds"));
        case "--scale" -> scale = Optional.of(number("the factor of --scale"));
        case "--no-peers" -> peers = false;
        case "--quick" -> quick = true;
        case "--node-options" -> nodeOptions = next("the flags of --node-options");
        case "--baseline" ->
            baseline = Optional.of(Path.of(next("the checkout of --baseline")).toAbsolutePath());
        case "--json" -> json = Optional.of(Path.of(next("the file of --json")));
        case "--svg" -> svg = Optional.of(Path.of(next("the file of --svg")));
        case "--soak" ->
            soak =
                Optional.of(Duration.ofSeconds(Math.round(60 * number("the minutes of --soak"))));
        default -> throw new IllegalArgumentException("unknown option " + name);
      }
    }
  }
}
