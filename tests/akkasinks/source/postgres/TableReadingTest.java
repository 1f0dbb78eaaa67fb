package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.source.ChangeSource;
import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class TableReadingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Database database = RealPostgres.shared().createDatabase("reading");
  private final ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void nothingIsLeftOnTheServer() throws SQLException {
    beside.shutdownNow();
    FailPoints.disarm("source.read.exported");
    Await.until(
        "no slot of a reading",
        () ->
            database
                .query(
                    "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"
                        + " AND slot_name LIKE 'akkasinks_read_%'")
                .isEmpty());
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void theRowsAreExactlyWhatTheStreamHasBroughtUpToTheSamePoint(int version) throws Exception {
    database = RealPostgres.shared(version).createDatabase("reading");
    var source = source(3_000);
    Map<String, String> replica = new HashMap<>(rows(source));
    var going = new AtomicBoolean(true);
    var started = source.begin();
    try (var stream = source.open(started)) {
      var traffic = beside.submit(() -> write(going));
      for (int round = 0; round < 5; round++) {
        stream.hold();
        var point = new AtomicLong();
        var opening = beside.submit(() -> cut(source, stream, point));
        follow(stream, replica, point);
        try (var reading = opening.get(60, TimeUnit.SECONDS)) {
          var rows = new HashMap<>(read(reading));
          assertThat(rows).hasSameSizeAs(replica);
          rows.entrySet().removeAll(replica.entrySet());
          assertThat(rows).as("rows that the stream does not have so").isEmpty();
        }
      }
      going.set(false);
      traffic.get(60, TimeUnit.SECONDS);
    }
    source.forget();
  }

  private static ChangeSource.Reading cut(
      ChangeSource source, ChangeSource.Stream stream, AtomicLong point) {
    var reading = source.read(PATIENCE);
    point.set(reading.point());
    stream.cutAt(reading.point());
    return reading;
  }

  /** Applies the stream until it stands at the point, which becomes known on the way. */
  private static void follow(
      ChangeSource.Stream stream, Map<String, String> replica, AtomicLong point)
      throws InterruptedException {
    Batch batch;
    do {
      batch = stream.next(Sample.PATIENCE);
      apply(batch, replica);
    } while (point.get() == 0 || !batch.position().reaches(point.get()));
  }

  private static void apply(Batch batch, Map<String, String> replica) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.before(i) != Batch.NO_ROW) {
        replica.remove(batch.text(batch.before(i), 0));
      }
      if (batch.after(i) != Batch.NO_ROW) {
        replica.put(batch.text(batch.after(i), 0), batch.text(batch.after(i), 1));
      }
    }
  }

  private Void write(AtomicBoolean going) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      for (int i = 0; going.get(); i++) {
        statement.execute(
            """
            BEGIN;
            UPDATE t SET v = 'w%1$d' WHERE id %% 97 = %1$d %% 97;
            INSERT INTO t VALUES (100000 + %1$d, 'new');
            DELETE FROM t WHERE id = 99990 + %1$d;
            COMMIT\
            """
                .formatted(i));
      }
    }
    return null;
  }

  @Test
  void onlyWhatThePublicationPublishesIsRead() throws SQLException {
    source(10);
    database.execute("CREATE PUBLICATION chosen FOR TABLE t (id, v) WHERE (id > 7)");
    var through = Sample.through(Sample.spec(database, "t", "id"), "chosen");
    assertThat(rows(new PostgresSource(through)))
        .isEqualTo(Map.of("8", "row 8", "9", "row 9", "10", "row 10"));
  }

  @Test
  void anOpenTransactionIsNamedWhenItIsInTheWay() throws Exception {
    var source = source(10);
    try (var blocker = database.connect();
        var statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (0, 'not committed')");
      int pid = blocker.unwrap(PGConnection.class).getBackendPID();
      assertThatThrownBy(() -> source.read(Duration.ofMillis(500)))
          .isInstanceOfSatisfying(
              FailureException.class,
              thrown -> {
                assertThat(thrown.failure().code()).isEqualTo(Code.BUSY);
                assertThat(thrown.failure().message()).contains("0.5 s").contains("pid " + pid);
              });
      nothingIsLeftOnTheServer();
      blocker.rollback();
    }
    assertThat(rows(source)).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TRUNCATE t", "DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, v text)"})
  void whatTookTheRowsBetweenPointAndReadingIsNotTakenForAnEmptyTable(String what)
      throws Exception {
    var source = source(10);
    FailPoints.arm("source.read.exported", () -> execute(what));
    assertThatThrownBy(() -> source.read(PATIENCE))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> assertThat(thrown.failure().code()).isEqualTo(Code.BUSY))
        .hasMessageContaining("truncated, rewritten or made again");
    FailPoints.disarm("source.read.exported");
    assertThat(database.query("SELECT * FROM t")).isEmpty();
  }

  private void execute(String sql) {
    try {
      database.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void changesAfterThePointAreNotInTheRows() throws SQLException {
    var source = source(10);
    try (var reading = source.read(PATIENCE)) {
      database.execute("UPDATE t SET v = 'later'", "DELETE FROM t WHERE id = 1");
      assertThat(read(reading)).hasSize(10).containsEntry("1", "row 1").containsEntry("2", "row 2");
    }
  }

  private PostgresSource source(int rows) throws SQLException {
    database.execute(
        "CREATE TABLE t (id int4 PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, %d) i".formatted(rows),
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "CREATE PUBLICATION every FOR TABLE t");
    return new PostgresSource(Sample.through(Sample.spec(database, "t", "id"), "every"));
  }

  private static Map<String, String> rows(ChangeSource source) {
    try (var reading = source.read(PATIENCE)) {
      return read(reading);
    }
  }

  private static Map<String, String> read(ChangeSource.Reading reading) {
    Map<String, String> rows = new HashMap<>();
    reading.rows(
        batch -> {
          assertThat(batch.size()).as("a batch is bounded").isLessThanOrEqualTo(4096);
          apply(batch, rows);
        });
    return rows;
  }
}
