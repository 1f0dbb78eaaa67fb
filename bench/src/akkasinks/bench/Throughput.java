package akkasinks.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A case, round by round: contenders interleaved, each topic read before its time counts. */
final class Throughput implements Trial {
  private static final int PARTITIONS = 4;

  /** For the plan's estimate: what the independent reader takes for a record. */
  private static final double CHECK_MICROS = 1.5;

  /** Most line-ups have two that fill a topic; peers are slow enough for this not to matter. */
  private static final int READ_TOPICS = 2;

  private final Case each;
  private final int rounds;
  private final List<Lineup.Maker> makers;

  /**
   * @param rounds that count; one more comes first, to warm up
   */
  Throughput(Case each, int rounds, List<Lineup.Maker> makers) {
    this.each = each;
    this.rounds = rounds;
    this.makers = makers;
  }

  @Override
  public String name() {
    return each.name();
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT, "%s; %,d changes, %d rounds", each.title(), each.changes(), rounds);
  }

  @Override
  public Duration estimate() {
    double load = each.changes() / each.dataset().perSecond();
    double work = each.changes() * each.micros() / 1e6;
    double check = each.records() * CHECK_MICROS / 1e6 * READ_TOPICS;
    double around = makers.size() * 2;
    boolean loadsOnce = each.work() != Job.Work.CHANGES;
    double warmUp = (double) each.warmUp().changes() / each.changes();
    double round = work + check + (loadsOnce ? 0 : load);
    double seconds =
        20 + (loadsOnce ? load : 0) + round * (rounds + warmUp) + around * (rounds + 1);
    return Duration.ofSeconds(Math.round(seconds));
  }

  @Override
  public Outcome run(Stage stage) throws Exception {
    if (each.work() != Job.Work.CHANGES) {
      stage.execute(each.dataset().make());
    }
    if (each.work() == Job.Work.RECORDS) {
      Feed.of(stage, each.dataset().table(), PARTITIONS);
    }
    try (var lineup = Lineup.start(stage, makers)) {
      var contenders = lineup.able(each.job(""));
      var result = new Result(each, lineup.absent());
      contenders.forEach(result::joins);
      int recordBytes = round(stage, each.warmUp(), contenders, 0, 0, result);
      for (int round = 1; round <= rounds; round++) {
        round(stage, each, contenders, round, recordBytes, result);
      }
      for (var contender : contenders) {
        result.peakMemory(contender.name(), Machine.peakMemory(contender.processes()));
      }
      return result;
    }
  }

  private record Ready(Contender contender, Job job, Contender.Prepared prepared) {}

  /**
   * Gives the mean length of our records, which the first contender, ours, finds in the warm-up.
   */
  private int round(
      Stage stage, Case now, List<Contender> all, int round, int recordBytes, Result result)
      throws Exception {
    int ours = recordBytes;
    var contenders =
        new ArrayList<>(all.stream().filter(contender -> contender.takesPart(round)).toList());
    // Nobody always comes first, whoever does finds caches cold; nor always after the same one,
    // whose log files the broker may still be cleaning away.
    Collections.rotate(contenders, -round);
    if (round % 2 == 1) {
      Collections.reverse(contenders);
    }
    if (now.work() != Job.Work.CHANGES) {
      for (var contender : contenders) {
        ours = turn(stage, now, ready(stage, now, contender), round, ours, result);
      }
      return ours;
    }
    stage.execute(now.dataset().make());
    List<Ready> waiting = new ArrayList<>();
    for (var contender : contenders) {
      waiting.add(ready(stage, now, contender));
    }
    stage.executeAtOnce(now.dataset().load());
    for (var next : waiting) {
      ours = turn(stage, now, next, round, ours, result);
    }
    return ours;
  }

  private Ready ready(Stage stage, Case now, Contender contender) throws Exception {
    var job = now.job(stage.topic(now.dataset().tables(), PARTITIONS));
    return new Ready(contender, job, contender.prepare(job));
  }

  private int turn(Stage stage, Case now, Ready next, int round, int recordBytes, Result result)
      throws Exception {
    var contender = next.contender();
    int ours = recordBytes;
    try (var prepared = next.prepared()) {
      var work =
          new Timed.Work(
              contender,
              List.of(prepared),
              next.job().topics(),
              ours,
              now.records(),
              contender.settle(next.job()),
              half(contender, round, result));
      var timed = Timed.run(stage, work);
      if (prepared.delivers()) {
        long records = 0;
        long bytes = 0;
        for (var topic : next.job().topics()) {
          var check = TopicCheck.of(stage.brokers(), topic);
          require(stage, now, contender, check);
          records += check.records();
          bytes += check.bytes();
        }
        ours = ours == 0 ? Math.toIntExact(bytes / records) : ours;
        timed = timed.holding(records);
      }
      print(now, timed, round);
      if (round > 0) {
        result.add(timed);
      }
    }
    stage.drop(next.job().topics());
    return ours;
  }

  /** A collection in the middle of the last round; the median does not see one slower round. */
  private Timed.Half half(Contender contender, int round, Result result) {
    return round == rounds
        ? () -> result.liveHeap(contender.name(), Machine.liveHeap(contender.processes()))
        : Timed.Half.NOTHING;
  }

  private static void print(Case now, Timed timed, int round) {
    System.out.printf(
        Locale.ROOT,
        "  round %d%s  %-26s %,10.0f/s  %6.2f CPU s a million (%.2f + Postgres %.2f + broker %.2f),"
            + " foreign %.2f cores%n",
        round,
        round == 0 ? " (warm-up)" : "",
        timed.contender(),
        now.changes() / timed.seconds(),
        timed.cpu().sum() * 1e6 / now.changes(),
        timed.cpu().contender() * 1e6 / now.changes(),
        timed.cpu().postgres() * 1e6 / now.changes(),
        timed.cpu().broker() * 1e6 / now.changes(),
        timed.foreignCores());
  }

  private static void require(Stage stage, Case now, Contender contender, TopicCheck check)
      throws Exception {
    if (now.onceEach()) {
      check.requireEach(now.records() / now.dataset().tables().size(), contender.name());
    } else if (!(contender instanceof Pipe)) {
      // The pipe numbers what it sends and knows no keys.
      check.requireLast(
          now.records(),
          stage.ask("SELECT sum(amount) FROM " + now.dataset().table()),
          contender.name());
    }
  }
}
