package akkasinks.change;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a resumable snapshot is: saved atomically with its output, inside the position. The
 * protocol is docs/decisions' snapshot note; the judge is {@code source.postgres}'.
 *
 * @param exported E: every transaction it sees counts as streamed already. The snapshot exported
 *     when the slot was made; for a slot that existed before, see {@code started}
 * @param started false only for a slot that existed before: {@code exported} is then still B, taken
 *     when the snapshot was asked for, and no chunk may be read until all that was open at B has
 *     ended and passed through the stream
 * @param again a RESNAPSHOT: the topic already holds the table, so no change is dropped
 * @param judged up to this key no change needs judgement any more: the stream has passed all that
 *     its chunks saw; one text per key column, empty while there is no such key
 * @param covered the key of the last row of the last chunk emitted, one text per key column; empty
 *     before the first chunk
 * @param complete the last chunk has been emitted: the covered range has no upper end
 * @param pending chunks whose rows may still be met again in the stream, in key order
 * @param unseen 64-bit xids streamed that the newest snapshot does not see as committed, as ranges
 * @param rows rows emitted by chunks so far
 * @param steps grows with every saved change of this state; orders positions that share an LSN
 */
public record SnapshotState(
    Visible exported,
    boolean started,
    boolean again,
    List<String> judged,
    List<String> covered,
    boolean complete,
    List<Chunk> pending,
    List<XidRange> unseen,
    long rows,
    long steps) {
  public SnapshotState {
    judged = List.copyOf(judged);
    covered = List.copyOf(covered);
    pending = List.copyOf(pending);
    unseen = List.copyOf(unseen);
  }

  /**
   * Before the first chunk, at the consistent point of a slot that exported {@code snapshot}.
   *
   * @param again the topic holds the table from another slot's time: a RESNAPSHOT
   */
  public static SnapshotState atSlot(Visible snapshot, boolean again) {
    return first(snapshot, true, again);
  }

  /**
   * Before the first chunk, beside a stream that goes on.
   *
   * @param now {@code pg_current_snapshot()} after the table has joined the publication
   * @param again the stream carried the table before: a RESNAPSHOT
   */
  public static SnapshotState beside(Visible now, boolean again) {
    return first(now, false, again);
  }

  private static SnapshotState first(Visible exported, boolean started, boolean again) {
    return new SnapshotState(
        exported, started, again, List.of(), List.of(), false, List.of(), List.of(), 0, 0);
  }

  /**
   * What a PostgreSQL snapshot sees: every xid below xmin, none from xmax on, and between them
   * those not in progress.
   *
   * @param inProgress ascending, disjoint
   */
  public record Visible(long xmin, long xmax, List<XidRange> inProgress) {
    public Visible {
      // A slot's exported snapshot can have its xmax below its xmin; xmin goes first.
      xmax = Math.max(xmin, xmax);
      inProgress = List.copyOf(inProgress);
    }

    public boolean sees(long xid) {
      if (xid < xmin) {
        return true;
      }
      if (xid >= xmax) {
        return false;
      }
      for (var range : inProgress) {
        if (range.holds(xid)) {
          return false;
        }
      }
      return true;
    }

    /** The part of {@code range} that it does not see, ascending. */
    public List<XidRange> hidden(XidRange range) {
      var hidden = new ArrayList<XidRange>();
      for (var open : inProgress) {
        long first = Math.max(open.first, range.first);
        long last = Math.min(open.last, range.last);
        if (first <= last) {
          hidden.add(new XidRange(first, last));
        }
      }
      if (range.last >= xmax) {
        hidden.add(new XidRange(Math.max(range.first, xmax), range.last));
      }
      return hidden;
    }
  }

  /** Both ends belong to the range. */
  public record XidRange(long first, long last) {
    public boolean holds(long xid) {
      return first <= xid && xid <= last;
    }

    public long size() {
      return last - first + 1;
    }
  }

  /**
   * Chunks read under one snapshot that is still needed to judge streamed changes.
   *
   * @param upTo key of its last row; empty for the last chunk, which has no upper end
   * @param until insert LSN when it was read: once P is there, the chunk is forgotten
   */
  public record Chunk(List<String> upTo, Visible snapshot, long until) {
    public Chunk {
      upTo = List.copyOf(upTo);
    }
  }
}
