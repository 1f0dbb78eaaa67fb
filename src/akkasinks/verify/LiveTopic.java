package akkasinks.verify;

import java.util.List;
import java.util.function.Consumer;

/** The data topic of a sink, as a read_committed consumer sees it. Everything blocks. */
public interface LiveTopic {

  /** Takes one record after the other; the arrays are the taker's. */
  @FunctionalInterface
  interface Each {
    void take(byte[] key, byte[] value);
  }

  /**
   * The fold: each key's last committed record before {@code ends}, once per key, in any order;
   * keys whose last record is a tombstone are left out.
   *
   * @param ends per partition; as a cut gave them
   */
  void live(List<Long> ends, Each each);

  /** The keys of committed records at or after {@code from}, up to the topic's end now. */
  void keysFrom(List<Long> from, Consumer<byte[]> each);

  /** Whether records can vanish once a newer one of the same key is there. */
  boolean compacted();
}
