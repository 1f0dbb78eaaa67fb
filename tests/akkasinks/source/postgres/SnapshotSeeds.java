package akkasinks.source.postgres;

import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.Seeds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The harness as a program, for classes patched by {@link SnapshotMutantsTest} or to watch many
 * seeds: port, database, number of seeds, first seed, whether to go on after a failure.
 */
final class SnapshotSeeds {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSeeds.class);

  private SnapshotSeeds() {}

  public static void main(String... args) throws Exception {
    var database =
        new Database("127.0.0.1", Integer.parseInt(args[0]), "postgres", "unused", args[1]);
    int seeds = Integer.parseInt(args[2]);
    long first = Long.parseLong(args[3]);
    boolean all = Boolean.parseBoolean(args[4]);
    int failed = 0;
    for (long seed = first; seed < first + seeds && (all || failed == 0); seed++) {
      long began = System.nanoTime();
      var harness =
          new SnapshotHarness(database, Seeds.random(seed * 0x9E3779B97F4A7C15L), true, true);
      String outcome = "ok";
      try {
        harness.run();
      } catch (Exception | AssertionError e) {
        failed++;
        outcome = e.toString().lines().limit(3).toList().toString();
      }
      LOG.info(
          "seed {}: {} chunks, {} crashes, {} ms {} {}",
          seed,
          harness.chunks,
          harness.crashes,
          (System.nanoTime() - began) / 1_000_000,
          harness.describe(),
          outcome);
    }
    LOG.info("{} failed", failed);
    System.exit(failed == 0 ? 0 : 1);
  }
}
