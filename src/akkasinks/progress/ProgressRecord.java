package akkasinks.progress;

import akkasinks.change.Position;
import java.util.List;
import java.util.Map;

/**
 * What the target commits atomically with the data; at most {@link #MAX_BYTES}.
 *
 * @param sinkId lasting id of the sink, never its name
 * @param incarnation grows with each start of the sink; 1 is the first
 * @param writerId unique to the incarnation's writer: tells an unacknowledged write of one's own
 *     from a successor's
 * @param frontier the position that is durably committed with this record
 * @param topics ids of the topics written, by name
 * @param resnapshotFrom end offsets of the data topic when a RESNAPSHOT began: a key whose last
 *     record lies before them when it ends is in no chunk; empty otherwise
 */
public record ProgressRecord(
    String sinkId,
    long incarnation,
    String writerId,
    Position frontier,
    Map<String, String> topics,
    List<Long> resnapshotFrom) {
  public static final int MAX_BYTES = 256 * 1024;

  public ProgressRecord {
    topics = Map.copyOf(topics);
    resnapshotFrom = List.copyOf(resnapshotFrom);
  }

  public ProgressRecord at(Position position) {
    return new ProgressRecord(sinkId, incarnation, writerId, position, topics, resnapshotFrom);
  }
}
