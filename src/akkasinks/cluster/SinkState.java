package akkasinks.cluster;

import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import java.util.Optional;

/**
 * What a sink keeps in the state store, whichever node it runs on.
 *
 * @param resnapshot asked for by RESNAPSHOT, until an incarnation has begun with it
 * @param mirror where the target's progress record was seen last; written lazily
 */
public record SinkState(boolean resnapshot, Mirror mirror) {
  static final SinkState NEW = new SinkState(false, Mirror.EMPTY);

  /** False only if no incarnation was ever tried: then there is nothing to fence anywhere. */
  boolean everTried() {
    return mirror.attempted() > 0 || mirror.record().isPresent();
  }

  SinkState withResnapshot(boolean now) {
    return new SinkState(now, mirror);
  }

  SinkState attempting(long incarnation) {
    return withMirror(
        new Mirror(mirror.record(), mirror.offset(), Math.max(incarnation, mirror.attempted())));
  }

  SinkState committed(ProgressRecord record, long offset) {
    return withMirror(
        new Mirror(
            Optional.of(record), offset, Math.max(record.incarnation(), mirror.attempted())));
  }

  private SinkState withMirror(Mirror now) {
    return new SinkState(resnapshot, now);
  }
}
