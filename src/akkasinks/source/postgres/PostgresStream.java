package akkasinks.source.postgres;

import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Lsn;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The open stream: takes what the reader read, and makes batches of it. */
final class PostgresStream implements ChangeSource.Stream {
  private static final long WORTH_CONFIRMING_BYTES = 16L << 20;
  private static final long HELD_LOOK_NANOS = 2_000_000;
  private static final long CHUNK_LOOK_NANOS = 2_000_000;
  private static final long CUT_LOOK_NANOS = 100_000_000;
  private static final long ASK_NANOS = 100_000_000;

  private final WalReader reader;
  private final ChangeAssembler assembler;
  private final StreamTables tables;
  private final LazySession catalog;
  private final SlotMonitor monitor;

  /** Of the chunk under way: nothing may come between them. */
  private final ArrayDeque<Batch> chunkParts = new ArrayDeque<>();

  private WalReader.@Nullable Block block;
  private int at;
  private boolean caughtUp;
  private boolean owesQuiet;
  private long asked = System.nanoTime();
  private volatile long consumedTo;
  private volatile boolean held;
  private volatile long cut;

  PostgresStream(
      WalReader reader,
      ChangeAssembler assembler,
      StreamTables tables,
      LazySession catalog,
      SlotMonitor monitor) {
    this.reader = reader;
    this.assembler = assembler;
    this.tables = tables;
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
        var snapshots = tables.snapshots();
        if (!snapshots.isEmpty() && assembler.betweenTransactions()) {
          var chunk = chunk(snapshots);
          if (chunk != null) {
            return chunk;
          }
          var holding = holding(snapshots, assembler.begins(message));
          if (holding != null) {
            return held(holding, deadline);
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
    var changed = monitor.changed();
    if (changed.isPresent()) {
      throw changed.get().exception();
    }
    boolean between = assembler.betweenTransactions();
    if (between) {
      tables.look(assembler::position);
    }
    if (take(reader.poll(Duration.ZERO))) {
      return null;
    }
    var snapshots = tables.snapshots();
    boolean chunked = !snapshots.isEmpty() && between && !held && cut == 0;
    if (chunked) {
      var chunk = chunk(snapshots);
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
    } else if (chunked && System.nanoTime() - asked > ASK_NANOS) {
      // In a database that writes nothing only the server's answer moves the stream on, and a
      // snapshot that begins beside it, or has been read, waits for that.
      asked = System.nanoTime();
      reader.askServer();
    }
    take(reader.poll(Duration.ofNanos(chunked ? Math.min(left, CHUNK_LOOK_NANOS) : left)));
    return null;
  }

  /** The next chunk of a snapshot if one is there; what was streamed before it goes first. */
  private @Nullable Batch chunk(List<Snapshot> snapshots) {
    for (int i = 0; i < snapshots.size(); i++) {
      var running = snapshots.get(i);
      try {
        if (running.chunkReady()) {
          if (assembler.pending()) {
            return assembler.flush(false);
          }
          chunkParts.addAll(running.nextChunk(assembler::position));
          return chunkParts.poll();
        }
      } catch (FailureException e) {
        tables.failed(running, e);
        return null;
      }
    }
    return null;
  }

  /** The snapshot before whose next chunk the transaction must not begin; null if there is none. */
  private @Nullable Snapshot holding(List<Snapshot> snapshots, int begun) {
    for (int i = 0; begun != 0 && i < snapshots.size(); i++) {
      var running = snapshots.get(i);
      try {
        if (running.holds(begun)) {
          return running;
        }
      } catch (FailureException e) {
        tables.failed(running, e);
      }
    }
    return null;
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
    for (var snapshot : tables.snapshots()) {
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
        tables.progress(),
        tables.waiting(),
        -1,
        tables.notice());
  }

  @Override
  public void close() {
    reader.close();
    tables.close();
    catalog.close();
    monitor.close();
  }
}
