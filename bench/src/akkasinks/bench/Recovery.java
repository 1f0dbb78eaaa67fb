package akkasinks.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A node killed in the middle of a snapshot and started again, beside one that nobody disturbs. */
final class Recovery implements Trial {
  private static final int PARTITIONS = 4;
  private static final double PER_SECOND = 250_000;

  private final String nodeOptions;
  private final long rows;

  Recovery(String nodeOptions, double scale) {
    this.nodeOptions = nodeOptions;
    this.rows = Math.max(5_000, Math.round(5_000_000 * scale));
  }

  @Override
  public String name() {
    return "11";
  }

  @Override
  public String title() {
    return String.format(Locale.ROOT, "kill -9 at half of a snapshot of %,d rows", rows);
  }

  @Override
  public Duration estimate() {
    double once = rows / PER_SECOND + rows * 1.5e-6;
    return Duration.ofSeconds(Math.round(40 + rows / Dataset.six(1).perSecond() + 3 * once));
  }

  @Override
  public Outcome run(Stage stage) throws Exception {
    var dataset = Dataset.six(rows);
    stage.execute(dataset.make());
    try (var node = Node.ours(stage, nodeOptions)) {
      measured(stage, node, dataset, Timed.Half.NOTHING);
      double undisturbed = measured(stage, node, dataset, Timed.Half.NOTHING);
      double[] away = {0};
      double killed =
          measured(
              stage,
              node,
              dataset,
              () -> {
                long began = System.nanoTime();
                node.killAndStart();
                away[0] = (System.nanoTime() - began) / 1e9;
              });
      return new Figure(title(), undisturbed, killed, away[0]);
    }
  }

  /** Seconds. */
  private double measured(Stage stage, Node node, Dataset dataset, Timed.Half half)
      throws Exception {
    var topic = stage.topic(dataset.table(), PARTITIONS);
    var job = Job.snapshot(dataset.table(), topic, rows);
    try (var prepared = node.prepare(job)) {
      var timed =
          Timed.run(
              stage,
              new Timed.Work(
                  node, List.of(prepared), List.of(topic), 0, rows, node.settle(job), half));
      TopicCheck.of(stage.brokers(), topic).requireEach(rows, name());
      return timed.seconds();
    } finally {
      stage.drop(List.of(topic));
    }
  }

  /**
   * Seconds until done.
   *
   * @param away from the kill until the new node was ready, which is in {@code killed} too
   */
  private record Figure(String title, double undisturbed, double killed, double away)
      implements Outcome {
    @Override
    public String name() {
      return "11";
    }

    @Override
    public String table() {
      if (killed < away) {
        return "  all was committed before the node was dead: too small a table to tell anything\n";
      }
      return String.format(
          Locale.ROOT,
          "  undisturbed %.1f s; killed %.1f s, %.2f times as long; of that the restart took %.1f"
              + " s, the rest costs %.1f s more%n  complete, and no row twice%n",
          undisturbed,
          killed,
          killed / undisturbed,
          away,
          killed - undisturbed - away);
    }

    @Override
    public String json() {
      return String.format(
          Locale.ROOT,
          "{\"case\": \"11\", \"title\": %s, \"undisturbed_seconds\": %.3f, \"killed_seconds\":"
              + " %.3f, \"restart_seconds\": %.3f}",
          Figures.quoted(title),
          undisturbed,
          killed,
          away);
    }

    @Override
    public List<Bar> bars() {
      return List.of(bar("undisturbed", undisturbed), bar("killed", killed));
    }

    private static Bar bar(String label, double seconds) {
      return new Bar(
          Node.OURS + ", " + label, seconds, String.format(Locale.ROOT, "%.1f s", seconds));
    }
  }
}
