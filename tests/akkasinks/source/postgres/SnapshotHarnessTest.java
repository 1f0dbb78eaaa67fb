package akkasinks.source.postgres;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akkasinks.testing.RealPostgres;
import akkasinks.testing.Seeds;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The resumable snapshot against a real Postgres, under every kind of traffic at once. */
class SnapshotHarnessTest {
  /** A seed mostly waits. */
  private static final int LANES = 4;

  private static RealPostgres postgres;
  private static RealPostgres.Database database;

  @BeforeAll
  static void up() {
    postgres =
        RealPostgres.start(
            RealPostgres.CURRENT,
            Map.of(
                "max_prepared_transactions",
                "20",
                "max_replication_slots",
                "40",
                "max_wal_senders",
                "40"));
    database = postgres.createDatabase("harness");
  }

  @AfterAll
  static void down() {
    postgres.close();
  }

  @Test
  void whatComesOutIsTheTableWhateverIsWrittenAndWhereverTheReaderCrashes() {
    check(1, Integer.getInteger("seeds", 20));
  }

  @Test
  @Tag("full")
  void whatComesOutIsTheTableInManyMoreRuns() {
    check(LANES, Integer.getInteger("seeds", 1_000));
  }

  private static void check(int lanes, int seeds) {
    var crashes = new AtomicInteger();
    var chunks = new AtomicInteger();
    Seeds.forAll(
        lanes,
        seeds,
        random -> {
          var harness = new SnapshotHarness(database, random, true, true);
          harness.run();
          crashes.addAndGet(harness.crashes);
          chunks.addAndGet(harness.chunks);
        });
    assertTrue(crashes.get() > 0 && chunks.get() > 0, "nothing happened");
  }
}
