package akkasinks.cli;

import akkasinks.base.FailPoints;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.TableOracle;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * RESNAPSHOT at the moments when a sink is in the middle of something else, under load. Each time a
 * key that only the topic has must be gone afterwards, and the topic must be the table.
 */
final class ResnapshotTest {
  private static final int ROWS = 20_000;
  private static final RealKafka KAFKA = RealKafka.shared();
  private static RealNode node;

  @BeforeAll
  static void start(@TempDir Path dir) {
    node = RealNode.start(dir, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void disarm() {
    FailPoints.disarm("source.snapshot.chunk");
    FailPoints.disarm("incarnation.positioned");
    FailPoints.disarm("incarnation.begun");
  }

  @Test
  void duringTheFirstSnapshot() throws Exception {
    try (var load = new Load("first")) {
      var inside = new Gate("source.snapshot.chunk", 2);
      load.create();
      inside.await();
      load.stray();
      node.sql("ALTER SINK first RESNAPSHOT");
      inside.open();
      load.assertTopicIsTheTable();
    }
  }

  @Test
  void afterAResumeBeforeTheNextIncarnationRuns() throws Exception {
    try (var load = new Load("resumed")) {
      load.create();
      load.awaitSnapshot();
      node.sql("ALTER SINK resumed PAUSE");
      Await.until("it rests", () -> node.state("resumed"), "paused"::equals);
      load.stray();
      var starting = new Gate("incarnation.positioned", 1);
      node.sql("ALTER SINK resumed RESUME");
      node.sql("ALTER SINK resumed RESNAPSHOT");
      starting.await();
      starting.open();
      load.assertTopicIsTheTable();
    }
  }

  @Test
  void whileTheIncarnationThatAResumeBeganIsAboutToRun() throws Exception {
    try (var load = new Load("starting")) {
      load.create();
      load.awaitSnapshot();
      node.sql("ALTER SINK starting PAUSE");
      Await.until("it rests", () -> node.state("starting"), "paused"::equals);
      load.stray();
      var starting = new Gate("incarnation.positioned", 1);
      node.sql("ALTER SINK starting RESUME");
      starting.await();
      node.sql("ALTER SINK starting RESNAPSHOT");
      starting.open();
      load.assertTopicIsTheTable();
    }
  }

  /** What has gone wrong since the first began is the second's to mend. */
  @Test
  void aSecondTimeWhileTheFirstIsAboutToRun() throws Exception {
    try (var load = new Load("twice")) {
      load.create();
      load.awaitSnapshot();
      var begun = new Gate("incarnation.begun", 1);
      node.sql("ALTER SINK twice RESNAPSHOT");
      begun.await();
      load.stray();
      node.sql("ALTER SINK twice RESNAPSHOT");
      begun.open();
      load.assertTopicIsTheTable();
    }
  }

  @Test
  void manyTimesInARow() throws Exception {
    try (var load = new Load("many")) {
      load.create();
      load.awaitSnapshot();
      for (int i = 0; i < 5; i++) {
        load.stray();
        node.sql("ALTER SINK many RESNAPSHOT; ALTER SINK many RESNAPSHOT");
      }
      load.assertTopicIsTheTable();
    }
  }

  @Test
  void aTableMadeAgainDuringAPauseStallsTheSinkAtEachTryUntilAResnapshot() throws Exception {
    try (var load = new Load("remade")) {
      load.create();
      load.awaitSnapshot();
      node.sql("ALTER SINK remade PAUSE");
      Await.until("it rests", () -> node.state("remade"), "paused"::equals);
      load.remake();
      for (int tries = 0; tries < 3; tries++) {
        node.sql("ALTER SINK remade RESUME");
        Await.until(
            "it is stalled and says why",
            () -> node.rows("SHOW SINKS").toString(),
            rows -> rows.contains("stalled") && rows.contains("was dropped and created again"));
      }
      node.sql("ALTER SINK remade RESNAPSHOT");
      load.assertTopicIsTheTable();
    }
  }

  /** Stops whoever comes to a fail point for the n-th time, until it is opened. */
  private static final class Gate {
    private final CountDownLatch there = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    Gate(String failPoint, int nth) {
      var calls = new AtomicInteger();
      FailPoints.arm(
          failPoint,
          () -> {
            if (calls.incrementAndGet() == nth) {
              there.countDown();
              Await.latch(go);
            }
          });
    }

    void await() {
      Await.latch(there);
    }

    void open() {
      go.countDown();
    }
  }

  /** A table that is written to all the time, and a sink of it that bears the same name. */
  private static final class Load implements AutoCloseable {
    private final String name;
    private final RealPostgres.Database database;
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final AtomicLong written = new AtomicLong();
    private Thread writer;

    Load(String name) throws SQLException {
      this.name = name;
      this.database = RealPostgres.shared().createDatabase(name);
      table();
      writer = Thread.ofPlatform().daemon().start(this::write);
    }

    private void table() throws SQLException {
      database.execute(
          "CREATE TABLE orders (id int8 PRIMARY KEY, note text NOT NULL)",
          "ALTER TABLE orders REPLICA IDENTITY FULL",
          "INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, " + ROWS + ") i");
    }

    private void write() {
      try (var connection = database.connect();
          var statement = connection.createStatement()) {
        for (long i = 0; going.get(); i = written.incrementAndGet()) {
          long id = 1 + i * 7919 % (2 * ROWS);
          statement.execute(
              i % 3 == 0
                  ? "DELETE FROM orders WHERE id = " + id
                  : "INSERT INTO orders VALUES (%d, 'w%d') ON CONFLICT (id) DO UPDATE SET note = 'w%d'"
                      .formatted(id, i, i));
        }
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    void create() {
      node.sql(
          """
          CREATE SECRET password_%1$s AS '%2$s';
          CREATE CONNECTION pg_%1$s TO POSTGRES (HOST '%3$s', PORT %4$d, USER '%5$s',
            PASSWORD SECRET password_%1$s, DATABASE '%6$s');
          CREATE CONNECTION kafka_%1$s TO KAFKA (BROKERS ('%7$s'), SECURITY PROTOCOL = 'PLAINTEXT',
            PROGRESS TOPIC 'progress-%1$s');
          CREATE SOURCE shop_%1$s FROM POSTGRES CONNECTION pg_%1$s FOR ALL TABLES;
          CREATE SINK %1$s FROM shop_%1$s.orders INTO KAFKA CONNECTION kafka_%1$s (TOPIC '%1$s')
            KEY (id) FORMAT JSON ENVELOPE UPSERT;
          """
              .formatted(
                  name,
                  database.password(),
                  database.host(),
                  database.port(),
                  database.user(),
                  database.name(),
                  KAFKA.bootstrap()));
    }

    /** A row of which the table knows nothing: only a RESNAPSHOT begun later takes it away. */
    void stray() {
      try (var producer =
          new KafkaProducer<>(
              Map.<String, Object>of("bootstrap.servers", KAFKA.bootstrap()),
              new StringSerializer(),
              new StringSerializer())) {
        var value = "{\"id\":-1,\"note\":\"stray\"}";
        producer.send(new ProducerRecord<>(name, "{\"id\":-1}", value)).get();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    void awaitSnapshot() {
      Await.until(
          "the snapshot is over",
          () -> node.sql("DESCRIBE SINK " + name).path("rows").toString(),
          rows -> rows.contains("running") && rows.contains("[\"snapshot\",\"done\"]"));
    }

    private void rest() throws Exception {
      going.set(false);
      writer.join();
    }

    void remake() throws Exception {
      rest();
      database.execute("DROP TABLE orders");
      table();
      database.execute("DELETE FROM orders WHERE id % 2 = 0");
    }

    void assertTopicIsTheTable() throws Exception {
      long seen = written.get();
      if (going.get()) {
        Await.until("the load goes on", () -> written.get() > seen + 200);
      }
      rest();
      Await.until(
          "the topic is the table",
          () -> {
            try {
              TableOracle.assertUpsertTopicEquals(
                  database, "SELECT * FROM orders", KAFKA.reader(), name, "id");
              return "equal";
            } catch (AssertionError e) {
              return e.getMessage();
            }
          },
          "equal"::equals);
      awaitSnapshot();
      TableOracle.assertUpsertTopicEquals(
          database, "SELECT * FROM orders", KAFKA.reader(), name, "id");
      node.sql("DROP SINK " + name);
    }

    @Override
    public void close() {
      going.set(false);
    }
  }
}
