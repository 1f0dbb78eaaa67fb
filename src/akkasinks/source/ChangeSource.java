package akkasinks.source;

import akkasinks.base.Notice;
import akkasinks.change.Batch;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a sink's changes come from: one relation of one source. Everything here blocks; callers use
 * a dispatcher for blocking work. All failures are {@code FailureException}s.
 *
 * <p>Order of calls in a sink's life: {@link #inspect} at CREATE; then per incarnation {@link
 * #begin} (only if there is no progress record yet), {@link #open}; {@link #forget} after DROP.
 */
public interface ChangeSource {

  /**
   * Looks at the source and checks all that can be checked; changes nothing there.
   *
   * @throws akkasinks.base.FailureException with message and hint if a sink could not run
   */
  Inspection inspect();

  /**
   * Makes what the stream needs outside (publication, slot) and gives the position where the
   * history of this sink begins. A slot of this sink's name that is there already belongs to a
   * start that left no progress record: it is dropped first.
   */
  Position begin();

  /**
   * Opens the stream exclusively after {@code position}, after checking that the source still is
   * the history that the position belongs to. Ends a backend that holds the slot for an older
   * incarnation.
   */
  Stream open(Position position);

  /**
   * Where a RESNAPSHOT begins: the stream goes on from {@code frontier}, and the whole table is
   * read again beside it. If the slot is lost, a new one is made and the history begins anew.
   */
  Position again(Optional<Position> frontier);

  /**
   * Reads the relation as it is now, consistently, for comparison; changes nothing that lasts.
   *
   * @throws akkasinks.base.FailureException BUSY if no consistent point was reached in {@code
   *     patience}, naming the transaction that is in the way
   */
  Reading read(Duration patience);

  /** Removes what {@link #begin} made; what is gone already is no error. */
  void forget();

  /**
   * @param keyIsUnique whether the sink's KEY contains a unique key of the relation
   * @param uniqueKeys the unique keys known, for messages
   * @param comments that the source has on columns, by their names, and under the empty name on the
   *     relation itself
   */
  record Inspection(
      Relation relation,
      boolean keyIsUnique,
      List<List<String>> uniqueKeys,
      List<Notice> notices,
      Map<String, String> comments) {
    /** Without comments. */
    public Inspection(
        Relation relation,
        boolean keyIsUnique,
        List<List<String>> uniqueKeys,
        List<Notice> notices) {
      this(relation, keyIsUnique, uniqueKeys, notices, Map.of());
    }

    public Inspection {
      comments = Map.copyOf(comments);
      uniqueKeys = List.copyOf(uniqueKeys);
      notices = List.copyOf(notices);
    }
  }

  /** An open stream. {@link #next} belongs to one thread; the rest is thread-safe. */
  interface Stream extends AutoCloseable {
    /**
     * The next batch: at once if something is there, else after at most {@code patience} an empty,
     * quiet one. The first batch after which nothing more is waiting is marked quiet.
     */
    Batch next(Duration patience) throws InterruptedException;

    /** The target has durably committed up to here: the source may forget what lies behind. */
    void confirm(Position frontier);

    /**
     * The source has asked how far it may forget and is waiting, or holds back much for us: commit
     * and confirm even though there is no data. Cheap.
     */
    boolean wantsConfirmation();

    /**
     * Begins no further source transaction until {@link #cutAt} is called, so that a point taken in
     * the source meanwhile lies at or after everything in the stream. Thread-safe; returns at once.
     */
    void hold();

    /**
     * Ends the hold. The batch after which nothing is left before {@code point} ends exactly there:
     * it is quiet, on a commit boundary, and its position reaches {@code point}.
     *
     * @param point from {@link Reading#point}; 0 to go on without a cut
     */
    void cutAt(long point);

    Status status();

    @Override
    void close();
  }

  /**
   * @param lagBytes WAL between the source's end and the frontier; −1 if not known
   * @param lagRecords records of a topic that are not read yet; −1 if not known
   * @param retainedBytes WAL that the slot holds back on the user's disk; −1 if not known
   * @param snapshot progress of the snapshot while one runs
   * @param waiting why nothing moves although the stream is healthy, or empty
   * @param notice of a whole source's tables, which are still to be read and which are left out; or
   *     empty
   */
  record Status(
      long lagBytes,
      long retainedBytes,
      Optional<Snapshot> snapshot,
      String waiting,
      long lagRecords,
      String notice) {
    public Status {
      // A node of an older version does not send it.
      notice = Objects.requireNonNullElse(notice, "");
    }

    /** Without notice. */
    public Status(
        long lagBytes,
        long retainedBytes,
        Optional<Snapshot> snapshot,
        String waiting,
        long lagRecords) {
      this(lagBytes, retainedBytes, snapshot, waiting, lagRecords, "");
    }

    /** Of a source that counts bytes, not records. */
    public Status(long lagBytes, long retainedBytes, Optional<Snapshot> snapshot, String waiting) {
      this(lagBytes, retainedBytes, snapshot, waiting, -1);
    }
  }

  /**
   * @param rows rows emitted by chunks so far
   * @param estimatedRows of the whole table, from its statistics; −1 if not known
   */
  record Snapshot(long rows, long estimatedRows) {}

  /** The whole relation at one point of its history. */
  interface Reading extends AutoCloseable {
    /** The point: the stream's transactions before it are in the rows, those from it on are not. */
    long point();

    /** All rows, as READ changes in batches of bounded size, in any order. To be called once. */
    void rows(Consumer<Batch> each);

    @Override
    void close();
  }
}
