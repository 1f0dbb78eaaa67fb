package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.change.Lsn;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table is altered just while its slot is being made. PostgreSQL does not note a transaction that
 * begins after the slot's first look at the running transactions and is over before the second, and
 * decodes by a catalog without it.
 */
class SlotCreationTest {
  static Stream<Arguments> histories() {
    return RealPostgres.versions().stream()
        .flatMap(
            version ->
                Stream.of(
                    Arguments.of(version, "TRUNCATE t", ""),
                    Arguments.of(version, "ALTER TABLE t ALTER COLUMN n TYPE bigint", ""),
                    Arguments.of(version, "ALTER TABLE t ADD COLUMN m int DEFAULT 7", ",7"),
                    Arguments.of(version, "ALTER TABLE t DROP COLUMN n, ADD COLUMN n int", "")));
  }

  private static Database database(int version) throws Exception {
    var db = RealPostgres.shared(version).createDatabase("creation");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)", "CREATE TABLE other (id int)");
    return db;
  }

  @ParameterizedTest
  @MethodSource("histories")
  void theSlotIsMadeAgainSoThatNothingComesByTheCatalogOfBefore(
      int version, String ddl, String added) throws Exception {
    var db = database(version);
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var again = new AtomicInteger();
    FailPoints.arm("source.slot.create.again", again::incrementAndGet);
    Position from;
    try {
      from = altered(db, ddl, source::begin);
    } finally {
      FailPoints.disarm("source.slot.create.again");
    }
    assertThat(again).hasValue(1);
    try (var stream = source.open(from)) {
      db.execute("INSERT INTO t (id, n) VALUES (2, 2)");
      assertThat(Sample.read(stream, 1).changes()).containsExactly("INSERT - → 2,2" + added);
    }
    source.forget();
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void whereTablesAreAlteredAllTheTimeTheSlotIsMadeBesideAnother(int version) throws Exception {
    var db = database(version);
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var again = new AtomicInteger();
    FailPoints.arm("source.slot.create.again", again::incrementAndGet);
    FailPoints.arm("source.slot.create.after", () -> alter(db));
    Position from;
    try {
      from = source.begin();
    } finally {
      FailPoints.disarm("source.slot.create.again");
      FailPoints.disarm("source.slot.create.after");
    }
    assertThat(again).hasValue(3);
    try (var stream = source.open(from)) {
      db.execute("INSERT INTO t VALUES (2, 2)");
      assertThat(Sample.read(stream, 1).changes()).containsExactly("INSERT - → 2,2");
    }
    source.forget();
  }

  /** A table that is not the sink's: its slot may yet begin from what this one leaves behind. */
  private static void alter(Database db) {
    try {
      db.execute("TRUNCATE other");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void aSlotMadeBesideAnotherIsDecodedByTheCatalogAsItIs(int version, String ddl, String added)
      throws Exception {
    var db = database(version);
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var before = (PostgresPosition) source.begin();
    long point = altered(db, ddl, () -> made(db).createBesideAnother().consistentPoint());
    for (int i = 2; i < 4; i++) {
      try (var stream = source.open(at(before, point))) {
        db.execute("INSERT INTO t (id, n) VALUES (%d, %d)".formatted(i, i));
        assertThat(Sample.read(stream, i).changes())
            .startsWith("INSERT - → 1,null" + added, "INSERT - → 2,2" + added);
      }
      db.execute("CHECKPOINT");
    }
    assertThat(db.query("SELECT slot_name FROM pg_replication_slots WHERE temporary")).isEmpty();
    source.forget();
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void aSlotThatCannotBeDecodedSaysSoAndResnapshotMakesAnother(int version) throws Exception {
    var db = database(version);
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var before = (PostgresPosition) source.begin();
    var from = at(before, altered(db, "TRUNCATE t", () -> made(db).create().consistentPoint()));
    for (int i = 0; i < 2; i++) {
      var failure = SourceHistoryTest.stall(source, from);
      assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
      assertThat(failure.message())
          .startsWith("PostgreSQL cannot decode slot \"s_" + db.name() + "\": could not map file")
          .endsWith(" to relation OID");
      assertThat(failure.detail()).contains("first transaction that commits after");
      assertThat(failure.hint()).contains("RESNAPSHOT");
    }
    var anew = (PostgresPosition) source.again(Optional.of(from));
    assertThat(Lsn.before(from.end(), anew.end())).isTrue();
    try (var stream = source.open(anew)) {
      db.execute("INSERT INTO t VALUES (2, 2)");
      Await.until(
          "the row that came after",
          () -> Sample.read(stream, 1).changes().toString().contains("2,2"));
    }
    source.forget();
  }

  @Test
  void aSlotThatReadsWellIsKeptForAResnapshot() throws Exception {
    var db = database(RealPostgres.CURRENT);
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = (PostgresPosition) source.begin();
    assertThat(((PostgresPosition) source.again(Optional.of(from))).end()).isEqualTo(from.end());
    db.execute("INSERT INTO t VALUES (1, 1)");
    assertThat(((PostgresPosition) source.again(Optional.of(from))).end()).isEqualTo(from.end());
    source.forget();
  }

  /** The source's slot, to be made anew. */
  private static Slot made(Database db) throws SQLException {
    db.execute("SELECT pg_drop_replication_slot('s_" + db.name() + "')");
    return new Slot(new Sessions(Sample.settings(db)), "s_" + db.name());
  }

  private static PostgresPosition at(PostgresPosition before, long point) {
    return before.at(point, Optional.empty(), Optional.empty());
  }

  /**
   * A commit that waits for a synchronous standby is in the log, so the slot counts it as before
   * its beginning and will not stream it; and it is visible to nobody, so a chunk read now lacks
   * it.
   */
  @Test
  void aCommitBeforeTheSlotThatAStandbyKeepsInvisibleIsWaitedForByTheFirstChunk() throws Exception {
    try (var server =
        RealPostgres.start(RealPostgres.CURRENT, Map.of("synchronous_commit", "on"))) {
      var db = server.createDatabase("stalled");
      db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)", "CREATE TABLE other (id int)");
      db.execute("INSERT INTO t VALUES (1, 1)");
      var spec = Sample.snapshot(Sample.spec(db, "t", "id"), true, 1000);
      var source = new PostgresSource(spec);
      var commits = new ArrayList<Thread>();
      var from =
          meanwhile(db, () -> {}, () -> commits.addAll(commitInvisibly(db)), source::begin).get();
      var seen = new ArrayList<String>();
      try (var stream = source.open(from)) {
        for (int i = 0; i < 5; i++) {
          seen.addAll(Sample.read(stream, 0).changes());
        }
        assertThat(seen).as("while nobody sees the commit").isEmpty();
        standby(db, "");
        for (var commit : commits) {
          commit.join();
        }
        assertThat(Sample.read(stream, 2).changes())
            .containsExactly("READ - → 1,1", "READ - → 2,2");
      }
    }
  }

  /** Row 2 of t, and one elsewhere to learn that commits wait. */
  private static List<Thread> commitInvisibly(Database db) throws Exception {
    standby(db, "ghost");
    var probes = new ArrayList<Thread>();
    Await.until(
        "commits wait for the standby",
        () -> {
          probes.removeIf(probe -> !probe.isAlive());
          if (probes.isEmpty()) {
            probes.add(inBackground(db, "INSERT INTO other VALUES (99)"));
          }
          return waitingForTheStandby(db) == 1;
        });
    probes.add(inBackground(db, "INSERT INTO t VALUES (2, 2)"));
    Await.until("the commit waits", () -> waitingForTheStandby(db) == 2);
    return probes;
  }

  private static Thread inBackground(Database db, String sql) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                db.execute(sql);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static int waitingForTheStandby(Database db) throws SQLException {
    return db.query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'").size();
  }

  private static void standby(Database db, String name) throws SQLException {
    db.execute(
        "ALTER SYSTEM SET synchronous_standby_names = '" + name + "'", "SELECT pg_reload_conf()");
  }

  private static <T> T altered(Database db, String ddl, Callable<T> make) throws Exception {
    try (var writer = db.connect()) {
      var last = new AtomicReference<String>();
      var making = meanwhile(db, () -> db.execute(ddl), () -> last.set(begin(writer, "t")), make);
      Await.until("the slot is there", () -> making.isDone() || awaited(db, last.get()));
      writer.commit();
      return making.get();
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  /**
   * Has a slot made while transactions stand as they must: one that the slot waits for, and one
   * that it waits for after that.
   *
   * @param between the slot's two looks at the running transactions
   * @param after the second look, before the slot is there
   */
  private static <T> FutureTask<T> meanwhile(
      Database db, Step between, Step after, Callable<T> make) throws Exception {
    var making = new FutureTask<>(make);
    var reached = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    FailPoints.arm(
        "source.slot.create.before",
        () -> {
          reached.countDown();
          Await.latch(go);
        });
    try (var first = db.connect();
        var second = db.connect()) {
      Thread.ofPlatform().daemon().start(making);
      Await.latch(reached);
      var one = begin(first, "other");
      go.countDown();
      Await.until("the slot waits for the first", () -> awaited(db, one));
      var two = begin(second, "other");
      between.run();
      first.commit();
      Await.until("the slot waits for the second", () -> awaited(db, two));
      after.run();
      // A commit might wait for a standby.
      second.rollback();
      return making;
    } finally {
      FailPoints.disarm("source.slot.create.before");
      go.countDown();
    }
  }

  private static String begin(Connection connection, String table) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("INSERT INTO " + table + " VALUES (1)");
      try (var row = statement.executeQuery("SELECT pg_current_xact_id()::xid::text")) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private static boolean awaited(Database db, String xid) throws SQLException {
    return "t"
        .equals(
            db.value(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'transactionid'"
                    + " AND NOT granted AND transactionid::text = '"
                    + xid
                    + "')"));
  }
}
