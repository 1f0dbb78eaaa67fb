package akkasinks.change;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encoded records, in order, ready to be sent: what encode and partition make of a {@link Batch}.
 * Filled by one thread, then only read.
 */
public final class Messages {
  private byte[] @Nullable [] keys;
  private byte[] @Nullable [] values;
  private int[] partitions;
  private int size;
  private long payloadBytes;
  private final Position position;
  private final int consumed;
  private final Batch.Ending ending;
  private final Optional<Batch.Truncation> truncation;

  /** Room for what {@code batch} becomes; takes over its position and marks. */
  public Messages(Batch batch) {
    int room = Math.max(batch.size(), 4);
    this.keys = new byte[room][];
    this.values = new byte[room][];
    this.partitions = new int[room];
    this.position = batch.position();
    this.consumed = batch.consumed();
    this.ending = batch.ending();
    this.truncation = batch.truncation();
  }

  /**
   * Adds a record.
   *
   * @param key null if the sink has no key
   * @param value null for a tombstone
   */
  public void add(byte @Nullable [] key, byte @Nullable [] value) {
    if (size == partitions.length) {
      keys = Arrays.copyOf(keys, size * 2);
      values = Arrays.copyOf(values, size * 2);
      partitions = Arrays.copyOf(partitions, size * 2);
    }
    keys[size] = key;
    values[size] = value;
    payloadBytes += (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    size++;
  }

  public void partition(int message, int partition) {
    partitions[message] = partition;
  }

  /**
   * All messages, those of one partition together and in their order: what is written to several
   * partitions in turn costs more, as each has a compressor of its own.
   */
  public int[] byPartition() {
    int most = 0;
    for (int i = 0; i < size; i++) {
      most = Math.max(most, partitions[i]);
    }
    int[] next = new int[most + 2];
    for (int i = 0; i < size; i++) {
      next[partitions[i] + 1]++;
    }
    for (int partition = 1; partition <= most; partition++) {
      next[partition] += next[partition - 1];
    }
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[next[partitions[i]]++] = i;
    }
    return order;
  }

  public int size() {
    return size;
  }

  public byte @Nullable [] key(int message) {
    return keys[message];
  }

  public byte @Nullable [] value(int message) {
    return values[message];
  }

  public int partition(int message) {
    return partitions[message];
  }

  /** Bytes of all keys and values. */
  public long payloadBytes() {
    return payloadBytes;
  }

  public Position position() {
    return position;
  }

  public int consumed() {
    return consumed;
  }

  public Batch.Ending ending() {
    return ending;
  }

  public Optional<Batch.Truncation> truncation() {
    return truncation;
  }
}
