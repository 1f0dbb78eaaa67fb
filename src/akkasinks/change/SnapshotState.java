package akkasinks.change;

import java.util.List;

/**
 * How far a resumable snapshot is: saved atomically with its output, inside the position. The
 * protocol is docs/decisions' snapshot note; the judge is {@code source.postgres}'.
 *
 * @param exported E, the snapshot exported when the slot was made
 * @param again a RESNAPSHOT: the topic already holds the table, so changes beyond the covered range
 *     are emitted, not dropped
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
    boolean again,
    List<String> covered,
    boolean complete,
    List<Chunk> pending,
    List<XidRange> unseen,
    long rows,
    long steps) {
  public SnapshotState {
    covered = List.copyOf(covered);
    pending = List.copyOf(pending);
    unseen = List.copyOf(unseen);
  }

  /**
   * What a PostgreSQL snapshot sees: every xid below xmin, none from xmax on, and between them
   * those not in progress.
   */
  public record Visible(long xmin, long xmax, List<XidRange> inProgress) {
    public Visible {
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
  }

  /** Both ends belong to the range. */
  public record XidRange(long first, long last) {
    public boolean holds(long xid) {
      return first <= xid && xid <= last;
    }
  }

  /**
   * A chunk whose snapshot is still needed to judge streamed changes.
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
