package akkasinks.change;

import java.util.Arrays;

/**
 * What a batch knows of its source transactions beside their rows; kept only for sinks that tell of
 * them. Filled by one thread, then only read.
 */
public final class Transactions {
  static final Transactions NONE = new Transactions();

  private int size;
  private long[] commits = new long[0];
  private long[] ids = new long[0];
  private long[] times = new long[0];

  /** Per change of the batch: the how manieth of its transaction it is, from 1. */
  private long[] orders = new long[0];

  private int changes;

  /**
   * Once per change, in their order.
   *
   * @param commit see {@link Batch#transaction}
   * @param id the source's own: PostgreSQL's xid
   * @param time of its commit, in microseconds since 1970
   * @param order among all row changes of its transaction that the source has sent
   */
  void add(long commit, long id, long time, long order) {
    if (changes == orders.length) {
      orders = Arrays.copyOf(orders, Math.max(16, changes * 2));
    }
    orders[changes++] = order;
    if (size > 0 && commits[size - 1] == commit) {
      return;
    }
    if (size == commits.length) {
      int room = Math.max(4, size * 2);
      commits = Arrays.copyOf(commits, room);
      ids = Arrays.copyOf(ids, room);
      times = Arrays.copyOf(times, room);
    }
    commits[size] = commit;
    ids[size] = id;
    times[size] = time;
    size++;
  }

  /** The transaction's place here, or −1; looked for from where the last one was. */
  public int find(long commit, int from) {
    for (int i = Math.max(0, from); i < size; i++) {
      if (commits[i] == commit) {
        return i;
      }
    }
    return from > 0 ? find(commit, 0) : -1;
  }

  public long id(int place) {
    return ids[place];
  }

  public long time(int place) {
    return times[place];
  }

  public long order(int change) {
    return orders[change];
  }
}
