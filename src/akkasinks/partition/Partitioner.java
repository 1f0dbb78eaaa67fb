package akkasinks.partition;

import org.jspecify.annotations.Nullable;

/** Chooses a partition. */
@FunctionalInterface
public interface Partitioner {
  /**
   * @param key the encoded key; null if the sink has none, and then the partition is 0
   * @param partitions how many the topic has, at least 1
   */
  default int partition(byte @Nullable [] key, int partitions) {
    return key == null ? 0 : partition(key, 0, key.length, partitions);
  }

  /** The same, of a key that lies in {@code bytes[from, to)}. */
  int partition(byte[] bytes, int from, int to, int partitions);

  /** Materialize's placement: {@link SeaHash}, unsigned, modulo the partitions. */
  static Partitioner seahash() {
    return (bytes, from, to, partitions) ->
        (int) Long.remainderUnsigned(SeaHash.hash(bytes, from, to), partitions);
  }

  /** The placement of Kafka's Java clients for the same key bytes: {@link Murmur2}. */
  static Partitioner murmur2() {
    return (bytes, from, to, partitions) ->
        (Murmur2.hash(bytes, from, to) & 0x7fffffff) % partitions;
  }
}
