package akkasinks.source.postgres;

import akkasinks.base.FailPoints;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.Batch;
import akkasinks.change.Position;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.Seeds;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One seed: writers change a small table while a snapshot of it runs in tiny chunks, the reader
 * crashes and goes on from what it saved, and in the end what came out must be the table.
 */
final class SnapshotHarness {
  private static final Duration PATIENCE = Duration.ofMillis(5);
  private static final long DEADLINE_NANOS = 40_000_000_000L;
  private static final AtomicLong TABLES = new AtomicLong();

  private final Database database;
  private final Random random;
  private final boolean again;
  private final SnapshotWriters.Habits habits;
  private final SnapshotTable shape;
  private final String table;
  private final PostgresSource source;
  private final PostgresSource history;
  private final AtomicLong values = new AtomicLong();

  /** What came out so far. */
  private SnapshotFold fold;

  private Position position;

  /** Between the batches of a chunk, where nothing may be saved. */
  private boolean inChunk;

  private SnapshotFold savedFold;
  private Position saved;

  int crashes;
  int chunks;

  SnapshotHarness(Database database, Random random, boolean stalls, boolean collated)
      throws Exception {
    this.database = database;
    this.random = random;
    this.again = random.nextInt(5) == 0;
    this.habits =
        new SnapshotWriters.Habits(
            random.nextInt(3) == 0,
            random.nextInt(3) == 0,
            random.nextInt(3) == 0,
            random.nextInt(2) == 0,
            stalls && random.nextInt(3) == 0);
    this.shape = SnapshotTable.of(random, collated);
    this.table = "t" + TABLES.incrementAndGet() + "_" + ProcessHandle.current().pid();
    this.source =
        new PostgresSource(
            spec("s_" + table, 1 + random.nextInt(4), random.nextInt(4) == 0 ? 100 : 1 << 20));
    this.history = new PostgresSource(spec("h_" + table, 1, 1));
    database.execute(
        shape.create(table), "ALTER TABLE " + table + " REPLICA IDENTITY FULL", fill());
    this.fold = new SnapshotFold(shape.types().size());
    this.savedFold = fold.copy();
    this.saved = history.begin();
    this.position = saved;
  }

  private String fill() {
    return IntStream.range(0, shape.space())
        .filter(i -> random.nextInt(3) > 0)
        .mapToObj(i -> "(" + shape.values(shape.key(i)) + ", " + values.incrementAndGet() + ")")
        .collect(
            Collectors.joining(
                ", ", "INSERT INTO " + table + " VALUES ", " ON CONFLICT DO NOTHING"));
  }

  private PostgresSpec spec(String slot, int chunkRows, int chunkBytes) {
    return new PostgresSpec(
        Sample.settings(database),
        slot,
        Optional.empty(),
        "public",
        table,
        shape.names(),
        true,
        true,
        !slot.startsWith("h_"),
        OnTruncate.TOMBSTONE,
        new Retention(0, false),
        chunkRows,
        chunkBytes,
        InstantSource.system());
  }

  /** Runs it; throws an AssertionError that says what is wrong. */
  void run() throws Exception {
    run(() -> true);
  }

  /** The same, and the writers go on until what shall happen meanwhile has happened. */
  void run(Callable<Boolean> happened) throws Exception {
    long end = System.nanoTime() + DEADLINE_NANOS;
    var writers = new SnapshotWriters(database, table, shape, habits, values);
    Position from = saved;
    try {
      writers.start(2, random);
      slowly();
      saved = source.begin();
      position = saved;
      consume(1);
      if (again) {
        // A drift to be mended: a row that the table does not have, and one that it has otherwise.
        savedFold.rows().put("stray", "0");
        savedFold.again();
        saved = source.again(Optional.of(saved));
        crash();
      }
      consume(2 + random.nextInt(5));
      while (!happened.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("it has not happened while the writers wrote");
        }
        consume(1);
      }
      writers.stop();
      database.execute(
          "INSERT INTO %s VALUES (%s, -1)".formatted(table, shape.values(shape.marker())));
      consumeAll();
      compare(from);
    } finally {
      writers.stop();
      FailPoints.disarm("source.snapshot.taken");
      FailPoints.disarm("source.snapshot.chunk");
      source.forget();
      history.forget();
      database.execute("DROP TABLE IF EXISTS " + table);
    }
  }

  /** Chunks take their time, so that much happens inside each. */
  private void slowly() {
    var own = Seeds.random(random.nextLong());
    int most = 1 + random.nextInt(8);
    FailPoints.arm(
        "source.snapshot.taken", () -> LockSupport.parkNanos(own.nextInt(most * 1_000_000)));
    FailPoints.arm(
        "source.snapshot.chunk", () -> LockSupport.parkNanos(own.nextInt(most * 300_000)));
  }

  /** Some incarnations, each ended by a crash. */
  private void consume(int incarnations) throws Exception {
    for (int i = 0; i < incarnations; i++) {
      int steps = 1 + random.nextInt(60);
      try (var stream = source.open(saved)) {
        for (int step = 0; step < steps; step += inChunk ? 0 : 1) {
          accept(stream.next(PATIENCE));
          if (!inChunk && random.nextInt(3) == 0) {
            save();
            stream.confirm(saved);
          }
        }
      }
      crash();
    }
  }

  private void consumeAll() throws Exception {
    long end = System.nanoTime() + DEADLINE_NANOS;
    try (var stream = source.open(saved)) {
      while (!fold.marked() || position.snapshotting()) {
        accept(stream.next(PATIENCE));
        if (System.nanoTime() > end) {
          throw new AssertionError(
              "the end was not reached; at %s, %s, %s"
                  .formatted(position, stream.status(), describe()));
        }
      }
    }
  }

  private void accept(Batch batch) {
    inChunk = batch.ending() == Batch.Ending.PART;
    chunks += fold.accept(batch, again) && !inChunk ? 1 : 0;
    if (inChunk) {
      return;
    }
    position = batch.position();
    if (!position.snapshotting()) {
      fold.sweep();
    }
  }

  private void save() {
    saved = position;
    savedFold = fold.copy();
  }

  private void crash() {
    crashes++;
    position = saved;
    fold = savedFold.copy();
  }

  private void compare(Position from) throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (var row : database.query("SELECT " + columns() + " FROM " + table)) {
      var texts = row.stream().map(String::valueOf).toList();
      expected.put(String.join("|", texts.subList(0, texts.size() - 1)), texts.getLast());
    }
    if (!expected.equals(fold.rows())) {
      throw new AssertionError(
          "the fold is not the table (%s, %s):\n%s\n%s"
              .formatted(shape, habits, difference(expected, fold.rows()), saved));
    }
    var whole = new SnapshotFold(shape.types().size());
    try (var stream = history.open(from)) {
      long end = System.nanoTime() + DEADLINE_NANOS;
      while (!whole.marked() && System.nanoTime() < end) {
        whole.collect(stream.next(PATIENCE));
      }
    }
    if (!again) {
      fold.compareHistory(whole);
    }
  }

  private String columns() {
    return shape.names().stream().map(n -> n + "::text").collect(Collectors.joining(", ")) + ", v";
  }

  private static String difference(Map<String, String> expected, Map<String, String> got) {
    var text = new StringBuilder();
    expected.forEach(
        (key, value) -> {
          if (!value.equals(got.get(key))) {
            text.append(key + ": table has " + value + ", topic has " + got.get(key) + "\n");
          }
        });
    got.forEach(
        (key, value) -> {
          if (!expected.containsKey(key)) {
            text.append(key + ": not in the table, topic has " + value + "\n");
          }
        });
    return text.toString();
  }

  String describe() {
    return shape + " " + habits + (again ? " again" : "");
  }
}
