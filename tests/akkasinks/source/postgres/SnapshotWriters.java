package akkasinks.source.postgres;

import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.Seeds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Threads that change one small table in every way that has ever confused a snapshot. */
final class SnapshotWriters {

  /** What the writers may do beside inserting, updating, deleting and moving rows. */
  record Habits(boolean truncate, boolean rewrite, boolean prepare, boolean hold, boolean stall) {}

  private final Database database;
  private final String table;
  private final SnapshotTable shape;
  private final Habits habits;
  private final AtomicLong values;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  SnapshotWriters(
      Database database, String table, SnapshotTable shape, Habits habits, AtomicLong values) {
    this.database = database;
    this.table = table;
    this.shape = shape;
    this.habits = habits;
    this.values = values;
  }

  void start(int writers, Random random) {
    for (int i = 0; i < writers; i++) {
      var own = Seeds.random(random.nextLong());
      int number = i;
      threads.add(Thread.ofPlatform().daemon().start(() -> write(number, own)));
    }
    if (habits.stall()) {
      var own = Seeds.random(random.nextLong());
      threads.add(Thread.ofPlatform().daemon().start(() -> stall(own)));
    }
  }

  void stop() throws InterruptedException {
    stop.set(true);
    for (var thread : threads) {
      thread.join();
    }
  }

  /** A synchronous standby that does not answer: commits are streamed, and not visible. */
  private void stall(Random random) {
    try {
      while (!stop.get()) {
        standby("'ghost'");
        nap(random, 60);
        standby("''");
        nap(random, 60);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      try {
        standby("''");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void standby(String name) throws SQLException {
    database.execute(
        "ALTER SYSTEM SET synchronous_standby_names = " + name, "SELECT pg_reload_conf()");
  }

  private void write(int number, Random random) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = " + (habits.stall() ? "on" : "off"));
      statement.execute("SET deadlock_timeout = '10ms'; SET lock_timeout = '300ms'");
      for (int n = 0; !stop.get(); n++) {
        try {
          transaction(connection, random, "p_" + table + "_" + number + "_" + n);
        } catch (SQLException lostRace) {
          statement.execute("ROLLBACK");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void transaction(Connection connection, Random random, String name) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("BEGIN");
      int acts = 1 + random.nextInt(random.nextInt(5) == 0 ? 12 : 3);
      boolean held = habits.hold() && random.nextInt(6) == 0;
      for (int i = 0; i < acts; i++) {
        if (random.nextInt(6) == 0) {
          statement.execute("SAVEPOINT s");
          statement.execute(act(random));
          statement.execute(random.nextBoolean() ? "ROLLBACK TO s" : "RELEASE s");
        } else {
          statement.execute(act(random));
        }
        if (held) {
          nap(random, 15);
        }
      }
      boolean prepared = habits.prepare() && random.nextInt(8) == 0;
      if (prepared) {
        statement.execute("PREPARE TRANSACTION '" + name + "'");
        nap(random, 10);
        statement.execute(
            (random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT") + " PREPARED '" + name + "'");
      } else {
        statement.execute(random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT");
      }
    }
    nap(random, 2);
  }

  private String act(Random random) {
    int kind = random.nextInt(100);
    if (kind < 2 && habits.truncate()) {
      return "TRUNCATE " + table;
    }
    if (kind < 4 && habits.rewrite()) {
      return "ALTER TABLE " + table + " ALTER COLUMN v TYPE bigint USING v + 0";
    }
    long value = values.incrementAndGet();
    var key = shape.key(random);
    if (kind < 40) {
      return "INSERT INTO %s VALUES (%s, %d) ON CONFLICT DO NOTHING"
          .formatted(table, shape.values(key), value);
    }
    if (kind < 70) {
      return "UPDATE %s SET v = %d WHERE %s".formatted(table, value, shape.is(key));
    }
    if (kind < 76) {
      // A set of rows at once; each gets a value of its own.
      long base = values.getAndAdd(1_000) + 1;
      return "UPDATE %s SET v = %d + q.n FROM (SELECT ctid AS c, row_number() OVER () AS n FROM %s"
              .formatted(table, base, table)
          + " WHERE v %% 3 = %d) q WHERE ctid = q.c".formatted(random.nextInt(3));
    }
    if (kind < 86) {
      return "UPDATE %s SET %s, v = %d WHERE %s AND NOT EXISTS (SELECT FROM %s WHERE %s)"
          .formatted(
              table, shape.set(key), value, shape.is(shape.key(random)), table, shape.is(key));
    }
    return "DELETE FROM %s WHERE %s".formatted(table, shape.is(key));
  }

  private static void nap(Random random, int millis) {
    LockSupport.parkNanos(random.nextInt(millis * 1_000_000));
  }
}
