package akkasinks.cluster;

import akkasinks.base.Failure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** When a sink came into which state, the newest few times. Belongs to the sink's actor. */
final class Moves {
  private static final int MOST = 20;

  private final InstantSource clock;
  private final Deque<SinkStatus.Change> history = new ArrayDeque<>();
  private Instant since;

  Moves(InstantSource clock) {
    this.clock = clock;
    this.since = clock.instant();
  }

  void to(SinkLife.Phase phase) {
    since = clock.instant();
    if (history.size() == MOST) {
      history.removeFirst();
    }
    Optional<Failure> reason =
        switch (phase) {
          case SinkLife.Stalled(var why) -> Optional.of(why);
          case SinkLife.Superseded(var why) -> Optional.of(why);
          default -> Optional.empty();
        };
    history.addLast(new SinkStatus.Change(since, SinkLife.shown(phase), reason));
  }

  /** When it came into the state it is in. */
  Instant since() {
    return since;
  }

  List<SinkStatus.Change> history() {
    return List.copyOf(history);
  }
}
