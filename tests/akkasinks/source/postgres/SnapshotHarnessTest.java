package akkasinks.source.postgres;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The resumable snapshot against a real Postgres, under every kind of traffic at once. */
class SnapshotHarnessTest {
  /** A seed mostly waits. */
  private static final int LANES = 4;

  private final List<RealPostgres> servers = new ArrayList<>();

  @AfterEach
  void down() {
    servers.forEach(RealPostgres::close);
  }

  @Test
  void whatComesOutIsTheTableWhateverIsWrittenAndWhereverTheReaderCrashes() throws Exception {
    check(1, Integer.getInteger("seeds", 20));
  }

  @Test
  @Tag("full")
  void whatComesOutIsTheTableInManyMoreRuns() throws Exception {
    check(LANES, Integer.getInteger("seeds", 400));
  }

  /**
   * Each lane has a server of its own: tables that are altered all the time beside slots that are
   * made all the time are more than PostgreSQL's decoding bears
   * (docs/decisions/2026-11-26-slot.md).
   */
  private void check(int lanes, int seeds) throws Exception {
    var free = new ArrayBlockingQueue<Database>(lanes);
    for (int lane = 0; lane < lanes; lane++) {
      var server =
          RealPostgres.start(RealPostgres.CURRENT, Map.of("max_prepared_transactions", "20"));
      servers.add(server);
      free.add(server.createDatabase("harness"));
    }
    var crashes = new AtomicInteger();
    var chunks = new AtomicInteger();
    Seeds.forAll(
        lanes,
        seeds,
        random -> {
          var database = free.take();
          var harness = new SnapshotHarness(database, random, true, true);
          harness.run();
          crashes.addAndGet(harness.crashes);
          chunks.addAndGet(harness.chunks);
          free.add(database);
        });
    assertTrue(crashes.get() > 0 && chunks.get() > 0, "nothing happened");
  }
}
