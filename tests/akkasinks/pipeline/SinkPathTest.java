package akkasinks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.SinkDefinitions;
import akkasinks.testing.TestDirs;
import akkasinks.testing.TopicReader;
import akkasinks.tunnel.Tunnels;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The data path over a real Postgres and a real broker, without actors around it. */
class SinkPathTest {
  private static ActorSystem system;
  private static final RealKafka KAFKA = RealKafka.shared();
  private static final RealPostgres POSTGRES = RealPostgres.shared();
  private static SinkRuns runs;
  private static InstalledConnectors connectors;

  @BeforeAll
  static void start() {
    system = ActorSystem.create("path");
    connectors =
        new InstalledConnectors(
            id -> {
              throw new AssertionError("no secrets here: " + id);
            },
            new Tunnels(),
            TestDirs.create("scratch"),
            InstantSource.system(),
            new SecureRandom());
    runs =
        new SinkRuns(
            connectors,
            Materializer.createMaterializer(system),
            Executors.newVirtualThreadPerTaskExecutor(),
            InstantSource.system());
  }

  @AfterAll
  static void end() {
    system.terminate();
  }

  @Test
  void aTableFlowsIntoATopicSnapshotFirstThenLive() throws Exception {
    var database = table("path", 10_000);
    var run = new Run(sink(database, "path", Definition.Envelope.UPSERT, true));
    run.start(Mirror.EMPTY, false);
    var reader = KAFKA.reader();
    assertThat(run.records("path", 10_000)).hasSize(10_000);
    database.execute(
        "UPDATE orders SET note = 'changed' WHERE id = 7",
        "DELETE FROM orders WHERE id = 8",
        "INSERT INTO orders VALUES (10001, 'new')",
        "UPDATE orders SET id = 20000 WHERE id = 9");
    var records = run.records("path", 10_005);
    assertThat(records).hasSize(10_005);
    var fold = reader.fold("path");
    assertThat(fold)
        .hasSize(10_000)
        .containsEntry("{\"id\":7}", "{\"id\":7,\"note\":\"changed\"}")
        .containsEntry("{\"id\":20000}", "{\"id\":20000,\"note\":\"n9\"}")
        .doesNotContainKeys("{\"id\":8}", "{\"id\":9}");
    run.stop();
    run.forget();
    assertThat(database.query("SELECT * FROM pg_publication")).isEmpty();
  }

  @Test
  void chunksOfWideRowsEndByTheirBytesAndTheSnapshotGoesOn() throws Exception {
    var database = table("wide", 10_000);
    database.execute("UPDATE orders SET note = repeat(md5(id::text), 100) WHERE id > 2500");
    var run = new Run(sink(database, "wide", Definition.Envelope.UPSERT, true));
    run.start(Mirror.EMPTY, false);
    assertThat(run.records("wide", 10_000)).hasSize(10_000);
    run.stop();
    run.forget();
  }

  @Test
  void aStoppedSinkGoesOnWhereItWasWithoutEmittingAgain() throws Exception {
    var database = table("again", 1_000);
    var run = new Run(sink(database, "again", Definition.Envelope.UPSERT, true));
    run.start(Mirror.EMPTY, false);
    var reader = KAFKA.reader();
    run.records("again", 1_000);
    for (int i = 0; i < 5; i++) {
      run.stop();
      database.execute("UPDATE orders SET note = 'v" + i + "' WHERE id = 1");
      run.start(run.mirror(), false);
      assertThat(run.records("again", 1_001 + i)).hasSize(1_001 + i);
    }
    run.stop();
    // Without the mirror it takes longer, no more.
    database.execute("UPDATE orders SET note = 'last' WHERE id = 1");
    run.start(Mirror.EMPTY, false);
    assertThat(run.records("again", 1_006)).hasSize(1_006);
    run.stop();
    run.forget();
  }

  @Test
  void withoutSnapshotOnlyWhatCameLaterIsEmitted() throws Exception {
    var database = table("later", 100);
    var run = new Run(sink(database, "later", Definition.Envelope.DEBEZIUM, false));
    run.start(Mirror.EMPTY, false);
    run.awaitStarted();
    database.execute(
        "UPDATE orders SET note = 'changed' WHERE id = 7", "DELETE FROM orders WHERE id = 7");
    var values = run.records("later", 2).stream().map(e -> e.value()).toList();
    assertThat(values)
        .containsExactly(
            "{\"before\":{\"id\":7,\"note\":\"n7\"},\"after\":{\"id\":7,\"note\":\"changed\"}}",
            "{\"before\":{\"id\":7,\"note\":\"changed\"},\"after\":null}");
    run.stop();
    run.forget();
  }

  @Test
  void resnapshotReadsTheTableAgainAndRemovesKeysThatAreGone() throws Exception {
    var database = table("resnap", 500);
    var run = new Run(sink(database, "resnap", Definition.Envelope.UPSERT, true));
    run.start(Mirror.EMPTY, false);
    var reader = KAFKA.reader();
    run.records("resnap", 500);
    run.stop();
    // What the slot never shows: rows change while no slot watches.
    run.forgetSource();
    database.execute("DELETE FROM orders WHERE id <= 100", "INSERT INTO orders VALUES (501, 'x')");
    run.start(run.mirror(), true);
    Await.until(
        "the topic is the table again", () -> reader.fold("resnap").size(), size -> size == 401);
    assertThat(reader.fold("resnap")).doesNotContainKey("{\"id\":1}").containsKey("{\"id\":501}");
    run.stop();
    run.forget();
  }

  @Test
  void aTableMadeAgainStallsTheSinkUntilAResnapshotReplacesTheOldOnesKeys() throws Exception {
    var database = table("remade", 500);
    var run = new Run(sink(database, "remade", Definition.Envelope.UPSERT, true));
    run.start(Mirror.EMPTY, false);
    var reader = KAFKA.reader();
    run.records("remade", 500);
    run.stop();
    database.execute(
        "UPDATE orders SET note = 'of the old one'",
        "DROP TABLE orders",
        "CREATE TABLE orders (id int8 PRIMARY KEY, note text NOT NULL)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "INSERT INTO orders SELECT i, 'new' FROM generate_series(401, 600) i");
    for (int tries = 0; tries < 2; tries++) {
      run.start(run.mirror(), false);
      assertThat(run.awaitFailure().message()).endsWith("was dropped and created again");
    }
    assertThat(reader.committed("remade")).hasSize(500);
    run.start(run.mirror(), true);
    Await.until(
        "the topic is the new table",
        () -> reader.fold("remade"),
        fold -> fold.size() == 200 && fold.containsKey("{\"id\":600}"));
    database.execute("UPDATE orders SET note = 'changed' WHERE id = 401");
    Await.until(
        "the new table's changes come",
        () -> reader.fold("remade").get("{\"id\":401}"),
        "{\"id\":401,\"note\":\"changed\"}"::equals);
    assertThat(reader.fold("remade").values()).noneMatch(value -> value.contains("old one"));
    run.stop();
    run.forget();
  }

  @Test
  void truncateBecomesTombstonesIfAskedFor() throws Exception {
    var database = table("trunc", 300);
    var run = new Run(sink(database, "trunc", Definition.Envelope.UPSERT, true));
    run.start(Mirror.EMPTY, false);
    var reader = KAFKA.reader();
    run.records("trunc", 300);
    Await.until(
        "the snapshot is over",
        () -> run.running.stats().source().filter(s -> s.snapshot().isEmpty()).isPresent());
    database.execute("BEGIN; TRUNCATE orders; INSERT INTO orders VALUES (5, 'after'); COMMIT");
    Await.until(
        "only what came after the truncation is left",
        () -> reader.fold("trunc"),
        Map.of("{\"id\":5}", "{\"id\":5,\"note\":\"after\"}")::equals);
    run.stop();
    run.forget();
  }

  @Test
  void aCutHoldsExactlyWhatWasCommittedBeforeThePoint() throws Exception {
    var database = table("cut", 2_000);
    var run = new Run(sink(database, "cut", Definition.Envelope.UPSERT, true));
    run.start(Mirror.EMPTY, false);
    run.records("cut", 2_000);
    var writing = new AtomicBoolean(true);
    var writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (var connection = database.connect();
                      var statement = connection.createStatement()) {
                    for (int i = 0; i < 3_000 && writing.get(); i++) {
                      statement.execute(
                          "UPDATE orders SET note = 'w" + i + "' WHERE id = " + (1 + i % 2_000));
                    }
                  } catch (java.sql.SQLException e) {
                    throw new AssertionError(e);
                  }
                });
    var reading = new AtomicReference<List<String>>();
    var ends =
        run.running
            .cut(
                () -> {
                  try (var snapshot = connectors.source(run.sink).read(Duration.ofSeconds(20))) {
                    List<String> rows = new java.util.ArrayList<>();
                    snapshot.rows(
                        batch -> {
                          for (int i = 0; i < batch.size(); i++) {
                            rows.add(
                                batch.text(batch.after(i), 0)
                                    + "="
                                    + batch.text(batch.after(i), 1));
                          }
                        });
                    reading.set(rows);
                    return snapshot.point();
                  }
                },
                akkasinks.change.Relation.NONE)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    writing.set(false);
    writer.join();
    Map<String, String> fold = new java.util.HashMap<>();
    for (var entry : KAFKA.reader().committed("cut")) {
      if (entry.offset() < ends.get(entry.partition())) {
        var value = String.valueOf(entry.value());
        fold.put(
            value.replaceAll(".*\"id\":(\\d+).*", "$1"),
            value.replaceAll(".*\"note\":\"(\\w+)\".*", "$1"));
      }
    }
    assertThat(fold.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()))
        .containsExactlyInAnyOrderElementsOf(reading.get());
    run.stop();
    run.forget();
  }

  private static Database table(String name, int rows) throws Exception {
    var database = POSTGRES.createDatabase(name);
    database.execute(
        "CREATE TABLE orders (id int8 PRIMARY KEY, note text NOT NULL)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, " + rows + ") i");
    return database;
  }

  private static ResolvedSink sink(
      Database database, String topic, Definition.Envelope envelope, boolean snapshot) {
    return SinkDefinitions.json(
        KAFKA, database, "orders", topic, envelope, snapshot, Definition.OnTruncate.TOMBSTONE);
  }

  /** A sink run again and again, and what it told. */
  private static final class Run implements SinkRunner.Events {
    private final ResolvedSink sink;
    private final AtomicReference<Mirror> mirror = new AtomicReference<>(Mirror.EMPTY);
    private final AtomicReference<Optional<Failure>> failure =
        new AtomicReference<>(Optional.empty());
    private SinkRunner.Running running;

    Run(ResolvedSink sink) {
      this.sink = sink;
    }

    void start(Mirror from, boolean resnapshot) {
      running = runs.start(sink, from, resnapshot, this);
    }

    void awaitStarted() {
      Await.until("the stream is open", () -> running.stats().frontier().isPresent());
    }

    /** All records once there are that many; fails at once if the sink has failed. */
    List<TopicReader.Entry> records(String topic, int count) {
      var all =
          Await.until(
              count + " records in " + topic,
              () ->
                  failure.get().isPresent()
                      ? List.<TopicReader.Entry>of()
                      : KAFKA.reader().committed(topic),
              seen -> failure.get().isPresent() || seen.size() >= count);
      assertThat(failure.get()).isEmpty();
      return all;
    }

    /** What the sink has stalled with; it may then be started again. */
    Failure awaitFailure() {
      Await.until("it has failed", () -> failure.get().isPresent());
      return failure.getAndSet(Optional.empty()).orElseThrow();
    }

    Mirror mirror() {
      return mirror.get();
    }

    void stop() throws Exception {
      running.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertThat(failure.get()).isEmpty();
    }

    void forgetSource() throws Exception {
      runs.forgetSource(sink).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    void forget() throws Exception {
      forgetSource();
      runs.forgetTarget(sink).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void attempting(long incarnation) {
      mirror.updateAndGet(m -> new Mirror(m.record(), m.offset(), incarnation));
    }

    @Override
    public void started(ProgressRecord record, long offset, Duration handOver) {
      committed(record, offset);
    }

    @Override
    public void committed(ProgressRecord record, long offset) {
      mirror.updateAndGet(m -> new Mirror(Optional.of(record), offset, m.attempted()));
    }

    @Override
    public void failed(Failure why) {
      failure.set(Optional.of(why));
    }
  }
}
