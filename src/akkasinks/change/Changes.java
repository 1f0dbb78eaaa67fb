package akkasinks.change;

import java.util.Arrays;

/**
 * A growing list of changes over the rows of a {@link Batch}; each is an operation, the numbers of
 * up to two rows, and its transaction. Not thread-safe; not to be added to once a batch has it.
 */
public final class Changes {
  static final Changes NONE = new Changes(0);

  private int size;
  private byte[] ops;
  private int[] befores;
  private int[] afters;
  private long[] transactions;

  public Changes(int capacity) {
    int room = Math.max(capacity, 4);
    ops = new byte[room];
    befores = new int[room];
    afters = new int[room];
    transactions = new long[room];
  }

  /**
   * @param before number of the row before, or {@link Batch#NO_ROW}
   * @param after number of the row after, or {@link Batch#NO_ROW}
   * @param transaction see {@link Batch#transaction}
   */
  public void add(Op op, int before, int after, long transaction) {
    if (size == ops.length) {
      int room = size * 2;
      ops = Arrays.copyOf(ops, room);
      befores = Arrays.copyOf(befores, room);
      afters = Arrays.copyOf(afters, room);
      transactions = Arrays.copyOf(transactions, room);
    }
    ops[size] = (byte) op.ordinal();
    befores[size] = before;
    afters[size] = after;
    transactions[size] = transaction;
    size++;
  }

  public int size() {
    return size;
  }

  byte[] ops() {
    return ops;
  }

  int[] befores() {
    return befores;
  }

  int[] afters() {
    return afters;
  }

  long[] transactions() {
    return transactions;
  }
}
