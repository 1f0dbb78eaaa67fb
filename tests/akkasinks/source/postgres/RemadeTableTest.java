package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Batch;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A table that is dropped and created again, or whose name another bears, is another table: noticed
 * whenever it happens, and as often as the sink tries; a RESNAPSHOT goes over to it.
 */
class RemadeTableTest {
  private static final String[] REMAKE = {
    "DROP TABLE t", "CREATE TABLE t (id int PRIMARY KEY, n int)", "INSERT INTO t VALUES (5, 5)"
  };

  private static Database database(int version) throws Exception {
    var db = RealPostgres.shared(version).createDatabase("remade");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)", "INSERT INTO t VALUES (1, 1)");
    return db;
  }

  private static Database database() throws Exception {
    return database(RealPostgres.CURRENT);
  }

  private static PostgresPosition begin(PostgresSource source) {
    return (PostgresPosition) source.begin();
  }

  private static Failure refusal(PostgresSource source, PostgresPosition from) {
    return SourceChecksTest.refusal(() -> source.open(from).close());
  }

  /** What is read until the stream fails, and what it fails with. */
  private static Failure failure(ChangeSource.Stream stream, List<String> changes) {
    return SourceChecksTest.refusal(
        () -> {
          try {
            for (int i = 0; i < 300; i++) {
              changes.addAll(Sample.changes(stream.next(Sample.PATIENCE)));
            }
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void assertRemade(Failure failure) {
    assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(failure.message()).isEqualTo("table \"public\".\"t\" was dropped and created again");
    assertThat(failure.detail()).isEqualTo("The topic holds rows of the old table.");
    assertThat(failure.hint()).contains("RESNAPSHOT");
  }

  private static boolean published(Database db) throws Exception {
    return !db.query("SELECT * FROM pg_publication_tables WHERE tablename = 't'").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void whileNothingReadsItStallsEachTryUntilAResnapshotGoesOverToIt(int version) throws Exception {
    var db = database(version);
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = begin(source);
    db.execute("UPDATE t SET n = 2");
    db.execute(REMAKE);
    assertRemade(refusal(source, from));
    assertRemade(refusal(source, from));
    assertThat(published(db)).isFalse();
    var again = (PostgresPosition) source.again(Optional.of(from));
    assertThat(published(db)).isTrue();
    assertThat(again.origin()).isNotEqualTo(from.origin());
    assertThat(again.snapshot().orElseThrow().again()).isTrue();
    db.execute("INSERT INTO t VALUES (6, 6)");
    try (var stream = source.open(again)) {
      assertThat(Sample.read(stream, 2).changes())
          .allMatch(change -> change.endsWith("→ 5,5") || change.endsWith("→ 6,6"))
          .contains("READ - → 5,5");
    }
    source.forget();
  }

  @Test
  void underAPublicationOfTheUsersItIsSaidWhichTableThatLacks() throws Exception {
    var db = database();
    db.execute("CREATE PUBLICATION p FOR TABLE t");
    var source = new PostgresSource(Sample.through(Sample.spec(db, "t", "id"), "p"));
    var from = begin(source);
    db.execute(REMAKE);
    assertRemade(refusal(source, from));
    var lacking = SourceChecksTest.refusal(() -> source.again(Optional.of(from)));
    assertThat(lacking.code()).isEqualTo(Code.PREREQUISITE);
    assertThat(lacking.message())
        .isEqualTo("publication \"p\" does not contain table \"public\".\"t\"");
    assertThat(lacking.hint()).isEqualTo("ALTER PUBLICATION \"p\" ADD TABLE \"public\".\"t\";");
    assertThat(
            db.query("SELECT * FROM pg_replication_slots WHERE slot_name = 's_" + db.name() + "'"))
        .hasSize(1);
    db.execute("ALTER PUBLICATION p ADD TABLE t");
    assertRemade(refusal(source, from));
    try (var stream = source.open(source.again(Optional.of(from)))) {
      assertThat(Sample.read(stream, 1).changes()).containsExactly("READ - → 5,5");
    }
    source.forget();
  }

  /** Its own publication loses the table with it, so nothing in the stream tells. */
  @Test
  void underARunningStreamItStallsThoughNothingOfItIsPublished() throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = begin(source);
    try (var stream = source.open(from)) {
      db.execute("UPDATE t SET n = 2");
      Sample.read(stream, 1);
      db.execute("DROP TABLE t");
      var dropped = failure(stream, new ArrayList<>());
      assertThat(dropped.code()).isEqualTo(Code.UNDEFINED_TABLE);
      assertThat(dropped.message()).isEqualTo("table \"public\".\"t\" was dropped");
    }
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    assertRemade(refusal(source, from));
    source.forget();
  }

  @Test
  void betweenTwoChunksNoneOfItsRowsIsTakenForTheOldOnes() throws Exception {
    var db = database();
    db.execute("INSERT INTO t SELECT i, i FROM generate_series(2, 100) i");
    var source = new PostgresSource(Sample.snapshot(Sample.spec(db, "t", "id"), true, 3));
    try (var stream = source.open(begin(source))) {
      var changes = new ArrayList<>(Sample.read(stream, 3).changes());
      db.execute(
          "BEGIN; DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, n int);"
              + " INSERT INTO t SELECT i, -i FROM generate_series(1, 100) i; COMMIT");
      assertRemade(failure(stream, changes));
      assertThat(changes).hasSizeLessThan(100).allMatch(change -> !change.contains("-1"));
    }
    source.forget();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTableInItsPlaceIsAnother(boolean remade) throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = begin(source);
    db.execute("ALTER TABLE t RENAME TO old");
    if (remade) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)", "INSERT INTO t VALUES (5, 5)");
    }
    var failure = refusal(source, from);
    if (remade) {
      assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
      assertThat(failure.message())
          .isEqualTo(
              "table \"public\".\"t\" was renamed to \"public\".\"old\", and another bears its"
                  + " name");
      try (var stream = source.open(source.again(Optional.of(from)))) {
        assertThat(Sample.read(stream, 1).changes()).containsExactly("READ - → 5,5");
      }
    } else {
      assertThat(failure.code()).isEqualTo(Code.UNDEFINED_TABLE);
      db.execute("ALTER TABLE old RENAME TO t");
      source.open(from).close();
    }
    source.forget();
  }

  /** Changes made while it was out are in no stream, though table and slot are as they were. */
  @ParameterizedTest
  @ValueSource(strings = {"ALTER PUBLICATION %s DROP TABLE t", "DROP PUBLICATION %s"})
  void aSinksOwnPublicationThatLostTheTableIsMadeAgainByAResnapshot(String loss) throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = begin(source);
    db.execute(loss.formatted("s_" + db.name()), "INSERT INTO t VALUES (2, 2)");
    assertThat(refusal(source, from).hint())
        .isEqualTo("ALTER SINK … RESNAPSHOT makes it again and begins anew.");
    try (var stream = source.open(source.again(Optional.of(from)))) {
      assertThat(Sample.read(stream, 2).changes()).containsExactly("READ - → 1,1", "READ - → 2,2");
    }
    source.forget();
  }

  @Test
  void aPositionOfAnOlderVersionAdoptsTheTableThatItFinds() throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.snapshot(Sample.spec(db, "t", "id"), false, 1000));
    var from = begin(source);
    var older =
        new PostgresPosition(
            from.systemIdentifier(),
            from.timeline(),
            from.slot(),
            from.end(),
            from.within(),
            from.snapshot(),
            Optional.empty());
    db.execute("UPDATE t SET n = 2");
    Batch last;
    try (var stream = source.open(older)) {
      last = Sample.read(stream, 1).last();
    }
    assertThat(((PostgresPosition) last.position()).origin()).isEqualTo(from.origin());
    db.execute(REMAKE);
    assertRemade(refusal(source, (PostgresPosition) last.position()));
    source.forget();
  }
}
