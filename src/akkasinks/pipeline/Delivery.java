package akkasinks.pipeline;

import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import akkasinks.source.ChangeSource;
import akkasinks.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The last stage: sends messages, decides when to commit, and only then lets the source forget.
 *
 * <p>Commits adapt. When the source falls silent, at once, together with all that came while the
 * commit before was under way; under load by time, records and bytes, whichever comes first. A
 * position without data is committed when the source waits for it, and else at most every {@link
 * Limits#idleCommit}: an idle sink must not fill its progress topic.
 *
 * <p>A position that does not lie after the last one committed is never committed: a relation
 * without an ordered key is read whole under one position, and so in one transaction.
 *
 * <p>Belongs to one thread.
 */
final class Delivery {

  /** When to commit under load: whichever is reached first. */
  record Limits(
      Duration time, long records, long bytes, Duration idleCommit, Duration transaction) {

    /** The usual ones, for transactions of the target that may take so long. */
    static Limits within(Duration transaction) {
      return new Limits(
          Duration.ofMillis(500), 200_000, 64L << 20, Duration.ofSeconds(10), transaction);
    }
  }

  private final Target.Writer writer;
  private final ChangeSource.Stream source;
  private final BiFunction<Relation, byte[], List<String>> keyTexts;
  private final Consumer<Target.Committed> committed;
  private final InstantSource clock;
  private final Limits limits;

  private Position frontier;
  private Position reached;
  private long records;
  private long bytes;
  private Instant opened = Instant.EPOCH;
  private Instant lastCommit;
  private boolean whole = true;
  private Optional<TooLong> tooLong = Optional.empty();

  /** On their way here. */
  private final AtomicInteger coming = new AtomicInteger();

  private final Queue<Cut> cuts = new ConcurrentLinkedQueue<>();

  /** Read by other threads; written by one. */
  private volatile long changesIn;

  private volatile Position shown;

  private volatile SinkRunner.Transactions transactions = SinkRunner.Transactions.NONE;

  /**
   * @param frontier what the writer has begun with
   * @param keyTexts see {@link Stages}; used after a TRUNCATE
   */
  Delivery(
      Target.Writer writer,
      ChangeSource.Stream source,
      Position frontier,
      BiFunction<Relation, byte[], List<String>> keyTexts,
      Consumer<Target.Committed> committed,
      InstantSource clock,
      Limits limits) {
    this.writer = writer;
    this.source = source;
    this.frontier = frontier;
    this.reached = frontier;
    this.shown = frontier;
    this.keyTexts = keyTexts;
    this.committed = committed;
    this.clock = clock;
    this.limits = limits;
    this.lastCommit = clock.instant();
  }

  /** Thread-safe. Told of messages that will be accepted: a commit waits for them. */
  Messages expect(Messages messages) {
    coming.incrementAndGet();
    return messages;
  }

  void accept(Messages messages) {
    whole = false;
    boolean last = coming.decrementAndGet() <= 0;
    changesIn = changesIn + messages.consumed();
    finishResnapshot(messages.relation());
    if (messages.truncation().isPresent()) {
      var gone = messages.truncation().get().gone();
      commitOpen();
      writer.tombstone(
          messages.relation(), live -> gone.test(keyTexts.apply(messages.relation(), live.key())));
    }
    var dead = messages.deadLetters();
    int sent = messages.size() + (dead == null ? 0 : dead.size());
    if (tooLong.isPresent()) {
      tooLong.get().passed(sent);
    } else if (sent > 0) {
      if (records == 0) {
        opened = clock.instant();
      }
      writer.write(messages);
      records += sent;
      bytes += messages.payloadBytes();
      transactions =
          new SinkRunner.Transactions(
              records,
              bytes,
              Optional.of(opened),
              transactions.lastCommit(),
              transactions.lastCommitTook());
    }
    if (messages.ending() == Batch.Ending.PART) {
      giveUpIfTooLong();
      return;
    }
    if (tooLong.isPresent()) {
      throw tooLong.get().failure();
    }
    reached = messages.position();
    if (due(messages.ending() == Batch.Ending.QUIET && (last || cutWaits()))) {
      commit();
    } else if (!cuts.isEmpty() && !frontier.precedes(reached)) {
      answerCuts();
    }
    whole = true;
  }

  /**
   * A source transaction that may not be taken apart has not ended, and its target transaction has
   * little time left: it is given up, and the rest of it is only counted, so that it can be said
   * what it would need.
   */
  private void giveUpIfTooLong() {
    var most = limits.transaction().multipliedBy(9).dividedBy(10);
    if (records > 0 && tooLong.isEmpty() && !clock.instant().isBefore(opened.plus(most))) {
      writer.abort();
      tooLong =
          Optional.of(
              new TooLong(
                  records, Duration.between(opened, clock.instant()), limits.transaction()));
    }
  }

  /** The stream ended. What was sent whole is committed; after an error of ours nothing may be. */
  void complete() {
    if (whole) {
      commitOpen();
    }
  }

  /** Thread-safe. */
  SinkRunner.Stats stats(Optional<ChangeSource.Status> status) {
    var sent = writer.stats();
    return new SinkRunner.Stats(
        changesIn,
        sent.recordsCommitted(),
        sent.bytesCommitted(),
        sent.commits(),
        Optional.of(shown),
        status,
        transactions,
        new SinkRunner.Found(0, sent.deadLetters(), sent.notice()));
  }

  /** Has {@code offsets} told the topic's end offsets after a commit that reaches {@code point}. */
  void onReaching(long point, Relation of, Consumer<List<Long>> offsets) {
    cuts.add(new Cut(point, of, offsets));
  }

  private record Cut(long point, Relation of, Consumer<List<Long>> offsets) {}

  private void answerCuts() {
    for (var cut : cuts) {
      if (frontier.reaches(cut.point())) {
        cuts.remove(cut);
        cut.offsets().accept(writer.endOffsets(cut.of()));
      }
    }
  }

  private boolean cutWaits() {
    return cuts.stream().anyMatch(cut -> reached.reaches(cut.point()));
  }

  private boolean due(boolean quiet) {
    if (!frontier.precedes(reached)) {
      return false;
    }
    if (records == 0) {
      return quiet
          && (frontier.snapshotting() != reached.snapshotting()
              || cutWaits()
              || source.wantsConfirmation()
              || !clock.instant().isBefore(lastCommit.plus(limits.idleCommit())));
    }
    return quiet
        || records >= limits.records()
        || bytes >= limits.bytes()
        || !clock.instant().isBefore(opened.plus(limits.time()));
  }

  private void commitOpen() {
    if (records > 0 && frontier.precedes(reached)) {
      commit();
    }
  }

  private void commit() {
    var began = clock.instant();
    var done = writer.commit(reached);
    frontier = reached;
    shown = reached;
    records = 0;
    bytes = 0;
    lastCommit = clock.instant();
    transactions =
        new SinkRunner.Transactions(
            0,
            0,
            Optional.empty(),
            Optional.of(lastCommit),
            Optional.of(Duration.between(began, lastCommit)));
    committed.accept(done);
    source.confirm(frontier);
    answerCuts();
  }

  /**
   * Once the last chunk of a RESNAPSHOT is committed, keys that no record has touched since it
   * began are in no chunk: their rows are gone. The record keeps {@code resnapshotFrom} until that
   * is done, so that a crash in between does it again.
   */
  private void finishResnapshot(Relation relation) {
    if (frontier.snapshotting() || writer.resnapshotFrom().isEmpty()) {
      return;
    }
    commitOpen();
    var from = writer.resnapshotFrom();
    writer.tombstone(
        relation,
        live -> live.partition() < from.size() && live.offset() < from.get(live.partition()));
    writer.settled();
    commit();
  }
}
