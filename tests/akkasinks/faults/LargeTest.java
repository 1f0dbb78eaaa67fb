package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Goal: the memory of a snapshot does not grow with the table, and a node that dies inside it goes
 * on from there. Method: a node with a heap of 256 MiB reads a table of many rows, is killed at
 * half of them, and a plain consumer finds each key exactly once.
 */
@Tag("full")
class LargeTest {
  private static final int ROWS = Integer.getInteger("large.rows", 5_000_000);

  @Test
  void aLargeTablePassesInLittleMemoryAndEachKeyIsThereOnceThoughTheNodeIsKilled(
      TestReporter report) throws Exception {
    try (var kafka = RealKafka.start();
        var postgres = RealPostgres.start();
        var node = NodeProcess.create()) {
      var database = postgres.createDatabase("large");
      fill(database);
      node.up().awaitReady();
      node.sql(Statements.connections(database, kafka.bootstrap(), "large", true));
      kafka.createTopic("large", 1, Map.of());
      try (var keys = new Keys(kafka.bootstrap(), "large", ROWS)) {
        long begun = System.nanoTime();
        node.sql(
            """
            CREATE SINK large_sink FROM shop_large.orders INTO KAFKA CONNECTION kafka_large
              (TOPIC 'large') KEY (id) FORMAT JSON ENVELOPE UPSERT;
            """);
        keys.readUntil(ROWS / 2);
        report.publishEntry("until half", figures(ROWS / 2, begun, node));
        node.kill();
        long again = System.nanoTime();
        int before = keys.count();
        node.up().awaitReady();
        keys.readUntil(ROWS);
        report.publishEntry("after kill -9", figures(ROWS - before, again, node));
      }
      node.awaitState("large_sink", "running");
      node.sql("DROP SINK large_sink");
      try (var keys = new Keys(kafka.bootstrap(), "large", ROWS)) {
        keys.readUntil(ROWS);
        keys.readToEnd();
        assertThat(keys.count()).isEqualTo(ROWS);
      }
      assertThat(Files.readString(node.log())).doesNotContain("OutOfMemoryError");
      Leftovers.awaitNoSlotNorPublication(database);
    }
  }

  private static void fill(Database database) throws SQLException {
    database.execute(
        "CREATE TABLE orders (id int8 PRIMARY KEY, customer int4 NOT NULL, note text, amount"
            + " numeric(12, 2) NOT NULL, placed timestamptz NOT NULL, status varchar(20) NOT NULL)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "INSERT INTO orders SELECT i, (i::int8 * 7919 % 100000)::int4, 'note ' || md5(i::text), (i"
            + " % 100000) / 100.0, timestamptz '2026-01-01 00:00:00Z' + i * interval '1 second',"
            + " (ARRAY['new', 'paid', 'shipped', 'returned'])[1 + i % 4] FROM generate_series(1, "
            + ROWS
            + ") i",
        "ANALYZE orders");
  }

  /** With the start of the node's JVM, after a kill. */
  private static String figures(int rows, long begun, NodeProcess node) throws IOException {
    double seconds = (System.nanoTime() - begun) / 1e9;
    var peak =
        Files.readAllLines(Path.of("/proc", Long.toString(node.pid()), "status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
            .findFirst();
    return "%,d rows in %.1f s: %,.0f rows/s; peak memory of the node %d MiB"
        .formatted(rows, seconds, rows / seconds, peak.orElse(-1L));
  }
}
