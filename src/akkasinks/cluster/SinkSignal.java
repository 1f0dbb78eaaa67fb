package akkasinks.cluster;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.progress.ProgressRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SinkActor} hears from its own futures, timers and run. A turn or run number tells
 * what a newer one has outdated.
 */
sealed interface SinkSignal extends SinkActor.Message {
  record Loaded(SinkStore.Stored stored) implements SinkSignal {}

  record NotLoaded(Failure failure) implements SinkSignal {}

  record Reload() implements SinkSignal {}

  record Resolved(long turn, CatalogMessage.Resolved is) implements SinkSignal {}

  record Told(long turn, SinkLife.Event event) implements SinkSignal {
    static Told ready(long turn, @Nullable Throwable error) {
      return new Told(
          turn,
          error == null ? new SinkLife.Ready() : new SinkLife.Failed(FailureException.of(error)));
    }
  }

  record Attempting(long incarnation) implements SinkSignal {}

  record Began(long run, ProgressRecord record, long offset, Duration handOver)
      implements SinkSignal {
    /** For logs. */
    @Override
    public String toString() {
      return "incarnation %d runs, hand-over took %d ms"
          .formatted(record.incarnation(), handOver.toMillis());
    }
  }

  record Broke(long run, Failure failure) implements SinkSignal {}

  record RunClosed(long run) implements SinkSignal {}

  /** It is time to try again. */
  record Due() implements SinkSignal {}

  /** It is time to write the mirror. */
  record Tick() implements SinkSignal {}

  record Saved(long revision) implements SinkSignal {}

  record NotSaved(Failure failure) implements SinkSignal {}
}
