package akkasinks.source.postgres;

import akkasinks.change.BatchBuilder;
import akkasinks.change.SnapshotState.Visible;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads chunks ahead of their emission, in key order, on a thread of its own; nothing here blocks
 * but {@link #await} and, for one short query, {@link #underWay}.
 */
interface Chunks extends AutoCloseable {

  /**
   * A chunk that has been read.
   *
   * @param parts READ changes, not yet built, in batches of the stream's size; at least one
   * @param upTo key of its last row; empty if it has none, or is the last
   * @param last the read ran out of rows
   * @param until insert LSN when it was read, and flushed by now; normalised by {@link
   *     ChunkReader#recordEnd}
   */
  record Taken(
      List<BatchBuilder> parts, List<String> upTo, boolean last, Visible snapshot, long until) {
    public Taken {
      parts = List.copyOf(parts);
    }

    int rows() {
      return parts.stream().mapToInt(BatchBuilder::size).sum();
    }
  }

  /** A snapshot, and the insert LSN at that moment. */
  record Moment(Visible snapshot, long insertLsn) {}

  /**
   * Looks for a moment at which everything open in {@code before} has ended; empty until there is
   * one.
   */
  Optional<Moment> settled(Visible before);

  /**
   * Reads on from there, with no more than {@code room} chunks waiting; whatever was read ahead
   * before is thrown away. Each snapshot must satisfy {@code usable} or is taken again.
   */
  void restart(List<String> after, Predicate<Visible> usable);

  /** Stops reading and throws away what was read ahead, until the next {@link #restart}. */
  void pause();

  /** The next chunk in key order, if it has been read and its {@code until} is flushed. */
  Optional<Taken> ready();

  /** Takes what {@link #ready} has shown. */
  void taken();

  /** Whether a chunk is being read, or waits here, under a snapshot that satisfies this. */
  boolean underWay(Predicate<Visible> snapshot);

  /**
   * Returns when {@link #ready} or {@link #settled} may have changed, or after {@code patience}.
   */
  void await(Duration patience) throws InterruptedException;

  /** Why nothing gets ready, or empty. */
  String waiting();

  @Override
  void close();
}
