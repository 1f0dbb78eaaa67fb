package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a sink costs its server, what the server's limits do to it, and a server that changes. */
class SourceLimitsTest {
  private static Database database(RealPostgres postgres) throws Exception {
    var db = postgres.createDatabase("limits");
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int)", "CREATE TABLE other (filling text NOT NULL)");
    return db;
  }

  private static void writeMegabytes(Database db, int count) throws Exception {
    db.execute(
        "INSERT INTO other SELECT repeat('x', 1000) FROM generate_series(1, 1000 * " + count + ")");
  }

  private static Failure readToFailure(ChangeSource.Stream stream) {
    return SourceChecksTest.refusal(
        () -> {
          try {
            for (int i = 0; i < 300; i++) {
              stream.next(Sample.PATIENCE);
            }
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void lagAndRetainedWalAreKnownAndGoDownOnceConfirmed() throws Exception {
    var db = database(RealPostgres.shared());
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    try (var stream = source.open(source.begin())) {
      writeMegabytes(db, 3);
      Await.until(
          "lag and retained WAL",
          stream::status,
          s -> s.lagBytes() > 3_000_000 && s.retainedBytes() > 3_000_000);
      Await.within(Duration.ofSeconds(60))
          .value(
              "the lag after all was confirmed",
              () -> {
                stream.confirm(stream.next(Duration.ofMillis(50)).position());
                return stream.status().lagBytes();
              },
              lag -> lag >= 0 && lag < 1_000_000);
    }
    source.forget();
  }

  @Test
  void aSlotThatHoldsBackTooMuchIsDroppedIfAskedForAndAResnapshotMakesANewOne() throws Exception {
    var db = database(RealPostgres.shared());
    var spec = Sample.keeping(Sample.spec(db, "t", "id"), new Retention(2_000_000, true));
    var source = new PostgresSource(spec);
    db.execute("INSERT INTO t VALUES (1, 1)");
    var from = (PostgresPosition) source.begin();
    var slots =
        "SELECT slot_name FROM pg_replication_slots WHERE slot_name = '" + spec.slot() + "'";
    try (var stream = source.open(from)) {
      writeMegabytes(db, 3);
      assertThat(readToFailure(stream).code()).isEqualTo(Code.CONNECTION_LOST);
      Await.until("the slot is dropped", () -> db.query(slots).isEmpty());
    }
    var gone = SourceChecksTest.refusal(() -> source.open(from).close());
    assertThat(gone.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(gone.message()).isEqualTo("replication slot \"" + spec.slot() + "\" is gone");
    assertThat(gone.hint()).contains("RESNAPSHOT");
    try (var stream = source.open(source.again(Optional.of(from)))) {
      assertThat(Sample.read(stream, 1).changes()).containsExactly("READ - → 1,1");
    }
    source.forget();
  }

  @Test
  void aSlotThatOnlyWarnsIsKept() throws Exception {
    var db = database(RealPostgres.shared());
    var source =
        new PostgresSource(
            Sample.keeping(Sample.spec(db, "t", "id"), new Retention(1_000_000, false)));
    try (var stream = source.open(source.begin())) {
      writeMegabytes(db, 3);
      Await.until("the limit is seen", () -> stream.status().retainedBytes() > 1_000_000);
      db.execute("INSERT INTO t VALUES (1, 1)");
      assertThat(Sample.read(stream, 1).changes()).containsExactly("INSERT - → 1,1");
    }
    source.forget();
  }

  @Test
  void walsendersThatAreAllInUseAreNamedWithTheSetting() throws Exception {
    try (var postgres = RealPostgres.start(18, Map.of("max_wal_senders", "1"))) {
      var db = database(postgres);
      var spec = Sample.spec(db, "t", "id");
      try (var _ = new Sessions(spec.settings()).replication("taken")) {
        var failure = SourceChecksTest.refusal(() -> new PostgresSource(spec).inspect());
        assertThat(failure.code()).isEqualTo(Code.PREREQUISITE);
        assertThat(failure.message()).isEqualTo("all 1 walsenders are in use");
        assertThat(failure.hint())
            .isEqualTo("ALTER SYSTEM SET max_wal_senders = 2; then restart the server.");
      }
    }
  }

  @Test
  void aForeignPartitionIsRefusedByName() throws Exception {
    var db = RealPostgres.shared().createDatabase("foreign");
    db.execute(
        "CREATE TABLE parts (id int NOT NULL) PARTITION BY RANGE (id)",
        "CREATE FOREIGN DATA WRAPPER nowhere",
        "CREATE SERVER away FOREIGN DATA WRAPPER nowhere",
        "CREATE FOREIGN TABLE far PARTITION OF parts FOR VALUES FROM (1) TO (9) SERVER away");
    var failure =
        SourceChecksTest.refusal(
            () -> new PostgresSource(Sample.spec(db, "parts", "id")).inspect());
    assertThat(failure.code()).isEqualTo(Code.NOT_SUPPORTED);
    assertThat(failure.message())
        .isEqualTo("partition \"public\".\"far\" of \"public\".\"parts\" is a foreign table");
  }

  /** A standby is refused; once promoted, it goes on what was read before it took over. */
  @Test
  void aStandbyIsRefusedAndItsPromotionIsANewTimelineOfTheSameHistory() throws Exception {
    try (var postgres = RealPostgres.start()) {
      var db = database(postgres);
      var source = new PostgresSource(Sample.spec(db, "t", "id"));
      var from = (PostgresPosition) source.begin();
      db.execute("INSERT INTO t VALUES (1, 1)");
      var data = Path.of(String.valueOf(db.value("SHOW data_directory")));
      postgres.stop();
      Files.createFile(data.resolve("standby.signal"));
      postgres.up();
      var standby = SourceChecksTest.refusal(source::inspect);
      assertThat(standby.code()).isEqualTo(Code.NOT_SUPPORTED);
      assertThat(standby.message()).isEqualTo("127.0.0.1:" + db.port() + " is a standby");
      assertThat(db.value("SELECT pg_promote()")).isEqualTo("t");
      db.execute("INSERT INTO t VALUES (2, 2)");
      PostgresPosition to;
      try (var stream = source.open(from)) {
        var read = Sample.read(stream, 2);
        assertThat(read.changes()).containsExactly("INSERT - → 1,1", "INSERT - → 2,2");
        to = (PostgresPosition) read.position();
      }
      assertThat(to.timeline()).isEqualTo(2);
      // As one that had read on from the old primary after the standby left it.
      var beyond = PostgresPosition.of(to.systemIdentifier(), 1, to.slot(), to.end());
      var lost = SourceChecksTest.refusal(() -> source.open(beyond).close());
      assertThat(lost.code()).isEqualTo(Code.HISTORY_CHANGED);
      assertThat(lost.message())
          .startsWith("the server is on timeline 2, which left the sink's at ");
      source.forget();
    }
  }

  /** The new table's rows do not continue the old one's, whose keys nobody has deleted. */
  @Test
  void aTableThatIsMadeAgainUnderTheStreamIsNotTakenForTheOldOne() throws Exception {
    var db = database(RealPostgres.shared());
    db.execute("CREATE PUBLICATION p FOR ALL TABLES");
    var source = new PostgresSource(Sample.through(Sample.spec(db, "t", "id"), "p"));
    db.execute("INSERT INTO t VALUES (1, 1)");
    var from = (PostgresPosition) source.begin();
    try (var stream = source.open(from)) {
      db.execute("UPDATE t SET n = 2");
      Sample.read(stream, 1);
      db.execute(
          "BEGIN; DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, n int);"
              + " INSERT INTO t VALUES (5, 5); COMMIT");
      var failure = readToFailure(stream);
      assertThat(failure.message())
          .isEqualTo("table \"public\".\"t\" was dropped and created again");
      assertThat(failure.hint()).contains("RESNAPSHOT");
    }
    source.forget();
  }
}
