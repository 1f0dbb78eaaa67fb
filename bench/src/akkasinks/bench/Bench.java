package akkasinks.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every contender side by side in one run: one Postgres, one broker, contenders interleaved round by round
 * after a warm-up round, each topic read by an independent reader before its time counts.
 *
 * <p>Usage: {@code Bench PRODUCT_HOME [--case N]… [--quick] [--rounds N] [--no-peers] [--scale F] [--json FILE]
 * [--svg FILE] [--baseline CHECKOUT]}: a baseline is another build of ours, to see what a change has brought
 */
public final class Bench {
  private static final int PARTITIONS = 4;
  private static final Duration SETTLE = Duration.ofMillis(700);

  private final Options options;
  private final Stage stage;
  private final List<Result> results = new ArrayList<>();

  private Bench(Options options, Stage stage) {
    this.options = options;
    this.stage = stage;
  }

  public static void main(String[] args) throws Exception {
    var options = Options.parse(args);
    int status = 0;
    try (var stage = new Stage(options.product())) {
      var bench = new Bench(options, stage);
      for (var each : options.cases()) {
        bench.run(each);
      }
      bench.report();
    } catch (Exception e) {
      e.printStackTrace();
      status = 1;
    }
    System.exit(status);
  }

  private void run(Case each) throws Exception {
    System.out.printf("%ncase %s: %s, %,d changes%n", each.name(), each.title(), each.changes());
    if (each.work() == Job.Work.SNAPSHOT) {
      execute(each.make());
    }
    List<Contender> contenders = new ArrayList<>();
    try {
      contenders.add(new Node(stage, options.product(), Node.OURS, options.javaOptions()));
      if (options.baseline().isPresent()) {
        contenders.add(new Node(stage, options.baseline().get(), "baseline", ""));
      }
      for (var part : Pipe.Part.values()) {
        contenders.add(new Pipe(stage, part));
      }
      int valueBytes = 0;
      var result = new Result(each);
      for (int round = 0; round <= options.rounds(); round++) {
        if (each.work() == Job.Work.CHANGES) {
          execute(each.make());
        }
        valueBytes = round(each, contenders, round, valueBytes, result);
      }
      for (var contender : contenders) {
        result.memory(contender.name(), Machine.peakMemory(contender.processes()));
      }
      results.add(result);
      System.out.println(result.table());
    } finally {
      for (var contender : contenders) {
        contender.close();
      }
    }
  }

  /** Gives the mean length of our values, which the first contender, ours, finds out in the warm-up. */
  private int round(
      Case each, List<Contender> contenders, int round, int valueBytes, Result result)
      throws Exception {
    int ours = valueBytes;
    List<Ready> ready = new ArrayList<>();
    if (each.work() == Job.Work.CHANGES) {
      for (var contender : contenders) {
        ready.add(ready(each, contender));
      }
      execute(each.load());
    }
    for (int turn = 0; turn < contenders.size(); turn++) {
      // Nobody always comes first: whoever does finds caches cold.
      int i = (turn + round) % contenders.size();
      var contender = contenders.get(i);
      var next = ready.isEmpty() ? ready(each, contender) : ready.get(i);
      try (var prepared = next.prepared()) {
        var timed =
            Timed.run(stage, contender, prepared, next.topic(), ours, each.records(), SETTLE);
        if (prepared.delivers()) {
          var check = TopicCheck.of(stage.brokers(), next.topic());
          require(each, contender, check);
          ours = ours == 0 ? Math.toIntExact(check.valueBytes() / check.records()) : ours;
          timed = timed.holding(check.records());
        }
        if (round == 0 && contender instanceof Node) {
          result.liveHeap(contender.name(), Machine.liveHeap(contender.processes()));
        }
        System.out.printf(
            "  round %d%s  %-16s %,10.0f/s  %5.2f CPU s a million (%.2f + Postgres %.2f + broker %.2f), foreign %.2f cores%n",
            round,
            round == 0 ? " (warm-up)" : "",
            contender.name(),
            each.changes() / timed.seconds(),
            timed.cpu().sum() * 1e6 / each.changes(),
            timed.cpu().contender() * 1e6 / each.changes(),
            timed.cpu().postgres() * 1e6 / each.changes(),
            timed.cpu().broker() * 1e6 / each.changes(),
            timed.foreignCores());
        if (round > 0) {
          result.add(timed);
        }
      }
      stage.drop(next.topic());
    }
    return ours;
  }

  private record Ready(String topic, Contender.Prepared prepared) {}

  private Ready ready(Case each, Contender contender) throws Exception {
    var topic = stage.topic(PARTITIONS);
    var job =
        new Job(
            each.table(), topic, each.work(), each.envelope(), each.changes(), each.commitInterval());
    return new Ready(topic, contender.prepare(job));
  }

  private static void require(Case each, Contender contender, TopicCheck check) {
    long ids = each.onceEach() ? each.records() : 1_000;
    boolean complete =
        check.ids() == ids && (!each.onceEach() || (check.doubled() == 0 && check.records() == each.records()));
    if (!complete && !(contender instanceof Pipe)) {
      throw new IllegalStateException(contender.name() + " is not complete: " + check);
    }
  }

  private void execute(List<String> statements) throws Exception {
    stage.execute(statements.toArray(String[]::new));
  }

  private void report() throws Exception {
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), Result.json(results));
    }
    if (options.svg().isPresent()) {
      Files.writeString(options.svg().get(), Chart.svg(results));
    }
  }

  record Options(
      Path product,
      List<Case> cases,
      int rounds,
      String javaOptions,
      Optional<Path> baseline,
      Optional<Path> json,
      Optional<Path> svg) {

    static Options parse(String[] args) {
      List<Integer> numbers = new ArrayList<>();
      double scale = 1;
      int rounds = 5;
      String javaOptions = "";
      Optional<Path> baseline = Optional.empty();
      Optional<Path> json = Optional.empty();
      Optional<Path> svg = Optional.empty();
      for (int i = 1; i < args.length; i++) {
        switch (args[i]) {
          case "--case" -> numbers.add(Integer.parseInt(args[++i]));
          case "--rounds" -> rounds = Integer.parseInt(args[++i]);
          case "--scale" -> scale = Double.parseDouble(args[++i]);
          case "--node-options" -> javaOptions = args[++i];
          case "--baseline" -> baseline = Optional.of(Path.of(args[++i]).toAbsolutePath());
          case "--json" -> json = Optional.of(Path.of(args[++i]));
          case "--svg" -> svg = Optional.of(Path.of(args[++i]));
          case "--quick" -> {
            numbers.addAll(List.of(1, 5));
            scale = 0.1;
            rounds = 1;
          }
          default -> throw new IllegalArgumentException("unknown option " + args[i]);
        }
      }
      var cases =
          Case.all(scale).stream()
              .filter(c -> numbers.isEmpty() || numbers.contains(c.number()))
              .toList();
      return new Options(Path.of(args[0]).toAbsolutePath(), cases, rounds, javaOptions, baseline, json, svg);
    }
  }
}
