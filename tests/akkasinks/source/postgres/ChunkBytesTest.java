package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.Batch;
import akkasinks.testing.RealPostgres;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A chunk ends at so many bytes too, and goes on exactly after its last row. */
class ChunkBytesTest {

  @Test
  void wideRowsAmongNarrowOnesCutChunksShortAndNoneIsLost() throws Exception {
    var db = RealPostgres.shared().createDatabase("wide");
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, text text)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t SELECT g, repeat('x', CASE WHEN g > 9000 THEN 40000 ELSE 10 END)"
            + " FROM generate_series(1, 12000) g");
    var source =
        new PostgresSource(
            new PostgresSpec(
                Sample.settings(db),
                "s_" + db.name(),
                Optional.empty(),
                "public",
                "t",
                List.of("id"),
                true,
                false,
                true,
                OnTruncate.STALL,
                new Retention(0, false),
                50_000,
                1 << 20,
                InstantSource.system()));
    var seen = new HashSet<String>();
    long rows = 0;
    long heaviest = 0;
    try (var stream = source.open(source.begin())) {
      boolean more = true;
      while (more) {
        var batch = stream.next(Sample.PATIENCE);
        more = batch.position().snapshotting() || batch.ending() == Batch.Ending.PART;
        heaviest = Math.max(heaviest, batch.weight());
        for (int i = 0; i < batch.size(); i++) {
          rows++;
          seen.add(batch.text(batch.after(i), 0));
        }
      }
    }
    source.forget();
    assertThat(rows).isEqualTo(12_000);
    assertThat(seen).hasSize(12_000);
    assertThat(heaviest).isLessThan(5 << 20);
  }
}
