package akkasinks.bench;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** Commits single rows with ids from 1 on at a steady rate, over a few connections. */
final class Writer {
  private static final int CONNECTIONS = 4;

  private final Stage stage;
  private final String table;
  private final int rate;
  private final AtomicLongArray committed;
  private final List<Thread> threads = new ArrayList<>();
  private volatile Exception failure;
  private volatile long ended;
  private long began;

  /**
   * @param rate commits a second
   * @param steady how long; a writer that cannot keep the rate takes longer
   */
  Writer(Stage stage, String table, int rate, Duration steady) {
    this.stage = stage;
    this.table = table;
    this.rate = rate;
    this.committed = new AtomicLongArray(Math.toIntExact(rate * steady.toMillis() / 1_000));
  }

  /** Rows in all. */
  int rows() {
    return committed.length();
  }

  void start() {
    began = System.nanoTime();
    for (int first = 0; first < CONNECTIONS; first++) {
      int from = first;
      threads.add(Thread.ofPlatform().start(() -> write(from)));
    }
  }

  private void write(int from) {
    var insert =
        "INSERT INTO %s SELECT %s FROM (SELECT ?::int8 AS i) AS given"
            .formatted(table, Dataset.sixOf("i"));
    try (var connection = DriverManager.getConnection(stage.jdbcUrl());
        var setting = connection.createStatement();
        var statement = connection.prepareStatement(insert)) {
      // The embedded server has it off: its WAL writer would let readers have commits in steps of
      // 200 ms.
      setting.execute("SET synchronous_commit = on");
      for (int i = from; i < rows() && failure == null; i += CONNECTIONS) {
        awaitDue(began + i * 1_000_000_000L / rate);
        statement.setLong(1, i + 1);
        statement.executeUpdate();
        committed.set(i, System.nanoTime());
      }
      ended = System.nanoTime();
    } catch (SQLException e) {
      failure = e;
    }
  }

  private static void awaitDue(long due) {
    long early = due - System.nanoTime();
    while (early > 0) {
      LockSupport.parkNanos(early);
      early = due - System.nanoTime();
    }
  }

  /** When the commit of this row returned, by {@link System#nanoTime}; 0 if it has not yet. */
  long committedAt(int id) {
    return committed.get(id - 1);
  }

  /** Waits for its end, and gives the commits a second that it reached. */
  double join() throws Exception {
    for (var thread : threads) {
      thread.join();
    }
    if (failure != null) {
      throw failure;
    }
    return rows() / ((ended - began) / 1e9);
  }
}
