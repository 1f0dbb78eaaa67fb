package akkasinks.target.kafka;

/**
 * What the producers of one node may hold in batches that are being filled, one for each partition.
 * Few sinks get large batches, which cost the brokers least; many get smaller ones, so that a
 * node's heap does not grow with its sinks times their partitions.
 */
public final class ProducerMemory {
  /** Larger ones do not save the brokers any more CPU (docs/bench.md, case 1). */
  private static final int LARGEST = 512 << 10;

  /** Kafka's own default; granted even when nothing is left. */
  static final int SMALLEST = 16 << 10;

  private final long limit;
  private long taken;

  /**
   * @param limit bytes for all producers of the node
   */
  public ProducerMemory(long limit) {
    this.limit = limit;
  }

  /** A sixteenth of this JVM's heap. */
  public static ProducerMemory ofHeap() {
    return new ProducerMemory(Runtime.getRuntime().maxMemory() / 16);
  }

  /** At most an eighth of what is left: whoever comes later shall have something too. */
  synchronized Share share(int partitions) {
    long each = (limit - taken) / 8 / Math.max(1, partitions);
    int batch = (int) Math.clamp(Long.highestOneBit(Math.max(each, 1)), SMALLEST, LARGEST);
    var share = new Share(batch, partitions);
    taken += share.bytes();
    return share;
  }

  private synchronized void giveBack(long bytes) {
    taken -= bytes;
  }

  /** One producer's part, until it is closed. Belongs to one thread. */
  final class Share implements AutoCloseable {
    private final int batch;
    private final int partitions;
    private boolean closed;

    private Share(int batch, int partitions) {
      this.batch = batch;
      this.partitions = partitions;
    }

    /** Bytes of one batch: the producer's {@code batch.size}. */
    int batch() {
      return batch;
    }

    private long bytes() {
      return (long) batch * partitions;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(bytes());
      }
    }
  }
}
