package akkasinks.source.postgres;

import akkasinks.change.SnapshotState.Visible;
import akkasinks.change.SnapshotState.XidRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions that were streamed and that no chunk's snapshot has seen yet: the next chunk must
 * see every one, or it would bring back rows as they were before them.
 *
 * <p>Kept as ranges. Beyond {@link #MAX_RANGES} the nearest two become one; the gap between them
 * then counts as streamed too, which can only make a chunk wait longer, never be wrong.
 * Thread-safe: the reader of chunks looks at it too.
 */
final class Unseen {
  static final int MAX_RANGES = 1_000;

  private final List<XidRange> ranges;

  Unseen(List<XidRange> saved) {
    ranges = new ArrayList<>(saved);
  }

  /** False if it was known. */
  synchronized boolean add(long xid) {
    int at = ranges.size();
    while (at > 0 && ranges.get(at - 1).first() > xid) {
      at--;
    }
    if (at > 0 && ranges.get(at - 1).holds(xid)) {
      return false;
    }
    ranges.add(at, new XidRange(xid, xid));
    join(at);
    if (at > 0) {
      join(at - 1);
    }
    if (ranges.size() > MAX_RANGES) {
      coalesce();
    }
    return true;
  }

  synchronized boolean allSeenBy(Visible snapshot) {
    return ranges.stream().allMatch(range -> snapshot.hidden(range).isEmpty());
  }

  /** Forgets what {@code snapshot} sees; every chunk to come must be at least as new. */
  synchronized void prune(Visible snapshot) {
    var left = ranges.stream().flatMap(range -> snapshot.hidden(range).stream()).toList();
    ranges.clear();
    ranges.addAll(left);
  }

  synchronized void clear() {
    ranges.clear();
  }

  synchronized List<XidRange> ranges() {
    return List.copyOf(ranges);
  }

  synchronized int size() {
    return ranges.size();
  }

  private void join(int at) {
    if (at + 1 < ranges.size() && ranges.get(at).last() + 1 >= ranges.get(at + 1).first()) {
      merge(at);
    }
  }

  private void merge(int at) {
    var next = ranges.remove(at + 1);
    ranges.set(at, new XidRange(ranges.get(at).first(), next.last()));
  }

  private void coalesce() {
    int nearest = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i + 1 < ranges.size(); i++) {
      long gap = ranges.get(i + 1).first() - ranges.get(i).last();
      if (gap < least) {
        least = gap;
        nearest = i;
      }
    }
    merge(nearest);
  }
}
