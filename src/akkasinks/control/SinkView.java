package akkasinks.control;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Lsn;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.cluster.SinkStatus;
import akkasinks.progress.ProgressRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A sink as the catalog has it and as its actor sees it.
 *
 * @param paused as the catalog has it
 * @param status empty if the actor did not answer in time
 * @param silence why not
 */
public record SinkView(
    ResolvedSink definition,
    boolean paused,
    Optional<SinkStatus> status,
    Optional<Failure> silence) {

  /** In lower case; {@code unreachable} if the actor did not answer. */
  public String state() {
    return status.map(seen -> seen.state().name().toLowerCase(Locale.ROOT)).orElse("unreachable");
  }

  /** Why it is not running, or empty. */
  public Optional<Failure> reason() {
    return status.isPresent() ? status.flatMap(SinkStatus::reason) : silence;
  }

  /** Its newest changes of state, the oldest first; empty if it did not answer. */
  public List<SinkStatus.Change> history() {
    return status.map(SinkStatus::history).orElse(List.of());
  }

  /** What the target has durably committed, as far as this is known. */
  public Optional<Position> frontier() {
    return status.flatMap(
        seen ->
            seen.current()
                .frontier()
                .or(() -> seen.mirror().record().map(ProgressRecord::frontier)));
  }

  /** The frontier in the source's own notation; empty before the first commit. */
  public String frontierText() {
    return frontier().map(SinkView::text).orElse("");
  }

  /** WAL between the source's end and the frontier, in bytes; −1 if not known. */
  public long lagBytes() {
    return status.flatMap(seen -> seen.current().source()).map(s -> s.lagBytes()).orElse(-1L);
  }

  private static String text(Position position) {
    return switch (position) {
      case PostgresPosition at -> Lsn.text(at.end());
      case KafkaPosition at ->
          IntStream.range(0, at.offsets().size())
              .mapToObj(partition -> partition + ":" + at.next(partition))
              .collect(Collectors.joining(","));
    };
  }
}
