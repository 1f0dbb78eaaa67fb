package akkasinks.change;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Consolidate.WindowLimits;
import akkasinks.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final List<String> KEY = List.of("a", "b");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;

  @Test
  void whatComesOutFoldsToWhatWentInAtEachPosition() {
    Seeds.forAll(
        400,
        random -> {
          var full = random.nextBoolean();
          var history = new RandomHistory(random, full);
          var limits =
              random.nextBoolean() ? WindowLimits.of(SECOND) : new WindowLimits(SECOND, 40, 4_000);
          var window = Consolidate.over(KEY, limits, clock);
          var stream = new Stream(full && limits.changes() > 1_000);
          for (int end = 1; end <= 60; end++) {
            now = now.plusMillis(random.nextInt(200));
            var batch = batch(random, history, end);
            stream.takeIn(batch);
            for (var out : window.apply(batch)) {
              stream.takeOut(out);
            }
            stream.judgeDelay(now);
          }
          now = now.plus(SECOND);
          window
              .apply(Batch.empty(RandomHistory.TABLE, Decoded.position(61), true))
              .forEach(stream::takeOut);
          assertThat(stream.lastOut).isEqualTo(61);
        });
  }

  private static Batch batch(Random random, RandomHistory history, int end) {
    int kind = random.nextInt(12);
    if (kind == 0) {
      return Decoded.batch(RandomHistory.TABLE, history.read(random.nextInt(5)), end, false);
    }
    var changes = kind < 4 ? List.<Decoded>of() : history.next(1 + random.nextInt(20));
    return Decoded.batch(RandomHistory.TABLE, changes, end, random.nextBoolean());
  }

  /** Judges what comes out against what went in. */
  private final class Stream {
    private final boolean exact;
    private final List<Batch> in = new ArrayList<>();
    private final Map<Long, Instant> arrived = new HashMap<>();
    private Map<List<String>, List<String>> tableIn = Map.of();
    private Map<List<String>, List<String>> tableOut = Map.of();
    private long lastOut;
    private long consumedIn;
    private long consumedOut;

    /**
     * @param exact whether windows are netted in one go from rows sent whole, so that what comes
     *     out is known to the letter
     */
    Stream(boolean exact) {
      this.exact = exact;
    }

    void takeIn(Batch batch) {
      in.add(batch);
      arrived.put(end(batch), now);
    }

    void takeOut(Batch out) {
      assertThat(end(out)).isGreaterThanOrEqualTo(lastOut);
      var window = new ArrayList<Decoded>();
      while (!in.isEmpty() && end(in.getFirst()) <= end(out)) {
        var batch = in.removeFirst();
        window.addAll(Decoded.of(batch));
        consumedIn += batch.consumed();
      }
      consumedOut += out.consumed();
      var given = Decoded.of(out);
      tableIn = Decoded.fold(tableIn, window);
      tableOut = Decoded.fold(tableOut, given);
      assertThat(tableOut).isEqualTo(tableIn);
      assertThat(consumedOut).isEqualTo(consumedIn);
      boolean read = given.stream().anyMatch(change -> change.op() == Op.READ);
      assertThat(out.quiet() || read || given.isEmpty()).isTrue();
      if (exact && !read) {
        assertThat(Decoded.split(given)).isEqualTo(Decoded.net(window));
      }
      lastOut = end(out);
    }

    void judgeDelay(Instant now) {
      for (var batch : in) {
        if (batch.size() > 0) {
          assertThat(arrived.get(end(batch))).isAfter(now.minus(SECOND));
        }
      }
    }
  }

  private static long end(Batch batch) {
    return ((PostgresPosition) batch.position()).end();
  }

  @Test
  void aKeyThatChangesAllTheTimeIsHeldInBoundedMemoryAndComesOutOnce() {
    var window = Consolidate.over(KEY, new WindowLimits(SECOND, 1_000, 100_000), clock);
    for (int i = 1; i <= 2_000; i++) {
      var changes = new ArrayList<Decoded>();
      for (int j = 0; j < 50; j++) {
        changes.add(new Decoded(Op.UPDATE, null, List.of("1", "b", i + " " + j), i));
      }
      assertThat(window.apply(Decoded.batch(RandomHistory.TABLE, changes, i, false))).isEmpty();
    }
    now = now.plus(SECOND);
    var out = window.apply(Batch.empty(RandomHistory.TABLE, Decoded.position(2_001), true));
    assertThat(out).hasSize(1);
    assertThat(Decoded.of(out.getFirst()))
        .containsExactly(new Decoded(Op.UPDATE, null, List.of("1", "b", "2000 49"), 2_000));
    assertThat(out.getFirst().consumed()).isEqualTo(100_000);
    assertThat(out.getFirst().weight()).isLessThan(200_000);
  }

  @Test
  void moreThanTheLimitEndsTheWindow() {
    var window = Consolidate.over(KEY, new WindowLimits(SECOND, 1_000, 1_000_000), clock);
    var out = new ArrayList<Batch>();
    for (int i = 1; i <= 10_000; i++) {
      out.addAll(window.apply(batch(i, insert(Integer.toString(i)))));
    }
    assertThat(out).hasSizeBetween(10, 20).allMatch(Batch::quiet);
  }

  @Test
  void aSnapshotsRowsEndTheWindowAndComeBehindIt() {
    var window = Consolidate.over(KEY, WindowLimits.of(SECOND), clock);
    var chunk = batch(2, new Decoded(Op.READ, null, List.of("2", "b", "x"), 0));
    assertThat(window.apply(batch(1, insert("1")))).isEmpty();
    var out = window.apply(chunk);
    assertThat(out).hasSize(2);
    assertThat(Decoded.of(out.getFirst())).containsExactly(insert("1"));
    assertThat(out.get(1)).isSameAs(chunk);
  }

  @Test
  void aTruncationEndsTheWindowAndComesBehindIt() {
    var window = Consolidate.over(KEY, WindowLimits.of(SECOND), clock);
    var truncated =
        Batch.truncated(RandomHistory.TABLE, Decoded.position(2), new Batch.Truncation(_ -> true));
    assertThat(window.apply(batch(1, insert("1")))).isEmpty();
    assertThat(window.apply(truncated)).hasSize(2).last().isSameAs(truncated);
  }

  @Test
  void beforeAWindowIsHeldWhatWasPassedOnIsCommitted() {
    var window = Consolidate.over(KEY, WindowLimits.of(SECOND), clock);
    window.apply(batch(1, new Decoded(Op.READ, null, List.of("2", "b", "x"), 0)));
    var out = window.apply(batch(2, insert("1")));
    assertThat(out).hasSize(1);
    assertThat(out.getFirst().size()).isZero();
    assertThat(out.getFirst().quiet()).isTrue();
    assertThat(out.getFirst().position()).isEqualTo(Decoded.position(1));
  }

  @Test
  void anAddedColumnEndsTheWindow() {
    var window = Consolidate.over(KEY, WindowLimits.of(SECOND), clock);
    var columns = new ArrayList<>(RandomHistory.TABLE.columns());
    columns.add(Column.of("w", Type.Scalar.TEXT));
    var wider = new Relation(7, "public", "t", columns);
    window.apply(batch(1, insert("1")));
    var added = new Decoded(Op.INSERT, null, List.of("2", "b", "x", "w"), 2);
    var out = window.apply(Decoded.batch(wider, List.of(added), 2, true));
    assertThat(out).hasSize(1);
    assertThat(Decoded.of(out.getFirst())).containsExactly(insert("1"));
    now = now.plus(SECOND);
    out = window.apply(Batch.empty(wider, Decoded.position(3), true));
    assertThat(Decoded.of(out.getFirst())).containsExactly(added);
  }

  @Test
  void sourceChangesThatWereDroppedAreCountedWhileAWindowIsHeld() {
    var window = Consolidate.over(KEY, WindowLimits.of(SECOND), clock);
    window.apply(batch(1, insert("1")));
    for (int end = 2; end <= 4; end++) {
      var dropped = new BatchBuilder(RandomHistory.TABLE, 0, 0);
      window.apply(dropped.build(Decoded.position(end), 10, false));
    }
    now = now.plus(SECOND);
    var out = window.apply(Batch.empty(RandomHistory.TABLE, Decoded.position(5), true));
    assertThat(out).hasSize(1);
    assertThat(out.getFirst().consumed()).isEqualTo(31);
  }

  @Test
  void whileNothingIsHeldPositionsPassAtOnce() {
    var window = Consolidate.over(KEY, WindowLimits.of(SECOND), clock);
    var empty = Batch.empty(RandomHistory.TABLE, Decoded.position(1), true);
    assertThat(window.apply(empty)).containsExactly(empty);
  }

  private static Batch batch(long end, Decoded... changes) {
    return Decoded.batch(RandomHistory.TABLE, List.of(changes), end, false);
  }

  private static Decoded insert(String a) {
    return new Decoded(Op.INSERT, null, List.of(a, "b", "x"), 1);
  }
}
