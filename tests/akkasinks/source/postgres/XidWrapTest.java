package akkasinks.source.postgres;

import akkasinks.testing.NextXid;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.Seeds;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Goal: the snapshot is exact while the stream's 32-bit transaction ids wrap around. Method: the
 * snapshot's harness on a server whose 64-bit ids are about to cross a multiple of 2³².
 */
class XidWrapTest {
  static final Map<String, String> SETTINGS =
      Map.of("max_prepared_transactions", "20", "autovacuum", "off");

  private static final long EPOCH = 1L << 32;

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void whatComesOutIsTheTableThoughTransactionIdsWrapInTheMiddle(int version) throws Exception {
    check(version, 2);
  }

  @Test
  @Tag("full")
  void whatComesOutIsTheTableThoughTransactionIdsWrapAgainAndAgain() throws Exception {
    check(RealPostgres.CURRENT, 40);
  }

  private static void check(int version, int epochs) throws Exception {
    try (var postgres = RealPostgres.start(version, SETTINGS)) {
      var database = postgres.createDatabase("wrap");
      Seeds.forAll(
          epochs,
          random -> {
            long boundary = aheadOfAWrap(postgres, 60 + random.nextInt(300));
            // No stalls: they would keep the ids from coming to the boundary.
            var harness = new SnapshotHarness(database, random, false, version >= 15);
            harness.run(() -> NextXid.of(postgres) > boundary);
          });
    }
  }

  /** The boundary that is so many ids ahead of the server now. */
  static long aheadOfAWrap(RealPostgres postgres, int ids) throws Exception {
    long boundary = (NextXid.of(postgres) / EPOCH + 1) * EPOCH;
    NextXid.set(postgres, boundary - ids);
    return boundary;
  }
}
