package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.SinkLife.Action;
import akkasinks.cluster.SinkLife.Event;
import akkasinks.cluster.SinkLife.Next;
import akkasinks.cluster.SinkLife.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell of the table: what follows in each phase on each event, written out. */
final class SinkLifeTest {
  private static final Failure AWAY = Failure.of(Code.UNREACHABLE, "away");
  private static final Failure FENCED = Failure.of(Code.FENCED, "fenced");

  private static final Map<String, Phase> PHASES = new LinkedHashMap<>();
  private static final Map<String, Event> EVENTS = new LinkedHashMap<>();

  static {
    PHASES.put("resolving", new SinkLife.Resolving());
    PHASES.put("starting", new SinkLife.Starting());
    PHASES.put("running", new SinkLife.Running());
    PHASES.put("stalled", new SinkLife.Stalled(AWAY));
    PHASES.put("stop:pause", new SinkLife.Stopping(Next.PAUSE));
    PHASES.put("stop:restart", new SinkLife.Stopping(Next.RESTART));
    PHASES.put("stop:retire", new SinkLife.Stopping(Next.RETIRE));
    PHASES.put("stop:handover", new SinkLife.Stopping(Next.HAND_OVER));
    PHASES.put("paused", new SinkLife.Paused());
    PHASES.put("superseded", new SinkLife.Superseded(FENCED));
    PHASES.put("retiring", new SinkLife.Retiring());
    PHASES.put("ended", new SinkLife.Ended());
    EVENTS.put("Ready", new SinkLife.Ready());
    EVENTS.put("Failed", new SinkLife.Failed(AWAY));
    EVENTS.put("Fenced", new SinkLife.Failed(FENCED));
    EVENTS.put("Held", new SinkLife.Held());
    EVENTS.put("Closed", new SinkLife.Closed());
    EVENTS.put("Gone", new SinkLife.Gone());
    EVENTS.put("Pause", new SinkLife.Pause());
    EVENTS.put("Resume", new SinkLife.Resume());
    EVENTS.put("Redefine", new SinkLife.Redefine());
    EVENTS.put("Retire", new SinkLife.Retire());
    EVENTS.put("HandOver", new SinkLife.HandOver());
    EVENTS.put("RetryDue", new SinkLife.RetryDue());
  }

  /** "-" stays and does nothing; actions follow in brackets. */
  private static final String TABLE =
      """
      resolving     Ready    starting [START_RUN]
      resolving     Failed   stalled [RETRY_LATER]
      resolving     Fenced   stalled [RETRY_LATER]
      resolving     Held     paused [SETTLE]
      resolving     Closed   -
      resolving     Gone     retiring [DELETE_STATE]
      resolving     Pause    resolving [RESOLVE]
      resolving     Resume   -
      resolving     Redefine resolving [RESOLVE]
      resolving     Retire   retiring [DELETE_STATE]
      resolving     HandOver ended [END]
      resolving     RetryDue -
      starting      Ready    running
      starting      Failed   stalled [RETRY_LATER]
      starting      Fenced   superseded
      starting      Held     -
      starting      Closed   -
      starting      Gone     stop:retire [STOP_RUN]
      starting      Pause    stop:pause [STOP_RUN]
      starting      Resume   -
      starting      Redefine stop:restart [STOP_RUN]
      starting      Retire   stop:retire [STOP_RUN]
      starting      HandOver stop:handover [STOP_RUN]
      starting      RetryDue -
      running       Ready    -
      running       Failed   stalled [RETRY_LATER]
      running       Fenced   superseded
      running       Held     -
      running       Closed   -
      running       Gone     stop:retire [STOP_RUN]
      running       Pause    stop:pause [STOP_RUN]
      running       Resume   -
      running       Redefine stop:restart [STOP_RUN]
      running       Retire   stop:retire [STOP_RUN]
      running       HandOver stop:handover [STOP_RUN]
      running       RetryDue -
      stalled       Ready    -
      stalled       Failed   -
      stalled       Fenced   -
      stalled       Held     -
      stalled       Closed   -
      stalled       Gone     retiring [CANCEL_RETRY, DELETE_STATE]
      stalled       Pause    paused [CANCEL_RETRY]
      stalled       Resume   resolving [CANCEL_RETRY, RESOLVE]
      stalled       Redefine resolving [CANCEL_RETRY, RESOLVE]
      stalled       Retire   retiring [CANCEL_RETRY, DELETE_STATE]
      stalled       HandOver ended [END]
      stalled       RetryDue resolving [CANCEL_RETRY, RESOLVE]
      stop:pause    Ready    -
      stop:pause    Failed   -
      stop:pause    Fenced   -
      stop:pause    Held     -
      stop:pause    Closed   paused
      stop:pause    Gone     stop:retire
      stop:pause    Pause    -
      stop:pause    Resume   stop:restart
      stop:pause    Redefine -
      stop:pause    Retire   stop:retire
      stop:pause    HandOver stop:handover
      stop:pause    RetryDue -
      stop:restart  Ready    -
      stop:restart  Failed   -
      stop:restart  Fenced   -
      stop:restart  Held     -
      stop:restart  Closed   resolving [RESOLVE]
      stop:restart  Gone     stop:retire
      stop:restart  Pause    stop:pause
      stop:restart  Resume   -
      stop:restart  Redefine -
      stop:restart  Retire   stop:retire
      stop:restart  HandOver stop:handover
      stop:restart  RetryDue -
      stop:retire   Ready    -
      stop:retire   Failed   -
      stop:retire   Fenced   -
      stop:retire   Held     -
      stop:retire   Closed   retiring [DELETE_STATE]
      stop:retire   Gone     -
      stop:retire   Pause    -
      stop:retire   Resume   -
      stop:retire   Redefine -
      stop:retire   Retire   -
      stop:retire   HandOver -
      stop:retire   RetryDue -
      stop:handover Ready    -
      stop:handover Failed   -
      stop:handover Fenced   -
      stop:handover Held     -
      stop:handover Closed   ended [END]
      stop:handover Gone     stop:retire
      stop:handover Pause    -
      stop:handover Resume   -
      stop:handover Redefine -
      stop:handover Retire   stop:retire
      stop:handover HandOver -
      stop:handover RetryDue -
      paused        Ready    -
      paused        Failed   paused [RETRY_LATER]
      paused        Fenced   paused [RETRY_LATER]
      paused        Held     -
      paused        Closed   -
      paused        Gone     retiring [CANCEL_RETRY, DELETE_STATE]
      paused        Pause    -
      paused        Resume   resolving [CANCEL_RETRY, RESOLVE]
      paused        Redefine -
      paused        Retire   retiring [CANCEL_RETRY, DELETE_STATE]
      paused        HandOver ended [END]
      paused        RetryDue paused [SETTLE]
      superseded    Ready    -
      superseded    Failed   -
      superseded    Fenced   -
      superseded    Held     -
      superseded    Closed   -
      superseded    Gone     retiring [DELETE_STATE]
      superseded    Pause    paused
      superseded    Resume   resolving [RESOLVE]
      superseded    Redefine -
      superseded    Retire   retiring [DELETE_STATE]
      superseded    HandOver ended [END]
      superseded    RetryDue -
      retiring      Ready    ended [FORGET]
      retiring      Failed   retiring [RETRY_LATER]
      retiring      Fenced   retiring [RETRY_LATER]
      retiring      Held     -
      retiring      Closed   -
      retiring      Gone     -
      retiring      Pause    -
      retiring      Resume   -
      retiring      Redefine -
      retiring      Retire   -
      retiring      HandOver ended [END]
      retiring      RetryDue retiring [DELETE_STATE]
      ended         Ready    -
      ended         Failed   -
      ended         Fenced   -
      ended         Held     -
      ended         Closed   -
      ended         Gone     -
      ended         Pause    -
      ended         Resume   -
      ended         Redefine -
      ended         Retire   -
      ended         HandOver ended [END]
      ended         RetryDue -
      """;

  static Stream<Arguments> cells() {
    return TABLE.lines().map(line -> line.split("\\s+", 3)).map(Arguments::of);
  }

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @MethodSource("cells")
  void whatFollowsIsAsWritten(String phase, String event, String expected) {
    var at = PHASES.get(phase);
    var step = SinkLife.next(at, EVENTS.get(event));
    var actions =
        step.actions().isEmpty()
            ? ""
            : step.actions().stream()
                .map(Action::name)
                .collect(Collectors.joining(", ", " [", "]"));
    var seen = step.phase().equals(at) && actions.isEmpty() ? "-" : name(step.phase()) + actions;
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void everyCellIsWritten() {
    List<String> cells = new ArrayList<>();
    PHASES.keySet().forEach(phase -> EVENTS.keySet().forEach(event -> cells.add(phase + event)));
    assertThat(cells().map(cell -> "" + cell.get()[0] + cell.get()[1]).toList())
        .containsExactlyElementsOf(cells);
  }

  private static String name(Phase phase) {
    return PHASES.entrySet().stream()
        .filter(entry -> entry.getValue().getClass() == phase.getClass())
        .filter(entry -> !(phase instanceof SinkLife.Stopping) || entry.getValue().equals(phase))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }
}
