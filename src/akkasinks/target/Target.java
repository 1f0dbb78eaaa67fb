package akkasinks.target;

import akkasinks.base.Notice;
import akkasinks.change.Messages;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where a sink's records go. Makes a batch and its position one atomic thing. Everything here
 * blocks; all failures are {@code FailureException}s.
 */
public interface Target {

  /** Reaches the target and checks all that can be checked at CREATE; changes nothing there. */
  List<Notice> inspect();

  /**
   * Fences every older incarnation, settles what it left open, checks for orphans, and reads the
   * progress record: steps 1 to 3 of docs/exactly-once.md. Nothing is written to data topics.
   *
   * @throws akkasinks.base.FailureException HISTORY_CHANGED if the target lost what the mirror has
   *     seen
   */
  Writer fence(Mirror mirror);

  /**
   * The sink's progress record as it stands, without fencing anybody.
   *
   * @return empty if there is none
   */
  Optional<ProgressRecord> peek(Mirror mirror);

  /** Fences the sink's writers and removes its progress record; never touches data topics. */
  void forget();

  /** Where records of a relation go: the one place that a sink has, or the relation's own. */
  @FunctionalInterface
  interface Places {
    /**
     * Number of partitions there, for the partitioner; re-read from time to time. Thread-safe,
     * never blocks.
     */
    int partitions(Relation relation);

    /** Makes the place ready, if it is not. Thread-safe; may block. */
    default void open(Relation relation) {}
  }

  /** A writer that has fenced its predecessors. Belongs to one thread, but for what is said. */
  interface Writer extends Places, AutoCloseable {
    /** The number that {@link #begin} will write: 1 + the highest in progress record and mirror. */
    long incarnation();

    /** Unique to this writer. */
    String writerId();

    /** The last progress record committed by an older incarnation. */
    Optional<ProgressRecord> progress();

    /**
     * Step 4: commits a transaction that holds nothing but {@code position} under a new
     * incarnation, and makes the data topic if it is missing and was never there before. Only after
     * this may data be written.
     *
     * @param resnapshotFrom see {@link ProgressRecord}; kept in the record until {@link #settled}
     */
    Committed begin(Position position, List<Long> resnapshotFrom);

    /** What the progress record holds for a RESNAPSHOT under way; empty if there is none. */
    List<Long> resnapshotFrom();

    /**
     * From the next commit on, the record has no {@code resnapshotFrom}: the RESNAPSHOT is done.
     */
    void settled();

    /** Sends; begins a transaction if none is open. Blocks while the send buffer is full. */
    void write(Messages messages);

    /** Commits all that was written since the last commit, and {@code position}, as one thing. */
    Committed commit(Position position);

    /**
     * Writes, in transactions of bounded size under the last position, a tombstone for each key
     * that is live where the relation's records are and that {@code stale} chooses. To be called
     * right after a commit, when nothing is open. Cut short and done again it does no harm: a dead
     * key is not live.
     */
    void tombstone(Relation relation, Predicate<Live> stale);

    /**
     * End offset of each partition where the relation's records go: what is written from now on
     * lies behind.
     */
    List<Long> endOffsets(Relation relation);

    /** How long a transaction may take. */
    Duration transactionTimeout();

    /** Gives up what was written since the last commit. */
    void abort();

    Stats stats();

    @Override
    void close();
  }

  /** A key whose last committed record is not a tombstone, and where that record lies. */
  record Live(byte[] key, int partition, long offset) {}

  /**
   * @param offset of the progress record in the progress topic
   */
  record Committed(ProgressRecord record, long offset) {}

  /**
   * Counters since the writer was opened.
   *
   * @param deadLetters of the records those that went to the dead letter topic
   * @param notice what a person should know of the topic, or empty
   */
  record Stats(
      long recordsCommitted, long bytesCommitted, long commits, long deadLetters, String notice) {
    public Stats(long recordsCommitted, long bytesCommitted, long commits) {
      this(recordsCommitted, bytesCommitted, commits, 0, "");
    }
  }
}
