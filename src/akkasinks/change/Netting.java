package akkasinks.change;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Nets changes of one batch per key: the first before with the last after.
 *
 * <p>What a key's changes come to depends only on whether its row existed before the first and
 * exists after the last: (no, no) vanishes, (no, yes) is an INSERT, (yes, yes) an UPDATE, (yes, no)
 * a DELETE. An UPDATE that moves a row to another key counts as DELETE of the old and INSERT of the
 * new one. The result is ordered by each key's last change.
 *
 * <p>This holds only while the source enforces the key at each single row change, as a
 * non-deferrable unique index does: otherwise a key may be taken before it is free, and a DELETE
 * that comes after the INSERT would net both away.
 *
 * <p>An open-addressing table of entries over the batch's own bytes; nothing is allocated per
 * change once the arrays have grown. One thread.
 */
final class Netting {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final int NONE = -2;

  private final int[] key;

  /** Entry + 1, by hash; 0 is free. */
  private int[] slots = new int[16];

  private int mask;

  /** Per entry: a key seen in this run. */
  private int entries;

  private int[] hashes = new int[16];
  private int[] keyRows = new int[16];
  private int[] firstBefores = new int[16];
  private int[] lastBefores = new int[16];
  private int[] lastAfters = new int[16];
  private boolean[] existed = new boolean[16];
  private int[] lastEvents = new int[16];
  private long[] lastTransactions = new long[16];

  /** Per event: its entry. A change is one event, or two if it moves its row. */
  private int events;

  private int[] entryOf = new int[16];

  /**
   * @param key places of the key's columns
   */
  Netting(int[] key) {
    this.key = key.clone();
  }

  /** Nets within each run of changes of one transaction; the same batch if there is nothing. */
  Batch transactions(Batch batch) {
    var out = new Changes(batch.size());
    boolean netted = false;
    int from = 0;
    while (from < batch.size()) {
      int to = from + 1;
      while (to < batch.size() && batch.transaction(to) == batch.transaction(from)) {
        to++;
      }
      netted |= net(batch, from, to, out);
      from = to;
    }
    return netted ? batch.with(out) : batch;
  }

  /** Nets all changes, of whatever transactions; the same batch if there is nothing. */
  Batch all(Batch batch) {
    var out = new Changes(batch.size());
    return net(batch, 0, batch.size(), out) ? batch.with(out) : batch;
  }

  /** Adds what remains of {@code [from, to)} to {@code out}; false if all remains as it is. */
  private boolean net(Batch batch, int from, int to, Changes out) {
    if (to - from == 1 || !collect(batch, from, to)) {
      for (int change = from; change < to; change++) {
        out.add(
            batch.op(change), batch.before(change), batch.after(change), batch.transaction(change));
      }
      return false;
    }
    for (int event = 0; event < events; event++) {
      int entry = entryOf[event];
      if (lastEvents[entry] == event) {
        emit(entry, out);
      }
    }
    return true;
  }

  /** Fills the table; false if no key was met twice. */
  private boolean collect(Batch batch, int from, int to) {
    clear(2 * (to - from));
    for (int change = from; change < to; change++) {
      int before = batch.before(change);
      int after = batch.after(change);
      long transaction = batch.transaction(change);
      boolean moves =
          before != Batch.NO_ROW && after != Batch.NO_ROW && !batch.sameColumns(before, after, key);
      if (moves) {
        event(batch, before, before, Batch.NO_ROW, true, transaction);
        event(batch, after, Batch.NO_ROW, after, false, transaction);
      } else {
        int keyRow = after == Batch.NO_ROW ? before : after;
        event(batch, keyRow, before, after, batch.op(change).existedBefore(), transaction);
      }
    }
    return entries < events;
  }

  private void event(
      Batch batch, int keyRow, int before, int after, boolean existedBefore, long transaction) {
    int entry = find(batch, keyRow);
    if (firstBefores[entry] == NONE) {
      firstBefores[entry] = before;
      existed[entry] = existedBefore;
    }
    lastBefores[entry] = before;
    lastAfters[entry] = after;
    lastEvents[entry] = events;
    lastTransactions[entry] = transaction;
    entryOf[events++] = entry;
  }

  private void emit(int entry, Changes out) {
    int after = lastAfters[entry];
    int before = firstBefores[entry];
    long transaction = lastTransactions[entry];
    if (after != Batch.NO_ROW) {
      var op = existed[entry] ? Op.UPDATE : Op.INSERT;
      out.add(op, before, after, transaction);
    } else if (existed[entry]) {
      int gone = before == Batch.NO_ROW ? lastBefores[entry] : before;
      out.add(Op.DELETE, gone, Batch.NO_ROW, transaction);
    }
  }

  /** The key's entry; a new one has no first before yet. */
  private int find(Batch batch, int row) {
    int hash = hash(batch, row);
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int entry = slots[slot] - 1;
      if (hashes[entry] == hash && batch.sameColumns(keyRows[entry], row, key)) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = entries + 1;
    hashes[entries] = hash;
    keyRows[entries] = row;
    firstBefores[entries] = NONE;
    return entries++;
  }

  private int hash(Batch batch, int row) {
    byte[] bytes = batch.bytes();
    long hash = 0;
    for (int column : key) {
      int length = batch.length(row, column);
      hash = (hash ^ length) * FACTOR;
      int at = batch.offset(row, column);
      int end = at + length;
      for (; at <= end - 8; at += 8) {
        hash = Long.rotateLeft(hash ^ (long) WORD.get(bytes, at), 29) * FACTOR;
      }
      for (; at < end; at++) {
        hash = (hash ^ bytes[at]) * FACTOR;
      }
      hash ^= hash >>> 32;
    }
    return (int) (hash ^ hash >>> 29);
  }

  /** Room for that many events; the table stays at most half full. */
  private void clear(int most) {
    int capacity = Integer.highestOneBit(Math.max(8, most)) << 1;
    if (slots.length < capacity) {
      slots = new int[capacity];
    } else {
      Arrays.fill(slots, 0, capacity, 0);
    }
    mask = capacity - 1;
    entries = 0;
    events = 0;
    if (entryOf.length < most) {
      hashes = new int[most];
      keyRows = new int[most];
      firstBefores = new int[most];
      lastBefores = new int[most];
      lastAfters = new int[most];
      existed = new boolean[most];
      lastEvents = new int[most];
      lastTransactions = new long[most];
      entryOf = new int[most];
    }
  }
}
