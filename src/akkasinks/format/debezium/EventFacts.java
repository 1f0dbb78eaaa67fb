package akkasinks.format.debezium;

import akkasinks.change.Batch;
import akkasinks.change.Lsn;
import akkasinks.change.Op;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What an event tells of its change. A snapshot's row belongs to no transaction. Belongs to one
 * thread.
 */
public final class EventFacts {
  private final InstantSource clock;
  private @Nullable Batch batch;
  private int change;
  private long now;
  private long commit;
  private int place = -1;

  public EventFacts(InstantSource clock) {
    this.clock = clock;
  }

  /** From here on, of this change. */
  public void of(Batch of, int number) {
    if (of != batch) {
      batch = of;
      now = clock.millis();
      place = -1;
    }
    change = number;
    commit = of.transaction(number);
    place = commit == 0 ? -1 : of.told().find(commit, place);
  }

  /** {@code op}. */
  public static char letter(Op op) {
    return switch (op) {
      case READ -> 'r';
      case INSERT -> 'c';
      case UPDATE -> 'u';
      case DELETE -> 'd';
    };
  }

  /** When the event was made, in milliseconds since 1970. */
  public long now() {
    return now;
  }

  /** When its transaction was committed; of a snapshot's row, now. */
  public long committed() {
    return place < 0 ? now : Math.floorDiv(batch().told().time(place), 1_000L);
  }

  public boolean isSnapshot() {
    return commit == 0;
  }

  /** Whether the source told of the transaction. */
  public boolean isTold() {
    return place >= 0;
  }

  /** PostgreSQL's xid. */
  public long xid() {
    return batch().told().id(place);
  }

  /** Where the transaction commits. */
  public long lsn() {
    return commit;
  }

  /** The transaction's {@code id}. */
  public String transaction() {
    return xid() + ":" + Lsn.text(commit);
  }

  /** Which of its transaction's changes it is, from 1. */
  public long order() {
    return batch().told().order(change);
  }

  private Batch batch() {
    if (batch == null) {
      throw new IllegalStateException("of no change yet");
    }
    return batch;
  }
}
