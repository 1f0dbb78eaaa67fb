package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys whose order the database must be asked for are asked for many at a time. */
class ForeseenKeysTest {
  private static final int CHANGES = 20_000;

  @Test
  void manyTransactionsOfOneRowCostFewQueriesDuringASnapshot() throws Exception {
    var db = RealPostgres.shared().createDatabase("foreseen");
    db.execute(
        "CREATE TABLE t (k text COLLATE \"de-x-icu\", v int, n int, PRIMARY KEY (n, k))",
        "INSERT INTO t SELECT md5(i::text), 0, i % 3 FROM generate_series(1, 20000) i",
        """
        CREATE PROCEDURE load() LANGUAGE plpgsql AS $$
        BEGIN
          FOR i IN 1..%d LOOP
            UPDATE t SET v = v + 1 WHERE k = md5((1 + i * 7919 %% 20000)::text)
              AND n = (1 + i * 7919 %% 20000) %% 3;
            COMMIT;
          END LOOP;
        END $$
        """
            .formatted(CHANGES));
    var source =
        new PostgresSource(
            new PostgresSpec(
                Sample.settings(db),
                "s_" + db.name(),
                Optional.empty(),
                "public",
                "t",
                List.of("n", "k"),
                true,
                false,
                true,
                OnTruncate.STALL,
                new Retention(0, false),
                1000,
                1 << 20,
                InstantSource.system()));
    var from = source.begin();
    db.execute("CALL load()");
    long end = Lsn.parse(String.valueOf(db.value("SELECT pg_current_wal_insert_lsn()")));
    long before = transactions(db);
    try (var stream = source.open(from)) {
      var batch = stream.next(Sample.PATIENCE);
      while (Lsn.before(((PostgresPosition) batch.position()).end(), end)) {
        batch = stream.next(Sample.PATIENCE);
      }
    }
    assertThat(transactions(db) - before).isPositive().isLessThan(CHANGES / 5);
    source.forget();
  }

  /** What a session has done is counted when it ends, at the latest. */
  private static long transactions(Database db) throws Exception {
    Await.until(
        "all other sessions have ended",
        () ->
            db.query(
                "SELECT pid, query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND datname = current_database()"),
        List::isEmpty);
    return Long.parseLong(
        String.valueOf(
            db.value(
                "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")));
  }
}
