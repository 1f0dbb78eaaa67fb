package akkasinks.source.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akkasinks.testing.RealPostgres;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Takes one rule of the snapshot out of the product's source, compiles that copy, and runs the
 * harness over it: some seed must fail. A harness that lets a mutant live proves nothing of the
 * rule.
 */
class SnapshotMutantsTest {
  private static final Path SOURCES = Path.of("src", "akkasinks", "source", "postgres");

  private static RealPostgres postgres;
  private static RealPostgres.Database database;

  @TempDir Path classes;

  /** What kills a mutant. */
  private enum By {
    HARNESS,
    RULES,
    PLACE,
    WRAP,
    CRASH
  }

  /**
   * @param text of the file, to be found exactly once
   * @param seeds of the harness, of which one must fail; 0 for other tests
   */
  record Mutant(String rule, String file, String text, String replacement, By by, int seeds) {
    Mutant(String rule, String file, String text, String replacement, int seeds) {
      this(rule, file, text, replacement, By.HARNESS, seeds);
    }

    /** Killed by the tests that need no server. */
    static Mutant pure(String rule, String file, String text, String replacement) {
      return new Mutant(rule, file, text, replacement, By.RULES, 0);
    }

    /** The same, by those of a place in the stream. */
    static Mutant placed(String rule, String file, String text, String replacement) {
      return new Mutant(rule, file, text, replacement, By.PLACE, 0);
    }

    /** Killed only where the server crashes. */
    static Mutant crashing(String rule, String file, String text, String replacement) {
      return new Mutant(rule, file, text, replacement, By.CRASH, 0);
    }

    /** Killed only where transaction ids wrap around. */
    static Mutant wrapping(String rule, String file, String text, String replacement, int seeds) {
      return new Mutant(rule, file, text, replacement, By.WRAP, seeds);
    }

    @Override
    public String toString() {
      return rule;
    }
  }

  static Stream<Mutant> some() {
    return all()
        .filter(
            m ->
                switch (m.by()) {
                  case RULES, PLACE -> true;
                  case HARNESS -> m.seeds() <= 10;
                  case WRAP, CRASH -> false;
                });
  }

  static Stream<Mutant> all() {
    return Stream.of(
        new Mutant(
            "5: a change beyond the covered range is dropped",
            "Snapshot.java",
            "(chunk < sees.size() && !sees.get(chunk))",
            "chunk >= sees.size() || !sees.get(chunk)",
            10),
        new Mutant(
            "5: a change that the chunk's snapshot sees is dropped",
            "Snapshot.java",
            "(chunk < sees.size() && !sees.get(chunk))",
            "chunk < sees.size()",
            10),
        Mutant.pure(
            "3: a chunk sees every transaction that was streamed",
            "Snapshot.java",
            "return unseen.allSeenBy(snapshot) && ",
            "return "),
        new Mutant(
            "9: the order of collated keys is the database's",
            "KeyOrders.java",
            "byBytes ? Optional.of(ColumnOrder.BYTES) : Optional.empty()",
            "Optional.of(ColumnOrder.BYTES)",
            20),
        Mutant.pure(
            "3: what no snapshot has seen yet is saved over a crash",
            "Snapshot.java",
            "new Unseen(state.unseen())",
            "new Unseen(List.of())"),
        new Mutant(
            "5: each chunk is judged by its own snapshot, not by the newest",
            "Snapshot.java",
            "pending.stream().map(chunk -> chunk.snapshot().sees(xid))",
            "pending.stream().map(chunk -> pending.getLast().snapshot().sees(xid))",
            40),
        Mutant.pure(
            "1: what the exported snapshot sees counts as streamed",
            "Snapshot.java",
            " && !Visibles.hidesWhatCountsAsStreamed(snapshot, exported)",
            ""),
        new Mutant(
            "2: the table is locked before the snapshot is taken",
            "ChunkSession.java",
            "execute(query.lock());",
            "",
            80),
        new Mutant(
            "2: until is not the flush LSN",
            "ChunkSession.java",
            "recordEnd(Lsn.parse(row.getString(2)), pageBytes, segmentBytes)",
            "Lsn.parse(row.getString(3))",
            80),
        new Mutant(
            "5: a chunk is needed until the stream has passed it",
            "Snapshot.java",
            "!Lsn.before(reached, pending.getFirst().until())",
            "true",
            20),
        new Mutant(
            "5: what forgotten chunks covered is emitted for ever",
            "Snapshot.java",
            "judged = pending.removeFirst().upTo();",
            "pending.removeFirst();",
            40),
        Mutant.placed(
            "7: a transaction is skipped by its commit's place only",
            "StreamPlace.java",
            "skipping = Lsn.before(at, end);",
            "skipping = false;"),
        new Mutant(
            "8: TRUNCATE takes only what its transaction could see",
            "Snapshot.java",
            "new Batch.Truncation(judgement())",
            "new Batch.Truncation(key -> true)",
            80),
        Mutant.pure(
            "3: what a chunk has not seen stays unseen",
            "Snapshot.java",
            "unseen.prune(chunk.snapshot());",
            "unseen.clear();"),
        Mutant.pure(
            "6: xids are extended to 64 bits",
            "XidHistory.java",
            "newest + (xid32 - (int) newest)",
            "Integer.toUnsignedLong(xid32)"),
        Mutant.wrapping(
            "6: a streamed xid is not compared as it comes",
            "XidHistory.java",
            "newest + (xid32 - (int) newest)",
            "Integer.toUnsignedLong(xid32)",
            4),
        Mutant.wrapping(
            "6: a streamed xid may be of the epoch before the newest's",
            "XidHistory.java",
            "newest + (xid32 - (int) newest)",
            "(newest & -1L << 32) + Integer.toUnsignedLong(xid32)",
            12),
        Mutant.crashing(
            "4: a chunk is emitted only when what it has read is flushed",
            "ChunkReader.java",
            "head.done == null || Lsn.before(flushed, head.moment.until())",
            "head.done == null"),
        Mutant.pure(
            "1: beside a running stream, what was open must have passed",
            "Snapshot.java",
            "moment.isPresent() && !Lsn.before(reached, moment.get().insertLsn())",
            "moment.isPresent()"),
        Mutant.pure(
            "7: no chunk enters a transaction read in part",
            "Snapshot.java",
            "complete || insideResumed || ",
            "complete || "),
        Mutant.pure(
            "12: the saved state is bounded",
            "Snapshot.java",
            "return pending.size() >= MAX_PENDING || weight() > mostStateBytes;",
            "return false;"),
        Mutant.pure(
            "12: an insert LSN inside a page header is the page's start",
            "ChunkSession.java",
            "? insert - inPage : insert",
            "? insert : insert"));
  }

  @BeforeAll
  static void up() {
    postgres = RealPostgres.start(RealPostgres.CURRENT, Map.of("max_prepared_transactions", "20"));
    database = postgres.createDatabase("mutants");
  }

  @AfterAll
  static void down() {
    postgres.close();
  }

  @ParameterizedTest
  @MethodSource("some")
  void withoutTheRuleTheHarnessFails(Mutant mutant) throws Exception {
    kill(mutant);
  }

  @ParameterizedTest
  @MethodSource("all")
  @Tag("full")
  void withoutAnyOneRuleTheHarnessFails(Mutant mutant) throws Exception {
    kill(mutant);
  }

  private void kill(Mutant mutant) throws Exception {
    compile(mutant);
    int seeds = mutant.seeds() * Integer.getInteger("seed.times", 1);
    switch (mutant.by()) {
      case HARNESS -> assertKilled(seeds, harness(postgres, database, seeds, 1));
      case RULES -> assertKilled(0, tests(SnapshotRulesTest.class));
      case PLACE -> assertKilled(0, tests(StreamPlaceTest.class));
      case WRAP -> killAtAWrap(seeds);
      case CRASH -> assertKilled(0, tests(ServerCrashTest.class));
    }
  }

  private void killAtAWrap(int seeds) throws Exception {
    try (var wrapping = RealPostgres.start(RealPostgres.CURRENT, XidWrapTest.SETTINGS)) {
      var own = wrapping.createDatabase("mutants");
      var ended = new Ended(0, "");
      for (int seed = 1; seed <= seeds && ended.status() == 0; seed++) {
        XidWrapTest.aheadOfAWrap(wrapping, 60 + 40 * seed);
        ended = harness(wrapping, own, 1, seed);
      }
      assertKilled(seeds, ended);
    }
  }

  private static void assertKilled(int seeds, Ended ended) {
    assertEquals(1, ended.status(), "no seed of " + seeds + " failed:\n" + ended.said());
    assertTrue(ended.said().contains("1 failed"), ended.said());
  }

  /** The harness with so many seeds from the first on; ends at the first that fails. */
  private Ended harness(RealPostgres server, RealPostgres.Database own, int seeds, int first)
      throws Exception {
    return run(
        seeds,
        SnapshotSeeds.class.getName(),
        Integer.toString(server.port()),
        own.name(),
        Integer.toString(seeds),
        Integer.toString(first),
        "false");
  }

  private Ended tests(Class<?> type) throws Exception {
    return run(0, RunTests.class.getName(), type.getName());
  }

  private record Ended(int status, String said) {}

  /** Runs a program with the mutant's class in front. */
  private Ended run(int seeds, String... main) throws Exception {
    var log = classes.resolve("log");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dakkasinks.failpoints=on",
                "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path")));
    command.addAll(List.of(main));
    var child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(child.waitFor(50L + seeds * 50L, TimeUnit.SECONDS), "the harness did not end");
    } finally {
      child.destroyForcibly();
    }
    return new Ended(child.exitValue(), Files.readString(log));
  }

  private void compile(Mutant mutant) throws IOException {
    var source = Files.readString(SOURCES.resolve(mutant.file()));
    int at = source.indexOf(mutant.text());
    assertTrue(at >= 0, mutant.file() + " no longer holds: " + mutant.text());
    assertEquals(at, source.lastIndexOf(mutant.text()), "more than once: " + mutant.text());
    var copy = Files.createDirectories(classes.resolve("src")).resolve(mutant.file());
    Files.writeString(copy, source.replace(mutant.text(), mutant.replacement()));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-nowarn",
                      "-d",
                      classes.toString(),
                      "-cp",
                      System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(copy))
              .call();
      assertTrue(compiled, said.toString());
    }
  }
}
