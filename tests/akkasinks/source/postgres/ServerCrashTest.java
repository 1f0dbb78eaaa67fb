package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.FailPoints;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.Batch;
import akkasinks.change.Position;
import akkasinks.source.ChangeSource;
import akkasinks.testing.Await;
import akkasinks.testing.NextXid;
import akkasinks.testing.Processes;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.Seeds;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: with {@code synchronous_commit = off} a crash of the server takes back commits that others
 * have seen, and gives their transaction ids away again; nothing of them may have come out. Method:
 * a server whose WAL writer is frozen, so that only a synchronous commit flushes, and kill -9 of
 * all its processes: what was in its WAL buffers only is gone.
 */
class ServerCrashTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "synchronous_commit", "off",
          "autovacuum", "off",
          "checkpoint_timeout", "1h");

  private static final int ROWS = 40;
  private static final int CHUNK = 4;
  private static final Duration PATIENCE = Duration.ofMillis(20);
  private static final long MOST_NANOS = 60_000_000_000L;

  @Test
  void whatAChunkHasReadOfCommitsThatACrashTakesBackDoesNotComeOut() throws Exception {
    try (var postgres = RealPostgres.start(RealPostgres.CURRENT, SETTINGS)) {
      var run = new Run(postgres.createDatabase("crash"));
      run.begin();
      flushOnlyWhenAsked(postgres);
      run.database.execute("UPDATE t SET v = 100 + k1", "INSERT INTO t VALUES (1000, 1000)");
      long next = NextXid.of(postgres);
      var crashed = new CountDownLatch(1);
      FailPoints.arm("source.snapshot.flush", () -> Await.latch(crashed));
      try (var stream = run.source.open(run.saved)) {
        // As long as a chunk has ever taken, many times over.
        for (int i = 0; i < 100 && (run.fold.rows().isEmpty() || run.inChunk); i++) {
          run.step(stream, true);
        }
        postgres.killHard();
        crashed.countDown();
      } finally {
        FailPoints.disarm("source.snapshot.flush");
      }
      postgres.up();
      assertThat(run.database.value("SELECT count(*) FROM t WHERE v > 100"))
          .as("the crash has taken the commits back")
          .isEqualTo("0");
      assertThat(NextXid.of(postgres)).as("their ids are given away again").isLessThan(next);
      run.database.execute(
          "UPDATE t SET v = 200 + k1 WHERE k1 <= 20", "INSERT INTO t VALUES (1000, 1001)");
      run.finish();
    }
  }

  @Test
  void whatTheServerWouldNotFlushByItselfIsFlushedForAChunk() throws Exception {
    try (var postgres = RealPostgres.start(RealPostgres.CURRENT, SETTINGS)) {
      var run = new Run(postgres.createDatabase("flush"));
      run.begin();
      flushOnlyWhenAsked(postgres);
      run.database.execute("UPDATE t SET v = 100 + k1");
      try (var stream = run.source.open(run.saved)) {
        long end = System.nanoTime() + MOST_NANOS;
        while (run.fold.rows().isEmpty()) {
          run.step(stream, false);
          assertThat(System.nanoTime()).as("no chunk has come out").isLessThan(end);
        }
      }
      run.source.forget();
    }
  }

  @Test
  @Tag("full")
  void whereverTheServerCrashesWhatComesOutIsTheTable() {
    Seeds.forAll(
        10,
        random -> {
          try (var postgres = RealPostgres.start(RealPostgres.CURRENT, SETTINGS)) {
            var run = new Run(postgres.createDatabase("crash"));
            run.begin();
            for (int crash = 0; crash < 4; crash++) {
              flushOnlyWhenAsked(postgres);
              crashUnderLoad(postgres, run, random);
            }
            run.finish();
          }
        });
  }

  private static void crashUnderLoad(RealPostgres postgres, Run run, Random random)
      throws Exception {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 2; i++) {
      var own = Seeds.random(random.nextLong());
      threads.add(Thread.ofPlatform().daemon().start(() -> write(run.database, own)));
    }
    var own = Seeds.random(random.nextLong());
    threads.add(Thread.ofPlatform().daemon().start(() -> flush(run.database, own)));
    int steps = 5 + random.nextInt(60);
    // Somebody else's flush is sometimes faster, or the crash is.
    var slow = Seeds.random(random.nextLong());
    FailPoints.arm("source.snapshot.flush", () -> LockSupport.parkNanos(slow.nextInt(300_000_000)));
    try (var stream = run.source.open(run.saved)) {
      for (int i = 0; i < steps; i++) {
        run.step(stream, random.nextInt(2) == 0);
      }
      postgres.killHard();
      for (int i = 0; i < 5; i++) {
        // What was on its way.
        run.step(stream, random.nextBoolean());
      }
    } catch (FailureException gone) {
      // As the sink would, it begins again from what is saved.
    } finally {
      FailPoints.disarm("source.snapshot.flush");
    }
    for (var thread : threads) {
      thread.join();
    }
    run.crash();
    postgres.up();
  }

  /** Until the server is gone. */
  private static void write(Database database, Random random) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      while (true) {
        int key = random.nextInt(ROWS);
        long value = random.nextLong(1L << 40);
        statement.execute(
            switch (random.nextInt(4)) {
              case 0 -> "DELETE FROM t WHERE k1 = " + key;
              case 1 -> "UPDATE t SET v = v + " + value + " WHERE k1 % 10 = " + key % 10;
              default ->
                  "INSERT INTO t VALUES (%1$d, %2$d) ON CONFLICT (k1) DO UPDATE SET v = %2$d"
                      .formatted(key, value);
            });
        LockSupport.parkNanos(random.nextInt(4_000_000));
      }
    } catch (SQLException gone) {
      // The crash.
    }
  }

  /** Now and then somebody else's synchronous commit flushes all before it. */
  private static void flush(Database database, Random random) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
      while (true) {
        LockSupport.parkNanos(random.nextInt(150_000_000));
        statement.execute("SELECT pg_logical_emit_message(true, 'flush', '')");
      }
    } catch (SQLException gone) {
      // The crash.
    }
  }

  private static void flushOnlyWhenAsked(RealPostgres postgres) throws SQLException {
    for (var pid :
        postgres
            .admin()
            .query(
                "SELECT pid FROM pg_stat_activity"
                    + " WHERE backend_type IN ('walwriter', 'background writer')")) {
      Processes.signal(Long.parseLong(String.valueOf(pid.getFirst())), "STOP");
    }
  }

  /** A sink's source, and what has come out of it and is saved. */
  private static final class Run {
    private final Database database;
    private final PostgresSource source;
    private SnapshotFold fold = new SnapshotFold(1);
    private SnapshotFold savedFold = fold.copy();
    private Position position;
    private Position saved;

    /** Between the batches of a chunk, where nothing may be saved. */
    private boolean inChunk;

    Run(Database database) {
      this.database = database;
      this.source =
          new PostgresSource(
              new PostgresSpec(
                  Sample.settings(database),
                  "s_" + database.name(),
                  Optional.empty(),
                  "public",
                  "t",
                  List.of("k1"),
                  true,
                  true,
                  true,
                  OnTruncate.STALL,
                  new Retention(0, false),
                  CHUNK,
                  1 << 20,
                  InstantSource.system()));
    }

    void begin() throws SQLException {
      database.execute(
          "CREATE TABLE t (k1 int PRIMARY KEY, v bigint)",
          "ALTER TABLE t REPLICA IDENTITY FULL",
          "INSERT INTO t SELECT g, g FROM generate_series(0, " + (ROWS - 1) + ") g");
      saved = source.begin();
      position = saved;
    }

    void step(ChangeSource.Stream stream, boolean save) throws InterruptedException {
      var batch = stream.next(PATIENCE);
      position = batch.position();
      inChunk = batch.ending() == Batch.Ending.PART;
      fold.accept(batch, false);
      if (save && !inChunk) {
        saved = position;
        savedFold = fold.copy();
        stream.confirm(saved);
      }
    }

    void crash() {
      inChunk = false;
      position = saved;
      fold = savedFold.copy();
    }

    /** Goes on from what is saved to the end, which must be the table. */
    void finish() throws Exception {
      crash();
      database.execute(
          "SET synchronous_commit = on; INSERT INTO t VALUES (" + (ROWS + 5) + ", -1)");
      long end = System.nanoTime() + MOST_NANOS;
      try (var stream = source.open(saved)) {
        while (!fold.marked() || position.snapshotting() || inChunk) {
          step(stream, false);
          assertThat(System.nanoTime()).as("at " + position).isLessThan(end);
        }
      }
      var table = new TreeMap<String, String>();
      for (var row : database.query("SELECT k1, v FROM t")) {
        table.put(String.valueOf(row.getFirst()), String.valueOf(row.getLast()));
      }
      assertThat(fold.rows()).isEqualTo(table);
      source.forget();
    }
  }
}
