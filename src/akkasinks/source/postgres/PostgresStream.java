package akkasinks.source.postgres;

import akkasinks.change.Batch;
import akkasinks.change.Lsn;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The open stream: takes what the reader read, and makes batches of it. */
final class PostgresStream implements ChangeSource.Stream {
  private static final long WORTH_CONFIRMING_BYTES = 16L << 20;
  private static final long HELD_LOOK_NANOS = 2_000_000;
  private static final long CHUNK_LOOK_NANOS = 2_000_000;
  private static final long CUT_LOOK_NANOS = 100_000_000;

  private final WalReader reader;
  private final ChangeAssembler assembler;
  private final @Nullable Snapshot snapshot;
  private final CatalogSession catalog;
  private final SlotMonitor monitor;

  /** Of the chunk under way: nothing may come between them. */
  private final ArrayDeque<Batch> chunkParts = new ArrayDeque<>();

  private WalReader.@Nullable Block block;
  private int at;
  private boolean caughtUp;
  private boolean owesQuiet;
  private volatile long consumedTo;
  private volatile boolean held;
  private volatile long cut;

  PostgresStream(
      WalReader reader,
      ChangeAssembler assembler,
      @Nullable Snapshot snapshot,
      CatalogSession catalog,
      SlotMonitor monitor) {
    this.reader = reader;
    this.assembler = assembler;
    this.snapshot = snapshot;
    this.catalog = catalog;
    this.monitor = monitor;
    this.consumedTo = assembler.end();
  }

  @Override
  public Batch next(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      var batch = step(deadline);
      if (batch != null) {
        owesQuiet = !batch.quiet();
        consumedTo = assembler.end();
        return batch;
      }
    }
  }

  private @Nullable Batch step(long deadline) throws InterruptedException {
    var done = chunkParts.isEmpty() ? assembler.poll() : chunkParts.poll();
    if (done != null) {
      return done;
    }
    var current = block;
    if (current != null) {
      while (at < current.count()) {
        byte[] message = current.message(at);
        if ((held || cut != 0) && assembler.betweenTransactions()) {
          if (cut == 0) {
            return rest(deadline);
          }
          if (assembler.passes(message, cut)) {
            return cutHere();
          }
        }
        if (snapshot != null && snapshot.running() && assembler.betweenTransactions()) {
          var chunk = chunk(snapshot);
          if (chunk != null) {
            return chunk;
          }
          int begun = assembler.begins(message);
          if (begun != 0 && snapshot.holds(begun)) {
            return held(snapshot, deadline);
          }
        }
        at++;
        assembler.accept(message);
        if (assembler.ready()) {
          return assembler.poll();
        }
      }
      caughtUp = current.caughtUp();
      block = null;
    }
    return refill(deadline);
  }

  private @Nullable Batch refill(long deadline) throws InterruptedException {
    var changed = monitor.tableChanged();
    if (changed.isPresent()) {
      throw changed.get().exception();
    }
    if (take(reader.poll(Duration.ZERO))) {
      return null;
    }
    boolean between = assembler.betweenTransactions();
    boolean chunked = snapshot != null && snapshot.running() && between && !held && cut == 0;
    if (chunked && snapshot != null) {
      var chunk = chunk(snapshot);
      if (chunk != null) {
        return chunk;
      }
    }
    if (cut != 0 && between && !Lsn.before(assembler.end(), cut)) {
      return cutHere();
    }
    if (caughtUp && between && (assembler.pendingChanges() || owesQuiet)) {
      return assembler.flush(true);
    }
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return assembler.flush(true);
    }
    if (cut != 0) {
      reader.askServer();
      left = Math.min(left, CUT_LOOK_NANOS);
    }
    take(reader.poll(Duration.ofNanos(chunked ? Math.min(left, CHUNK_LOOK_NANOS) : left)));
    return null;
  }

  /** The next chunk of the snapshot if it is there; what was streamed before it goes first. */
  private @Nullable Batch chunk(Snapshot running) {
    if (!running.chunkReady()) {
      return null;
    }
    if (assembler.pending()) {
      return assembler.flush(false);
    }
    chunkParts.addAll(running.nextChunk());
    return chunkParts.poll();
  }

  /** A transaction is about to begin that a chunk being read does not see: that comes first. */
  private @Nullable Batch held(Snapshot running, long deadline) throws InterruptedException {
    if (System.nanoTime() >= deadline) {
      return assembler.flush(true);
    }
    running.await(Duration.ofNanos(CHUNK_LOOK_NANOS));
    return null;
  }

  /** Held between two transactions: gives what there is, then waits for the point. */
  private @Nullable Batch rest(long deadline) {
    if (assembler.pendingChanges() || owesQuiet || System.nanoTime() >= deadline) {
      return assembler.flush(true);
    }
    LockSupport.parkNanos(HELD_LOOK_NANOS);
    return null;
  }

  private Batch cutHere() {
    assembler.reach(cut);
    cut = 0;
    return assembler.flush(true);
  }

  private boolean take(WalReader.@Nullable Block next) {
    if (next == null) {
      return false;
    }
    if (snapshot != null) {
      snapshot.foresee(next);
    }
    block = next;
    at = 0;
    caughtUp = false;
    return true;
  }

  @Override
  public void confirm(Position frontier) {
    if (frontier instanceof PostgresPosition position) {
      reader.confirm(position.end());
    }
  }

  @Override
  public boolean wantsConfirmation() {
    long ahead = consumedTo - reader.confirmed();
    return reader.asked() ? ahead > 0 : ahead >= WORTH_CONFIRMING_BYTES;
  }

  @Override
  public void hold() {
    cut = 0;
    held = true;
  }

  @Override
  public void cutAt(long point) {
    cut = point;
    held = false;
  }

  @Override
  public ChangeSource.Status status() {
    var seen = monitor.look(reader.confirmed());
    return new ChangeSource.Status(
        seen.lagBytes(),
        seen.retainedBytes(),
        snapshot == null || !snapshot.running()
            ? Optional.empty()
            : Optional.of(snapshot.progress()),
        snapshot == null ? "" : snapshot.waiting());
  }

  @Override
  public void close() {
    reader.close();
    if (snapshot != null) {
      snapshot.close();
    }
    catalog.close();
    monitor.close();
  }
}
