package akkasinks.progress;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.util.Optional;
import java.util.Set;

/** What a progress record means to an incarnation that reads one; docs/exactly-once.md. */
public final class ProgressRules {
  private ProgressRules() {}

  /**
   * True if {@code record} is a successor's: a higher number than mine, and not written by a writer
   * of mine. A number that I attempted counts as mine, else a start of my own whose commit was
   * never acknowledged would look like a successor.
   *
   * @param writers ids of mine: what they wrote, acknowledged or not, is no successor's
   * @param attempted the highest incarnation number that had been recorded or tried when the oldest
   *     of {@code writers} had fenced. Not its own number: a successor that began before it may
   *     have taken the same
   */
  public static boolean superseded(ProgressRecord record, Set<String> writers, long attempted) {
    return record.incarnation() > attempted && !writers.contains(record.writerId());
  }

  /** The number of the next incarnation: higher than any that ever was or was tried. */
  public static long next(Optional<ProgressRecord> found, Mirror mirror) {
    long recorded = found.map(ProgressRecord::incarnation).orElse(0L);
    long mirrored = mirror.record().map(ProgressRecord::incarnation).orElse(0L);
    return 1 + Math.max(mirror.attempted(), Math.max(recorded, mirrored));
  }

  /**
   * Holds what the topic says against what the sink remembers. A higher incarnation may have begun
   * a RESNAPSHOT, which starts at or before the frontier that the mirror knows; anything else that
   * lies before it means that the topic lost records.
   *
   * @param found the last record of this sink in the progress topic
   * @param offset of {@code found}
   * @return what is wrong, or empty
   */
  public static Optional<Failure> contradiction(
      Optional<ProgressRecord> found, long offset, Mirror mirror, String topic) {
    if (mirror.record().isEmpty()) {
      return Optional.empty();
    }
    ProgressRecord seen = mirror.record().get();
    if (found.isEmpty() || offset < mirror.offset()) {
      return lost(
          topic,
          "it has no progress record of this sink at or after offset %d".formatted(mirror.offset()),
          seen);
    }
    ProgressRecord record = found.get();
    if (record.incarnation() < seen.incarnation()) {
      return lost(topic, "its last record is of incarnation " + record.incarnation(), seen);
    }
    boolean begunAgain =
        record.incarnation() > seen.incarnation() && record.frontier().snapshotting();
    if (!begunAgain && record.frontier().precedes(seen.frontier())) {
      return lost(topic, "its last record lies before the frontier already committed", seen);
    }
    return Optional.empty();
  }

  private static Optional<Failure> lost(String topic, String what, ProgressRecord seen) {
    return Optional.of(
        Failure.of(
                Code.HISTORY_CHANGED,
                "progress topic \"%s\" has lost records: %s".formatted(topic, what))
            .detail(
                "The sink has seen incarnation %d committed with frontier %s."
                    .formatted(seen.incarnation(), PositionJson.write(seen.frontier())))
            .hint(
                "Exactly-once cannot be continued from here: restore the topic, or drop the sink"
                    + " and create it again."));
  }
}
