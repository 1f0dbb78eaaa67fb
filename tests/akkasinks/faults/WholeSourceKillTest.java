package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.Seeds;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: a node that carries a whole source and is killed at the worst moments loses nothing,
 * doubles nothing, and shows no source transaction in part. Method: each transaction writes its
 * number into every table; tables are created meanwhile; after each kill, before the next start,
 * readers must see each transaction in all topics or in none.
 */
class WholeSourceKillTest {
  private static final int KILLS = Integer.getInteger("whole.kills", 4);
  private static final List<String> STEPS =
      List.of(
          "incarnation.begun",
          "source.table.entered",
          "source.snapshot.chunk",
          "kafka.send",
          "kafka.send",
          "kafka.progress.sent",
          "kafka.flushed",
          "kafka.commit.before");
  private static final List<String> ALWAYS = List.of("a", "b", "c");

  @Test
  @Tag("full")
  void nothingIsLostDoubledOrSeenInPartThoughTheNodeIsKilledAgainAndAgain() {
    Seeds.forAll(
        1,
        random -> {
          try (var kafka = RealKafka.start();
              var postgres = RealPostgres.start();
              var node = NodeProcess.create()) {
            var database = postgres.createDatabase("shop");
            for (var table : ALWAYS) {
              database.execute(
                  "CREATE TABLE %s (tx int8, part int4, PRIMARY KEY (tx, part))".formatted(table),
                  "ALTER TABLE %s REPLICA IDENTITY FULL".formatted(table),
                  "INSERT INTO %s SELECT -i, 0 FROM generate_series(1, 2000) i".formatted(table));
            }
            node.up().awaitReady();
            node.sql(connections(database, kafka.bootstrap()));
            node.sql(
                """
                CREATE SINK shop_out FROM SOURCE shop INTO KAFKA CONNECTION kafka
                  (TOPIC 'shop.{table}', TOPIC PARTITION COUNT 2) FORMAT JSON ENVELOPE DEBEZIUM
                """);
            for (var table : ALWAYS) {
              // From then on the stream alone writes them, and transactions are whole.
              Await.until(table, () -> rows(kafka, "shop." + table).size() == 2_000);
            }
            var over = new AtomicBoolean();
            var load = CompletableFuture.supplyAsync(() -> write(database, over));
            for (int kill = 0; kill < KILLS; kill++) {
              node.awaitStep(Seeds.oneOf(random, STEPS), Duration.ofSeconds(6));
              node.kill();
              assertNoTransactionInPart(kafka);
              var late = "late" + kill;
              database.execute(
                  "CREATE TABLE %s (id int8 PRIMARY KEY)".formatted(late),
                  "ALTER TABLE %s REPLICA IDENTITY FULL".formatted(late),
                  "INSERT INTO %s SELECT generate_series(1, 5000)".formatted(late));
              node.up().awaitReady();
            }
            over.set(true);
            long last = load.join();
            node.awaitState("shop_out", "running");
            for (var table : ALWAYS) {
              long there = count(database, table);
              Await.within(Duration.ofMinutes(2))
                  .value(
                      "topic shop." + table + " holds each row once",
                      () -> rows(kafka, "shop." + table),
                      rows -> rows.size() == there && rows.values().stream().allMatch(n -> n == 1));
            }
            for (int kill = 0; kill < KILLS; kill++) {
              var topic = "shop.late" + kill;
              Await.within(Duration.ofMinutes(1))
                  .value(
                      topic,
                      () -> rows(kafka, topic),
                      rows -> rows.size() == 5_000 && rows.values().stream().allMatch(n -> n == 1));
            }
            assertThat(last).isPositive();
            assertNoTransactionInPart(kafka);
            node.sql("DROP SINK shop_out");
            Leftovers.awaitNoSlotNorPublication(database);
          }
        });
  }

  /** Each transaction writes three rows into each of the tables. Returns the last one's number. */
  private static long write(Database database, AtomicBoolean over) {
    long tx = 0;
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!over.get()) {
        tx++;
        for (int part = 0; part < 3; part++) {
          for (var table : ALWAYS) {
            statement.execute("INSERT INTO %s VALUES (%d, %d)".formatted(table, tx, part));
          }
        }
        connection.commit();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return tx;
  }

  /** Each transaction that a reader sees is there whole, once all markers are written. */
  private static void assertNoTransactionInPart(RealKafka kafka) {
    Await.until("no transaction is seen in part", () -> inPart(kafka), Map::isEmpty);
  }

  private static Map<Long, Map<String, Integer>> inPart(RealKafka kafka) {
    Map<Long, Map<String, Integer>> seen = new TreeMap<>();
    for (var table : ALWAYS) {
      for (var entry : kafka.reader().committed("shop." + table)) {
        var key = String.valueOf(entry.key());
        long tx = Long.parseLong(key.replaceAll(".*\"tx\":(-?\\d+).*", "$1"));
        if (tx > 0) {
          seen.computeIfAbsent(tx, _ -> new TreeMap<>()).merge(table, 1, Integer::sum);
        }
      }
    }
    seen.values().removeIf(Map.of("a", 3, "b", 3, "c", 3)::equals);
    return seen;
  }

  private static Map<String, Integer> rows(RealKafka kafka, String topic) {
    Map<String, Integer> rows = new TreeMap<>();
    if (kafka.topics().contains(topic)) {
      kafka
          .reader()
          .committed(topic)
          .forEach(e -> rows.merge(String.valueOf(e.key()), 1, Integer::sum));
    }
    return rows;
  }

  private static long count(Database database, String table) throws SQLException {
    return Long.parseLong(String.valueOf(database.value("SELECT count(*) FROM " + table)));
  }

  private static String connections(Database database, String bootstrap) {
    return """
    CREATE SECRET pg_password AS '%s';
    CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s',
      PASSWORD SECRET pg_password, DATABASE '%s');
    CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
    CREATE CONNECTION kafka TO KAFKA (BROKER '%s', SECURITY PROTOCOL = 'PLAINTEXT')
    """
        .formatted(
            database.password(),
            database.host(),
            database.port(),
            database.user(),
            database.name(),
            bootstrap);
  }
}
