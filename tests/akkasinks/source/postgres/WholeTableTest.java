package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.testing.RealPostgres;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A table without a key is read whole, under one position, and from the start after a crash. */
class WholeTableTest {

  @Test
  void rowsComeUnderThePositionBeforeThemAndChangesFollowExactly() throws Exception {
    var db = RealPostgres.shared().createDatabase("whole");
    db.execute(
        "CREATE TABLE t (n int)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t SELECT generate_series(1, 10000)");
    var source =
        new PostgresSource(
            new PostgresSpec(
                Sample.settings(db),
                "s_" + db.name(),
                Optional.empty(),
                "public",
                "t",
                List.of(),
                false,
                false,
                true,
                OnTruncate.STALL,
                new Retention(0, false),
                100,
                1 << 20,
                InstantSource.system()));
    var begin = source.begin();
    db.execute("DELETE FROM t WHERE n = 1");
    try (var stream = source.open(begin)) {
      var some = stream.next(Sample.PATIENCE);
      assertThat(some.size()).isPositive();
      assertThat(begin.precedes(some.position())).isFalse();
    }
    db.execute("INSERT INTO t VALUES (10001)");
    try (var stream = source.open(begin)) {
      long rows = 0;
      var batch = stream.next(Sample.PATIENCE);
      for (; batch.position().equals(begin); batch = stream.next(Sample.PATIENCE)) {
        rows += batch.size();
        if (rows < 5_000) {
          db.execute("UPDATE t SET n = -n WHERE n = 2 OR n = -2");
        }
      }
      assertThat(rows).isEqualTo(10_000);
      assertThat(batch.size()).isZero();
      assertThat(batch.position().snapshotting()).isFalse();
      assertThat(begin.precedes(batch.position())).isTrue();
      assertThat(Sample.read(stream, 1).changes().getFirst()).isEqualTo("UPDATE 2 → -2");
    }
    source.forget();
  }
}
