package akkasinks.pipeline;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** Runs incarnations of sinks. The seam between a sink's life cycle and its data path. */
public interface SinkRunner {

  /**
   * Begins an incarnation in the background and returns at once; never throws. What becomes of it
   * is told through {@code events}.
   *
   * @param resnapshot read the whole table again
   */
  Running start(ResolvedSink sink, Mirror mirror, boolean resnapshot, Events events);

  /**
   * Fences the sink's dead writers and settles their open transaction without starting anew: for
   * paused and stalled sinks whose node has died.
   */
  CompletionStage<Void> settle(ResolvedSink sink, Mirror mirror);

  /** Removes the replication slot, and the publication if it is the sink's own. */
  CompletionStage<Void> forgetSource(ResolvedSink sink);

  /** Fences the sink's writers and removes its progress record. */
  CompletionStage<Void> forgetTarget(ResolvedSink sink);

  /** An incarnation under way. */
  interface Running {
    Stats stats();

    /**
     * Commits exactly at a point of the source: the topic up to the end offsets given holds all
     * source transactions before it and none from it on.
     *
     * @param point takes the point while the source is held; runs on a thread that may block
     * @param of the relation whose topic is asked for; of no interest to a sink that has one
     * @return that topic's end offset per partition, after that commit
     */
    CompletionStage<List<Long>> cut(Callable<Long> point, Relation of);

    /** Commits what is whole, closes everything, then completes; never fails. */
    CompletionStage<Void> stop();
  }

  /** Called from any thread, in order; each call must return at once. */
  interface Events {
    /** About to write this incarnation's number: remember it as one's own. */
    void attempting(long incarnation);

    /** Fenced and begun: steps 1 to 4 are done, and took {@code handOver}. */
    void started(ProgressRecord record, long offset, Duration handOver);

    void committed(ProgressRecord record, long offset);

    /** The incarnation is over and everything it held is closed. */
    void failed(Failure failure);
  }

  /**
   * Counters since this incarnation started.
   *
   * @param changesIn source changes consumed, before netting
   * @param recordsOut records committed, without the progress records
   * @param source empty until the source is open
   */
  record Stats(
      long changesIn,
      long recordsOut,
      long bytesOut,
      long commits,
      Optional<Position> frontier,
      Optional<ChangeSource.Status> source,
      Transactions transactions,
      Found found) {
    public static final Stats NONE = new Stats(0, 0, 0, 0, Optional.empty(), Optional.empty());

    public Stats {
      // A node of an older version does not send them.
      transactions = Objects.requireNonNullElse(transactions, Transactions.NONE);
      found = Objects.requireNonNullElse(found, Found.NOTHING);
    }

    /** Of what has no transactions to tell of. */
    public Stats(
        long changesIn,
        long recordsOut,
        long bytesOut,
        long commits,
        Optional<Position> frontier,
        Optional<ChangeSource.Status> source) {
      this(
          changesIn,
          recordsOut,
          bytesOut,
          commits,
          frontier,
          source,
          Transactions.NONE,
          Found.NOTHING);
    }

    Stats conflicts(long count) {
      return new Stats(
          changesIn,
          recordsOut,
          bytesOut,
          commits,
          frontier,
          source,
          transactions,
          new Found(count, found.deadLetters(), found.notice()));
    }
  }

  /**
   * What was met that a person should know of.
   *
   * @param keyConflicts how often two rows were seen to share a key
   * @param deadLetters records that went to the dead letter topic
   * @param notice of the topic, or empty
   */
  record Found(long keyConflicts, long deadLetters, String notice) {
    public static final Found NOTHING = new Found(0, 0, "");

    /** What came first and what came later, together. */
    public Found and(Found later) {
      return new Found(
          keyConflicts + later.keyConflicts,
          deadLetters + later.deadLetters,
          later.notice.isEmpty() ? notice : later.notice);
    }
  }

  /**
   * The transaction under way and the last one committed.
   *
   * @param openRecords,openBytes written and not yet committed; 0 if none is open
   * @param lastCommit when it was known to be committed, and how long committing took
   */
  record Transactions(
      long openRecords,
      long openBytes,
      Optional<Instant> openSince,
      Optional<Instant> lastCommit,
      Optional<Duration> lastCommitTook) {
    public static final Transactions NONE =
        new Transactions(0, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
