package akkasinks.change;

import java.util.List;

/**
 * A point in a Kafka topic: of each partition, the offset that is read next.
 *
 * @param topicId a topic that is deleted and made again has another, and does not continue it
 * @param offsets by partition; one beyond the list has not been begun: its next offset is 0
 * @param skipped bad records that were passed over so far, since the sink was made
 * @param again by partition, the offsets at which a RESNAPSHOT has read all again; empty otherwise
 */
public record KafkaPosition(String topicId, List<Long> offsets, long skipped, List<Long> again)
    implements Position {
  public KafkaPosition {
    offsets = List.copyOf(offsets);
    again = List.copyOf(again);
  }

  /** With no RESNAPSHOT under way. */
  public static KafkaPosition of(String topicId, List<Long> offsets) {
    return new KafkaPosition(topicId, offsets, 0, List.of());
  }

  /** The offset that is read next in {@code partition}. */
  public long next(int partition) {
    return partition < offsets.size() ? offsets.get(partition) : 0;
  }

  /** A later point of the same reading: a RESNAPSHOT that this completes is over. */
  public KafkaPosition at(List<Long> there, long skippedNow) {
    var point = new KafkaPosition(topicId, there, skippedNow, again);
    return point.hasReadAllAgain()
        ? new KafkaPosition(topicId, there, skippedNow, List.of())
        : point;
  }

  private boolean hasReadAllAgain() {
    for (int partition = 0; partition < again.size(); partition++) {
      if (next(partition) < again.get(partition)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean sameHistory(Position other) {
    return other instanceof KafkaPosition that && topicId.equals(that.topicId);
  }

  /**
   * True if no partition lies behind {@code other}'s, and one, or the end of a RESNAPSHOT, before.
   */
  @Override
  public boolean precedes(Position other) {
    if (!(other instanceof KafkaPosition that) || !sameHistory(other)) {
      return false;
    }
    boolean before = !again.isEmpty() && that.again.isEmpty() || skipped < that.skipped;
    for (int p = 0; p < Math.max(offsets.size(), that.offsets.size()); p++) {
      if (next(p) > that.next(p)) {
        return false;
      }
      before |= next(p) < that.next(p);
    }
    return before;
  }

  /** Never: a point of a topic is no one number, and nothing is compared at one. */
  @Override
  public boolean reaches(long point) {
    return false;
  }

  @Override
  public boolean snapshotting() {
    return !again.isEmpty();
  }
}
