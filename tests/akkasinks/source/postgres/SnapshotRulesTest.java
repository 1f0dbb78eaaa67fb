package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.SnapshotState;
import akkasinks.change.SnapshotState.Visible;
import akkasinks.change.SnapshotState.XidRange;
import akkasinks.change.Type;
import akkasinks.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The parts of the judge that need no server. */
class SnapshotRulesTest {
  private static final Relation T =
      new Relation(1, "public", "t", List.of(Column.of("k", Type.Scalar.INT8)));

  private static final Visible WITHOUT_12 = new Visible(12, 15, List.of(new XidRange(12, 12)));

  @Test
  void a32BitXidIsExtendedOverTheEndOfAnEpochInBothDirections() {
    long epoch = 1L << 32;
    var before = new XidHistory(epoch - 5);
    assertThat(before.extend(-3)).isEqualTo(epoch - 3);
    assertThat(before.extend(7)).isEqualTo(epoch + 7);
    before.reached(epoch + 7);
    assertThat(before.extend(-3)).isEqualTo(epoch - 3);
    assertThat(before.extend(3)).isEqualTo(epoch + 3);
    assertThat(new XidHistory(5 * epoch + 9).extend(-1)).isEqualTo(5 * epoch - 1);
  }

  @Test
  void aTransactionOfTheNewEpochIsJudgedByItsFullXid() {
    long epoch = 1L << 32;
    var sees = new Visible(epoch - 2, epoch + 4, List.of(new XidRange(epoch + 1, epoch + 1)));
    var chunks = new FakeChunks();
    var snapshot = snapshot(state(new Visible(epoch - 9, epoch - 9, List.of())), epoch, chunks);
    chunks.offer(sees, 1_000, false, "5");
    assertThat(snapshot.chunkReady()).isTrue();
    assertThat(snapshot.nextChunk()).isNotEmpty();
    snapshot.begin(-1);
    assertThat(snapshot.emits(List.of("4"))).as("seen, of the old epoch").isFalse();
    snapshot.begin(1);
    assertThat(snapshot.emits(List.of("4"))).as("in progress then").isTrue();
    assertThat(snapshot.emits(List.of("6"))).as("a later chunk reads it").isFalse();
    snapshot.begin(2);
    assertThat(snapshot.emits(List.of("4"))).as("seen, of the new epoch").isFalse();
    snapshot.begin(9);
    assertThat(snapshot.emits(List.of("4"))).as("begun later").isTrue();
  }

  @Test
  void aChunkThatMissesAStreamedTransactionIsTakenAgain() {
    var chunks = new FakeChunks();
    var snapshot = snapshot(state(new Visible(10, 10, List.of())), 20, chunks);
    snapshot.begin(12);
    snapshot.committed(100);
    for (int times = 1; times <= 2; times++) {
      chunks.offer(WITHOUT_12, 200, false, "5");
      assertThat(snapshot.nextChunk()).isEmpty();
      assertThat(chunks.restarts).isEqualTo(1 + times);
    }
    chunks.offer(new Visible(15, 15, List.of()), 300, false, "5");
    assertThat(snapshot.nextChunk()).isNotEmpty();
    assertThat(snapshot.state().orElseThrow().unseen()).isEmpty();
  }

  @Test
  void aChunkAfterACrashMustSeeWhatWasStreamedBefore() {
    var before = snapshot(state(new Visible(10, 10, List.of())), 20, new FakeChunks());
    before.begin(12);
    before.committed(100);
    var chunks = new FakeChunks();
    var after = snapshot(before.state().orElseThrow(), 20, chunks);
    chunks.offer(WITHOUT_12, 200, false, "5");
    assertThat(after.nextChunk()).isEmpty();
  }

  @Test
  void aChunkMustSeeWhatTheExportedSnapshotSees() {
    var chunks = new FakeChunks();
    var snapshot = snapshot(state(new Visible(13, 13, List.of())), 20, chunks);
    chunks.offer(WITHOUT_12, 200, false, "5");
    assertThat(snapshot.nextChunk()).isEmpty();
  }

  @Test
  void whatTheExportedSnapshotSeesCountsAsStreamed() {
    var exported = new Visible(10, 14, List.of(new XidRange(11, 11)));
    var stalled = new Visible(12, 15, List.of(new XidRange(12, 12)));
    assertThat(Visibles.hidesWhatCountsAsStreamed(stalled, exported)).isTrue();
    var older = new Visible(11, 12, List.of(new XidRange(11, 11)));
    assertThat(Visibles.hidesWhatCountsAsStreamed(older, exported)).isTrue();
    var fine = new Visible(11, 14, List.of(new XidRange(11, 11)));
    assertThat(Visibles.hidesWhatCountsAsStreamed(fine, exported)).isFalse();
    assertThat(
            Visibles.hidesWhatCountsAsStreamed(
                new Visible(20, 25, List.of(new XidRange(22, 23))), exported))
        .isFalse();
  }

  @Test
  void aSlotsExportedSnapshotMayEndBeforeItsOwnBeginning() {
    var exported = Visibles.parse("770:769:");
    assertThat(exported.sees(769)).isTrue();
    assertThat(exported.sees(770)).isFalse();
    var stalled = new Visible(769, 773, List.of(new XidRange(769, 769)));
    assertThat(Visibles.hidesWhatCountsAsStreamed(stalled, exported)).isTrue();
  }

  @Test
  void unseenHoldsAtLeastWhatWasAddedAndIsPrunedByWhatASnapshotSees() {
    Seeds.forAll(
        200,
        random -> {
          var unseen = new Unseen(List.of());
          var model = new TreeSet<Long>();
          for (int i = 0; i < 300; i++) {
            long xid = 100 + random.nextInt(400);
            unseen.add(xid);
            model.add(xid);
            if (random.nextInt(40) == 0) {
              long xmin = 100 + random.nextInt(300);
              long xmax = xmin + 1 + random.nextInt(100);
              var open =
                  LongStream.range(xmin, xmax)
                      .filter(x -> x == xmin || random.nextInt(4) == 0)
                      .mapToObj(x -> new XidRange(x, x))
                      .toList();
              var snapshot = new Visible(xmin, xmax, open);
              assertThat(unseen.allSeenBy(snapshot))
                  .isEqualTo(model.stream().allMatch(snapshot::sees));
              unseen.prune(snapshot);
              model.removeIf(snapshot::sees);
            }
          }
          var held = new TreeSet<Long>();
          unseen
              .ranges()
              .forEach(r -> LongStream.rangeClosed(r.first(), r.last()).forEach(held::add));
          assertThat(held).isEqualTo(model);
        });
  }

  @Test
  void unseenStaysBoundedAndForgetsNothing() {
    var unseen = new Unseen(List.of());
    for (long xid = 0; xid < 20_000; xid += 2) {
      unseen.add(xid);
    }
    assertThat(unseen.size()).isLessThanOrEqualTo(Unseen.MAX_RANGES);
    for (long xid = 0; xid < 20_000; xid += 2) {
      assertThat(unseen.add(xid)).isFalse();
    }
  }

  @Test
  void anInsertLsnJustInsideAPageHeaderIsThePagesStart() {
    long segment = 16L << 20;
    assertThat(ChunkSession.recordEnd(3 * 8192 + 24, 8192, segment)).isEqualTo(3 * 8192);
    assertThat(ChunkSession.recordEnd(3 * 8192 + 40, 8192, segment)).isEqualTo(3 * 8192 + 40);
    assertThat(ChunkSession.recordEnd(segment + 40, 8192, segment)).isEqualTo(segment);
    assertThat(ChunkSession.recordEnd(segment + 48, 8192, segment)).isEqualTo(segment + 48);
  }

  @Test
  void theStateStaysBoundedWithManyOpenTransactionsAndLongKeys() {
    var chunks = new FakeChunks();
    var snapshot = snapshot(state(new Visible(3, 3, List.of())), 50_000, chunks);
    int emitted = 0;
    for (int chunk = 1; chunk <= 300; chunk++) {
      int xmax = 50_000 + chunk;
      var open =
          LongStream.range(0, 5_000)
              .mapToObj(n -> new XidRange(1_000 + 7 * n, 1_000 + 7 * n))
              .toList();
      chunks.offer(
          new Visible(1_000, xmax, open), 10_000 + chunk, false, "1" + "0".repeat(2_000 + chunk));
      if (snapshot.chunkReady()) {
        assertThat(snapshot.nextChunk()).isNotEmpty();
        emitted++;
      }
    }
    assertThat(emitted).isBetween(1, Snapshot.MAX_PENDING);
    assertThat(chunks.paused).isTrue();
    long bytes = 0;
    for (var chunk : snapshot.state().orElseThrow().pending()) {
      bytes += StateSize.of(chunk.upTo()) + StateSize.of(chunk.snapshot());
    }
    assertThat(bytes).isLessThan(256 * 1024);
    snapshot.committed(20_000);
    chunks.offer(new Visible(50_000, 50_900, List.of()), 30_000, false, "2" + "0".repeat(2_400));
    assertThat(snapshot.nextChunk()).as("the backlog is judged").isNotEmpty();
  }

  @Test
  void chunksOfOneSnapshotArePendingAsOne() {
    var chunks = new FakeChunks();
    var snapshot = snapshot(state(new Visible(3, 3, List.of())), 10, chunks);
    var quiet = new Visible(10, 10, List.of());
    for (int i = 1; i <= 100; i++) {
      chunks.offer(quiet, 1_000, false, Integer.toString(i));
      assertThat(snapshot.nextChunk()).isNotEmpty();
    }
    assertThat(snapshot.state().orElseThrow().pending()).hasSize(1);
    chunks.offer(quiet, 1_000, true, "101");
    assertThat(snapshot.nextChunk()).isNotEmpty();
    assertThat(snapshot.running()).isTrue();
    snapshot.committed(1_000);
    assertThat(snapshot.running()).isFalse();
    assertThat(snapshot.state()).isEmpty();
  }

  @Test
  void noChunkEntersATransactionThatWasReadInPart() {
    var chunks = new FakeChunks();
    var within = Optional.of(new PostgresPosition.Within(80, 3));
    var snapshot = snapshot(state(new Visible(3, 3, List.of())), within, 10, chunks);
    chunks.offer(new Visible(10, 10, List.of()), 100, false, "5");
    assertThat(snapshot.chunkReady()).isFalse();
    snapshot.begin(9);
    snapshot.committed(90);
    assertThat(snapshot.chunkReady()).isTrue();
  }

  @Test
  void besideARunningStreamNoChunkIsReadBeforeAllThatWasOpenHasPassed() {
    var chunks = new FakeChunks();
    var before = new Visible(5, 9, List.of(new XidRange(5, 5)));
    var snapshot = snapshot(SnapshotState.beside(before, true), 10, chunks);
    chunks.offer(new Visible(12, 12, List.of()), 300, false, "5");
    assertThat(snapshot.chunkReady()).as("5 is still open").isFalse();
    chunks.settled = Optional.of(new Chunks.Moment(new Visible(10, 11, List.of()), 200));
    assertThat(snapshot.chunkReady()).as("it has not passed").isFalse();
    snapshot.begin(5);
    snapshot.committed(200);
    assertThat(snapshot.chunkReady()).isTrue();
    assertThat(snapshot.state().orElseThrow().exported())
        .isEqualTo(chunks.settled.get().snapshot());
  }

  private static SnapshotState state(Visible exported) {
    return SnapshotState.atSlot(exported, false);
  }

  private static Snapshot snapshot(SnapshotState state, long newest, FakeChunks chunks) {
    return snapshot(state, Optional.empty(), newest, chunks);
  }

  private static Snapshot snapshot(
      SnapshotState state,
      Optional<PostgresPosition.Within> within,
      long newest,
      FakeChunks chunks) {
    return new Snapshot(
        PostgresPosition.of("1", 1, "s", 50).at(50, within, Optional.of(state)),
        newest,
        new KeyTexts(List.of("k")),
        new KeyScan(1, List.of("k")),
        new LocalOrder(List.of(LocalOrder.ColumnOrder.NUMERIC)),
        chunks,
        -1,
        Snapshot.MAX_STATE_BYTES);
  }

  /** Chunks that a test offers, one at a time. */
  private static final class FakeChunks implements Chunks {
    private Optional<Taken> next = Optional.empty();
    private Optional<Moment> settled = Optional.empty();
    private int restarts;
    private boolean paused;

    void offer(Visible snapshot, long until, boolean last, String key) {
      var rows = new BatchBuilder(T, 1, 16);
      int row = rows.row();
      var text = key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      rows.value(text, 0, text.length);
      rows.change(Op.READ, Batch.NO_ROW, row, 0);
      next =
          Optional.of(
              new Taken(List.of(rows), new ArrayList<>(List.of(key)), last, snapshot, until));
    }

    @Override
    public Optional<Moment> settled(Visible before) {
      return settled;
    }

    @Override
    public void restart(List<String> after, Predicate<Visible> usable) {
      restarts++;
      paused = false;
    }

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public Optional<Taken> ready() {
      return next;
    }

    @Override
    public void taken() {
      next = Optional.empty();
    }

    @Override
    public boolean underWay(Predicate<Visible> snapshot) {
      return false;
    }

    @Override
    public void await(Duration patience) {}

    @Override
    public String waiting() {
      return "";
    }

    @Override
    public void close() {}
  }
}
