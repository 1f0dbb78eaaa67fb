package akkasinks.source.postgres;

import akkasinks.base.FailPoints;
import akkasinks.change.Batch;
import akkasinks.change.Batch.Ending;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.change.SnapshotState;
import akkasinks.change.SnapshotState.Chunk;
import akkasinks.change.SnapshotState.Visible;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the rows that a table has already into the stream of its changes, chunk by chunk, and judges
 * which streamed changes those rows contain already. Belongs to the stream's thread.
 *
 * <p>The rules, in short. A chunk enters between two streamed transactions, and only if its
 * snapshot sees every transaction streamed so far ({@link #seesAllStreamed}). From then on a change
 * to one of its keys is dropped if the chunk's snapshot sees the changing transaction, and emitted
 * otherwise; a change to a key beyond the last chunk is dropped: a later chunk will read it. Once
 * the stream has passed the point at which a chunk was read, its snapshot is not needed any more.
 *
 * <p>A RESNAPSHOT drops nothing. What it reads is in the topic already, perhaps wrongly; were a
 * delete dropped because a chunk has seen it, then a key written since the RESNAPSHOT began would
 * stay for ever. A chunk's row may so be followed by changes that it holds already, the last of
 * which brings it back.
 *
 * <p>Order of calls for each transaction: {@link #holds} (emit a chunk first while it says so),
 * {@link #begin}, {@link #emits} per change, {@link #committed}; {@link #nextChunk} at any time
 * between transactions.
 */
final class Snapshot implements AutoCloseable {
  /** Chunks that judge at once. */
  static final int MAX_PENDING = 32;

  /** Of all saved states, estimated; the progress record that holds them may have 256 KiB. */
  static final long MAX_STATE_BYTES = 160 * 1024;

  private final PostgresPosition start;
  private final KeyTexts keys;
  private final KeyScan scan;
  private final long estimatedRows;
  private final long mostStateBytes;
  private final KeyOrder order;
  private final Chunks chunks;
  private final XidHistory xids;
  private final Unseen unseen;
  private final List<Chunk> pending = new ArrayList<>();
  private final boolean again;
  private Visible exported;
  private boolean started;
  private volatile boolean running = true;
  private boolean insideResumed;
  private boolean complete;
  private boolean reading;
  private List<String> judged;
  private List<String> covered;
  private volatile long rows;
  private long steps;
  private long reached;
  private long current;
  private KeyOrder.@Nullable Bounds bounds;
  private Collection<List<String>> foreseen = List.of();
  private @Nullable SnapshotState saved;

  /**
   * @param start where the stream goes on; must hold a snapshot's state
   * @param newestXid the next xid of the server, 64 bits, at about this time
   * @param estimatedRows of the whole table; −1 if not known
   * @param mostStateBytes its part of {@link #MAX_STATE_BYTES}
   */
  Snapshot(
      PostgresPosition start,
      long newestXid,
      KeyTexts keys,
      KeyScan scan,
      KeyOrder order,
      Chunks chunks,
      long estimatedRows,
      long mostStateBytes) {
    var state = start.snapshot().orElseThrow();
    this.start = start;
    this.keys = keys;
    this.scan = scan;
    this.estimatedRows = estimatedRows;
    this.mostStateBytes = mostStateBytes;
    this.insideResumed = start.within().isPresent();
    this.order = order;
    this.chunks = chunks;
    this.xids = new XidHistory(newestXid);
    this.unseen = new Unseen(state.unseen());
    this.pending.addAll(state.pending());
    this.again = state.again();
    this.exported = state.exported();
    this.started = state.started();
    this.complete = state.complete();
    this.judged = state.judged();
    this.covered = state.covered();
    this.rows = state.rows();
    this.steps = state.steps();
    this.reached = start.end();
    this.saved = state;
  }

  /**
   * False once every chunk is out and none is needed to judge by any more: ask nothing of it then.
   */
  boolean running() {
    return running;
  }

  /** Thread-safe enough for a status: it may be a chunk late. */
  ChangeSource.Snapshot progress() {
    return new ChangeSource.Snapshot(rows, estimatedRows);
  }

  /** Why no chunk comes although the stream is healthy, or empty. Thread-safe. */
  String waiting() {
    return running ? chunks.waiting() : "";
  }

  /** The same object until something changes; empty when done. */
  Optional<SnapshotState> state() {
    if (!running) {
      return Optional.empty();
    }
    if (saved == null) {
      steps++;
      saved =
          new SnapshotState(
              exported,
              started,
              again,
              judged,
              covered,
              complete,
              pending,
              unseen.ranges(),
              rows,
              steps);
    }
    return Optional.of(saved);
  }

  /**
   * Whether a chunk has to be emitted before this transaction begins: it is being read, or waits,
   * under a snapshot that does not see the transaction, and would else have to be read again. The
   * stream then asks for chunks, and {@link #await}s, until this says no.
   */
  boolean holds(int xid32) {
    if (!running || !reading || full()) {
      return false;
    }
    long xid = xids.extend(xid32);
    return chunks.underWay(snapshot -> !snapshot.sees(xid));
  }

  /** Returns when {@link #chunkReady} may have changed, or after {@code patience}. */
  void await(Duration patience) throws InterruptedException {
    chunks.await(patience);
  }

  /** A streamed transaction begins, or is read again after a crash inside it. */
  void begin(int xid32) {
    if (!running) {
      return;
    }
    current = xids.extend(xid32);
    xids.reached(current);
    boolean known = !pending.isEmpty() && pending.getLast().snapshot().sees(current);
    if (!complete && !known && unseen.add(current)) {
      changed();
    }
  }

  /**
   * As above.
   *
   * @param key one text per key column
   */
  boolean emits(List<String> key) {
    return !running || judgement().test(key);
  }

  /**
   * What is in these messages will be judged next: where the order of keys has to be asked for,
   * that is done once for all of them.
   */
  void foresee(WalReader.Block block) {
    if (running && !again && order.asks()) {
      foreseen = scan.keys(block);
      bounds().foresee(foreseen);
    }
  }

  /**
   * Whether the current transaction's change to the key in this row is emitted; it may hold the key
   * alone. An UPDATE that moves a key is two changes.
   */
  boolean emits(BatchBuilder rows, int row) {
    return !running || again || emits(keys.of(rows, row));
  }

  /** Judges the current transaction's TRUNCATE. */
  Batch.Truncation truncated() {
    return new Batch.Truncation(judgement());
  }

  /**
   * What {@link #emits} says now, for ever and for any thread. After a TRUNCATE by the current
   * transaction: whether the key's row is gone with it.
   */
  Predicate<List<String>> judgement() {
    if (!running || again) {
      return key -> true;
    }
    var limits = bounds();
    long xid = current;
    int settled = judged.isEmpty() ? 0 : 1;
    var sees = pending.stream().map(chunk -> chunk.snapshot().sees(xid)).toList();
    return key -> {
      int chunk = limits.place(key) - settled;
      return chunk < 0 || (chunk < sees.size() && !sees.get(chunk));
    };
  }

  /**
   * Everything before {@code endLsn} has been consumed: the end of a transaction, or a keep-alive.
   */
  void committed(long endLsn) {
    insideResumed = false;
    if (!running) {
      return;
    }
    reached = Lsn.max(reached, endLsn);
    forgetPassed();
  }

  /**
   * Whether {@link #nextChunk} may have one: asked first, so that what was streamed before it can
   * go out with the state before it. Cheap. To be asked between transactions only.
   */
  boolean chunkReady() {
    if (!running || complete || insideResumed || !hasStarted()) {
      return false;
    }
    if (full()) {
      if (reading) {
        chunks.pause();
        reading = false;
      }
      return false;
    }
    if (!reading) {
      reading = true;
      chunks.restart(covered, this::seesAllStreamed);
    }
    return chunks.ready().isPresent();
  }

  /**
   * A chunk to be emitted now, its position included; only between transactions, with nothing
   * streamed and not yet emitted, and nothing in between its batches. Empty if it turned out that
   * it must be taken again.
   */
  List<Batch> nextChunk() {
    return nextChunk(this::here);
  }

  /**
   * The same.
   *
   * @param place gives the stream's position, once the chunk is covered
   */
  List<Batch> nextChunk(Supplier<PostgresPosition> place) {
    var ready = chunkReady() ? chunks.ready() : Optional.<Chunks.Taken>empty();
    if (ready.isEmpty()) {
      return List.of();
    }
    var chunk = ready.get();
    boolean usable = seesAllStreamed(chunk.snapshot());
    unseen.prune(chunk.snapshot());
    changed();
    if (!usable) {
      chunks.restart(covered, this::seesAllStreamed);
      return List.of();
    }
    chunks.taken();
    cover(chunk);
    FailPoints.reach("source.snapshot.chunk");
    var position = place.get();
    var last = chunk.parts().getLast();
    return chunk.parts().stream()
        .map(p -> p.build(position, p.size(), p == last ? Ending.WHOLE : Ending.PART))
        .toList();
  }

  /** Ends the reading; the state stays. */
  @Override
  public void close() {
    chunks.close();
    order.close();
  }

  /** Whether a chunk under this snapshot holds the outcome of all that was streamed so far. */
  private boolean seesAllStreamed(Visible snapshot) {
    return unseen.allSeenBy(snapshot) && !Visibles.hidesWhatCountsAsStreamed(snapshot, exported);
  }

  private boolean hasStarted() {
    if (!started) {
      var moment = chunks.settled(exported);
      if (moment.isPresent() && !Lsn.before(reached, moment.get().insertLsn())) {
        exported = moment.get().snapshot();
        started = true;
        changed();
      }
    }
    return started;
  }

  private void cover(Chunks.Taken chunk) {
    rows += chunk.rows();
    complete = chunk.last();
    if (complete) {
      unseen.clear();
    } else {
      covered = chunk.upTo();
    }
    var added = new Chunk(complete ? List.of() : covered, chunk.snapshot(), chunk.until());
    xids.reached(chunk.snapshot().xmax() - 1);
    if (!pending.isEmpty() && pending.getLast().snapshot().equals(added.snapshot())) {
      long until = pending.removeLast().until();
      added = new Chunk(added.upTo(), added.snapshot(), until);
    }
    pending.add(added);
    changed();
    bounds = null;
    forgetPassed();
  }

  private void forgetPassed() {
    while (!pending.isEmpty() && !Lsn.before(reached, pending.getFirst().until())) {
      judged = pending.removeFirst().upTo();
      changed();
      bounds = null;
    }
    if (complete && pending.isEmpty()) {
      running = false;
      reading = false;
      chunks.close();
    }
  }

  /** No further chunk may be taken until the stream has passed some: the state is bounded. */
  private boolean full() {
    if (pending.isEmpty()) {
      return false;
    }
    return pending.size() >= MAX_PENDING || weight() > mostStateBytes;
  }

  private long weight() {
    long weight = StateSize.of(exported) + StateSize.of(unseen.size());
    for (var chunk : pending) {
      weight += StateSize.of(chunk.upTo()) + StateSize.of(chunk.snapshot());
    }
    return weight;
  }

  private KeyOrder.Bounds bounds() {
    if (bounds == null) {
      var limits = new ArrayList<List<String>>();
      if (!judged.isEmpty()) {
        limits.add(judged);
      }
      pending.stream().map(Chunk::upTo).filter(key -> !key.isEmpty()).forEach(limits::add);
      bounds = order.bounds(limits);
      bounds.foresee(foreseen);
    }
    return bounds;
  }

  private PostgresPosition here() {
    return start.at(reached, Optional.empty(), state());
  }

  private void changed() {
    saved = null;
  }
}
