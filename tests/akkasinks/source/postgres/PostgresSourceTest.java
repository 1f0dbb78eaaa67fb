package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stream of one table, on the newest and the oldest PostgreSQL that is supported. */
class PostgresSourceTest {

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void changesComeInOrderAndResumeAfterAnyBatch(int version) throws Exception {
    var db = RealPostgres.shared(version).createDatabase("flow");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    assertThat(source.inspect().keyIsUnique()).isTrue();
    var begin = source.begin();
    db.execute(
        "INSERT INTO t VALUES (1, 10), (2, NULL)",
        "UPDATE t SET n = 11 WHERE id = 1",
        "UPDATE t SET id = 3 WHERE id = 2",
        "DELETE FROM t WHERE id = 3");
    Sample.Read first;
    try (var stream = source.open(begin)) {
      first = Sample.read(stream, 5);
      assertThat(first.changes())
          .containsExactly(
              "INSERT - → 1,10",
              "INSERT - → 2,null",
              "UPDATE - → 1,11",
              "UPDATE 2,? → 3,null",
              "DELETE 3,? → -");
      assertThat(first.last().quiet()).isTrue();
      stream.confirm(first.position());
      Await.until(
          "the slot is confirmed up to the frontier",
          () ->
              db.value(
                  "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name"
                      + " = 's_"
                      + db.name()
                      + "'"),
          lsn -> Lsn.parse(lsn) == ((PostgresPosition) first.position()).end());
    }
    db.execute("INSERT INTO t VALUES (4, 40)");
    try (var stream = source.open(first.position())) {
      assertThat(Sample.read(stream, 1).changes()).containsExactly("INSERT - → 4,40");
    }
    source.forget();
    source.forget();
    assertThat(db.query("SELECT 1 FROM pg_replication_slots WHERE database = '" + db.name() + "'"))
        .isEmpty();
    assertThat(db.query("SELECT 1 FROM pg_publication")).isEmpty();
  }
}
