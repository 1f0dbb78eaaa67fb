package akkasinks.pipeline;

import akkasinks.catalog.SinkColumns;
import akkasinks.change.Batch;
import akkasinks.change.Relation;
import akkasinks.partition.SeaHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees that two rows have one key: a row is inserted under a key that another one has, or changed
 * that is not the one last seen there.
 *
 * <p>Remembers hashes of the last row of some 65,000 keys, newer ones in the place of older: what
 * it finds is true, but it does not find all. Empty at each start. One thread.
 */
final class KeyConflicts {
  private static final int REMEMBERED = 1 << 16;
  private static final long GONE = 0;

  /** Marks a row that a snapshot has read. */
  private static final long READ = 1;

  /** What a change shows of its key. */
  enum Verdict {
    FINE,
    /** Another row has the key. */
    SHARED,
    /** The row has left its key, which is fine, for one that another row has. */
    MOVED_ONTO
  }

  private final List<String> key;
  private final long[] keys = new long[REMEMBERED];
  private final long[] rows = new long[REMEMBERED];
  private @Nullable Relation relation;
  private int[] keyColumns = new int[0];

  KeyConflicts(List<String> key) {
    this.key = key;
  }

  /**
   * @param lastStays whether the later row is then taken for the key's
   */
  Verdict of(Batch batch, int change, boolean lastStays) {
    if (!batch.relation().equals(relation)) {
      relation = batch.relation();
      keyColumns = SinkColumns.places(batch.relation(), key, "KEY");
      java.util.Arrays.fill(keys, 0);
    }
    int before = batch.before(change);
    int after = batch.after(change);
    return switch (batch.op(change)) {
      case READ -> verdict(read(batch, after, lastStays));
      case INSERT -> verdict(inserted(batch, after, lastStays));
      case DELETE -> {
        boolean other = before != Batch.NO_ROW && isOther(batch, before);
        if (before != Batch.NO_ROW && (!other || lastStays)) {
          put(keyOf(batch, before), GONE);
        }
        yield verdict(other);
      }
      case UPDATE -> updated(batch, before, after, lastStays);
    };
  }

  private static Verdict verdict(boolean shared) {
    return shared ? Verdict.SHARED : Verdict.FINE;
  }

  private Verdict updated(Batch batch, int before, int after, boolean lastStays) {
    boolean other = before != Batch.NO_ROW && isOther(batch, before);
    if (other && !lastStays) {
      return Verdict.SHARED;
    }
    if (before == Batch.NO_ROW || batch.sameColumns(before, after, keyColumns)) {
      put(keyOf(batch, after), rowOf(batch, after));
      return verdict(other);
    }
    put(keyOf(batch, before), GONE);
    return inserted(batch, after, lastStays) ? Verdict.MOVED_ONTO : verdict(other);
  }

  private boolean read(Batch batch, int row, boolean lastStays) {
    long key = keyOf(batch, row);
    long is = rowOf(batch, row) | READ;
    long was = known(key);
    boolean other = (was & READ) == READ && was != is;
    if (!other || lastStays) {
      put(key, is);
    }
    return other;
  }

  private boolean inserted(Batch batch, int row, boolean lastStays) {
    long key = keyOf(batch, row);
    boolean other = known(key) != GONE;
    if (!other || lastStays) {
      put(key, rowOf(batch, row));
    }
    return other;
  }

  /** Whether the key is known to have another row than this one, which was there before. */
  private boolean isOther(Batch batch, int before) {
    for (int column = 0; column < batch.relation().columns().size(); column++) {
      if (batch.length(before, column) == Batch.ABSENT) {
        return false;
      }
    }
    long key = keyOf(batch, before);
    int slot = slot(key);
    return keys[slot] == key && (rows[slot] | READ) != (rowOf(batch, before) | READ);
  }

  private long known(long key) {
    int slot = slot(key);
    return keys[slot] == key ? rows[slot] : GONE;
  }

  private void put(long key, long row) {
    int slot = slot(key);
    keys[slot] = key;
    rows[slot] = row;
  }

  private static int slot(long key) {
    return (int) (key >>> 40) & (REMEMBERED - 1);
  }

  private long keyOf(Batch batch, int row) {
    long hash = 1;
    for (int column : keyColumns) {
      hash = mixed(hash, batch, row, column);
    }
    return hash | 1;
  }

  /** Never GONE, and without the mark of a snapshot. */
  private long rowOf(Batch batch, int row) {
    long hash = 1;
    for (int column = 0; column < batch.relation().columns().size(); column++) {
      hash = mixed(hash, batch, row, column);
    }
    return (hash | 2) & ~READ;
  }

  private static long mixed(long hash, Batch batch, int row, int column) {
    int length = batch.length(row, column);
    int from = batch.offset(row, column);
    long of = length < 0 ? length : SeaHash.hash(batch.bytes(), from, from + length);
    return (Long.rotateLeft(hash, 23) ^ of) * 0x9E3779B97F4A7C15L;
  }
}
