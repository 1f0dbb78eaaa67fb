package akkasinks.partition;

import org.jspecify.annotations.Nullable;

/** Chooses a partition. */
@FunctionalInterface
public interface Partitioner {
  /**
   * @param key the encoded key; null if the sink has none, and then the partition is 0
   * @param partitions how many the topic has, at least 1
   */
  int partition(byte @Nullable [] key, int partitions);

  /** Materialize's placement: {@link SeaHash}, unsigned, modulo the partitions. */
  static Partitioner seahash() {
    return (key, partitions) ->
        key == null ? 0 : (int) Long.remainderUnsigned(SeaHash.hash(key), partitions);
  }

  /** The placement of Kafka's Java clients for the same key bytes: {@link Murmur2}. */
  static Partitioner murmur2() {
    return (key, partitions) -> key == null ? 0 : (Murmur2.hash(key) & 0x7fffffff) % partitions;
  }
}
