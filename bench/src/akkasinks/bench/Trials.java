package akkasinks.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a run of the bench goes through, with the sizes and rounds that fit into 90 minutes. */
final class Trials {
  private static final Duration LATENCY = Duration.ofMinutes(2);
  private static final int ROUNDS = 3;

  private Trials() {}

  static List<Trial> of(Options options) {
    if (options.soak().isPresent()) {
      return List.of(new Soak(options.nodeOptions(), options.soak().get()));
    }
    List<Trial> trials = new ArrayList<>();
    for (var each : Case.all(options.scale())) {
      trials.add(new Throughput(each, options.rounds().orElse(ROUNDS), withPipe(options, each)));
    }
    if (options.peers()) {
      for (var each : Case.ofPeers(options.scale())) {
        trials.add(new Throughput(each, options.rounds().orElse(ROUNDS), withPeers(options, each)));
      }
    }
    trials.add(new Latency(forLatency(options), scaled(LATENCY, options)));
    trials.add(new Growth(options.nodeOptions(), options.scale()));
    trials.add(new Recovery(options.nodeOptions(), options.scale()));
    trials.addAll(Takeover.all(options.scale()));
    trials.add(new Rolling(options.scale()));
    trials.sort(java.util.Comparator.comparing(trial -> Trial.number(trial.name())));
    return trials.stream().filter(trial -> options.wants(trial.name())).toList();
  }

  /** Ours, the pipe, and the pipe's halves. */
  private static List<Lineup.Maker> withPipe(Options options, Case each) {
    List<Lineup.Maker> makers = new ArrayList<>();
    makers.add(each.commitInterval().isEmpty() ? node(options) : bothWays(options));
    options
        .baseline()
        .ifPresent(home -> makers.add(stage -> List.of(new Node(stage, home, "baseline", ""))));
    for (var part : each.parts()) {
      makers.add(stage -> List.of(new Pipe(stage, part)));
    }
    return makers;
  }

  private static List<Lineup.Maker> withPeers(Options options, Case each) {
    List<Lineup.Maker> makers = new ArrayList<>();
    makers.add(node(options));
    makers.add(stage -> List.of(new Pipe(stage, Pipe.Part.WHOLE)));
    makers.add(stage -> List.of(new Debezium(stage, Tuning.THROUGHPUT)));
    if (each.work() == Job.Work.SNAPSHOT) {
      makers.add(stage -> List.of(new Flink(stage, false, Tuning.THROUGHPUT)));
    }
    makers.add(stage -> List.of(new Flink(stage, true, Tuning.THROUGHPUT)));
    return makers;
  }

  private static List<Lineup.Maker> forLatency(Options options) {
    List<Lineup.Maker> makers = new ArrayList<>();
    makers.add(node(options));
    if (options.peers()) {
      makers.add(stage -> List.of(new Debezium(stage, Tuning.LATENCY)));
      makers.add(stage -> List.of(new Flink(stage, true, Tuning.LATENCY)));
    }
    return makers;
  }

  private static Lineup.Maker node(Options options) {
    return stage -> List.of(Node.ours(stage, options.nodeOptions()));
  }

  private static Lineup.Maker bothWays(Options options) {
    return stage -> {
      var node = Node.ours(stage, options.nodeOptions());
      return List.of(node, new WithoutInterval(node));
    };
  }

  private static Duration scaled(Duration time, Options options) {
    return Duration.ofSeconds(Math.max(3, Math.round(time.toSeconds() * options.scale())));
  }
}
