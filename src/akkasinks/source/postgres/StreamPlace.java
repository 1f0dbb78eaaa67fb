package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.change.PostgresPosition.Within;
import java.util.Optional;

/**
 * How far the stream has been consumed, and what of it has been already.
 *
 * <p>P is the end LSN of the last transaction consumed whole; between transactions a keep-alive
 * moves it on, as everything before its LSN has been sent. Inside a transaction the place is P, the
 * final LSN of its Begin, and how many row changes of it were consumed. After a start the server
 * sends every transaction whose commit record begins at or after some LSN ≤ P, so one whose final
 * LSN lies before P is skipped, and of the one begun already that many changes.
 */
final class StreamPlace {
  private final PostgresPosition start;
  private long end;
  private boolean inTransaction;
  private boolean skipping;
  private long finalLsn;
  private long changes;
  private long toSkip;
  private Optional<Within> resume;

  StreamPlace(PostgresPosition start) {
    this.start = start;
    this.end = start.end();
    this.resume = start.within();
  }

  /** P. */
  long end() {
    return end;
  }

  boolean inTransaction() {
    return inTransaction;
  }

  /** Of the transaction begun last: where its commit record begins. */
  long finalLsn() {
    return finalLsn;
  }

  /** Of the row change counted last: the how manieth of its transaction it is. */
  long ordinal() {
    return changes;
  }

  /** True if the transaction has not been consumed whole before. */
  boolean begin(long at) {
    finalLsn = at;
    inTransaction = true;
    changes = 0;
    toSkip = 0;
    skipping = Lsn.before(at, end);
    if (!skipping && resume.isPresent()) {
      if (resume.get().finalLsn() != at) {
        throw changed("the stream goes on with the transaction that commits at " + Lsn.text(at));
      }
      toSkip = resume.get().changes();
      resume = Optional.empty();
    }
    return !skipping;
  }

  /** A row change; true if it has not been consumed before. */
  boolean change() {
    changes++;
    return !skipping && changes > toSkip;
  }

  /** True if P has moved. */
  boolean commit(long after) {
    if (changes < toSkip) {
      throw changed("it now has only " + changes + " changes");
    }
    inTransaction = false;
    changes = 0;
    toSkip = 0;
    if (!skipping) {
      end = after;
    }
    return !skipping;
  }

  /** The server has sent everything before {@code sent}; true if P has moved. */
  boolean keepAlive(long sent) {
    if (inTransaction || !Lsn.before(end, sent)) {
      return false;
    }
    if (resume.isPresent()) {
      if (Lsn.before(resume.get().finalLsn(), sent)) {
        throw changed("the stream has passed it by");
      }
      return false;
    }
    end = sent;
    return true;
  }

  /** Whether nothing before {@code point} is left if the server has sent everything before it. */
  boolean passedAt(long sent, long point) {
    return resume.isEmpty() && !Lsn.before(sent, point);
  }

  /**
   * The position here, or before the change that was counted last; without what a snapshot has to
   * keep in it.
   */
  PostgresPosition position(boolean beforeLast) {
    long taken = Math.max(beforeLast ? changes - 1 : changes, toSkip);
    Optional<Within> within =
        inTransaction && !skipping && taken > 0 ? Optional.of(new Within(finalLsn, taken)) : resume;
    return start.at(end, within, Optional.empty());
  }

  private RuntimeException changed(String what) {
    var within = start.within().orElseThrow();
    return Failure.of(
            Code.HISTORY_CHANGED,
            "the transaction that commits at %s, of which %d changes are written already, is not in"
                    .formatted(Lsn.text(within.finalLsn()), within.changes())
                + " the stream as it was: "
                + what)
        .hint("ALTER SINK … RESNAPSHOT brings the topic in step again.")
        .exception();
  }
}
