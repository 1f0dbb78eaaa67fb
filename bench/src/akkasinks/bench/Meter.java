package akkasinks.bench;

import java.util.List;

/** Time, and CPU time of a contender and of those that work for it, since a moment. */
final class Meter {
  private final Stage stage;
  private final Contender contender;
  private final Cpu cpu;
  private final double all;
  private final long began;

  /** CPU seconds, by who used them. */
  record Cpu(double contender, double postgres, double broker) {
    private static Cpu of(Stage stage, Contender contender) {
      return new Cpu(
          Machine.cpu(contender.processes()),
          Machine.cpu(List.of(stage.postmaster())),
          Machine.cpu(List.of(stage.broker())));
    }

    private Cpu minus(Cpu before) {
      return new Cpu(
          contender - before.contender, postgres - before.postgres, broker - before.broker);
    }

    double sum() {
      return contender + postgres + broker;
    }
  }

  /**
   * @param foreignCores mean load by everybody else meanwhile, the bench included
   */
  record Reading(double seconds, Cpu cpu, double foreignCores) {}

  Meter(Stage stage, Contender contender) {
    this.stage = stage;
    this.contender = contender;
    this.cpu = Cpu.of(stage, contender);
    this.all = Machine.cpuOfAll();
    this.began = System.nanoTime();
  }

  Reading read() {
    double seconds = seconds();
    var used = Cpu.of(stage, contender).minus(cpu);
    double foreign = Machine.cpuOfAll() - all - used.sum();
    return new Reading(seconds, used, Math.max(0, foreign) / Math.max(seconds, 0.001));
  }

  double seconds() {
    return (System.nanoTime() - began) / 1e9;
  }
}
