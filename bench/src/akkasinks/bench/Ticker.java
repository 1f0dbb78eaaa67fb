package akkasinks.bench;

import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;

/** A row into each table every so often, with the same growing id. */
final class Ticker implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(50);

  private final Thread thread;
  private volatile long newest;
  private volatile boolean ending;
  private volatile Exception failure;

  Ticker(Stage stage, List<String> tables) {
    thread = Thread.ofPlatform().start(() -> run(stage, tables));
  }

  private void run(Stage stage, List<String> tables) {
    try (var connection = DriverManager.getConnection(stage.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
      while (!ending) {
        long id = newest + 1;
        var insert = new StringBuilder();
        tables.forEach(t -> insert.append("INSERT INTO %s VALUES (%d, now());".formatted(t, id)));
        statement.execute(insert.toString());
        newest = id;
        Thread.sleep(EVERY);
      }
    } catch (Exception e) {
      failure = e;
    }
  }

  /** Id of the newest rows, which are committed. */
  long newest() {
    return newest;
  }

  /** Ends it; the last id. */
  long end() throws Exception {
    close();
    if (failure != null) {
      throw failure;
    }
    return newest;
  }

  @Override
  public void close() throws InterruptedException {
    ending = true;
    thread.join();
  }
}
