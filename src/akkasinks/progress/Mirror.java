package akkasinks.progress;

import java.util.Optional;

/**
 * What a sink's durable state knows of its progress topic: where the last record it saw lies. The
 * topic decides; the mirror only says where to look, and proves that the topic lost nothing.
 *
 * @param offset of {@code record} in the progress topic's only partition
 * @param attempted the highest incarnation this sink ever tried to start
 */
public record Mirror(Optional<ProgressRecord> record, long offset, long attempted) {
  public static final Mirror EMPTY = new Mirror(Optional.empty(), -1, 0);
}
