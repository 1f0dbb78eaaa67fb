package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Planner;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import akkasinks.cluster.SinkStatus;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** ALTER SINK … RESUME: ends a pause; a sink that waits to try again tries at once. */
record ResumeSinkAct(Statements statements, SinkRegion sinks) implements Act<Command.ResumeSink> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Override
  public Outcome carryOut(Command.ResumeSink command) {
    var plan = statements.record(state -> new Planner(state).resumeSink(command));
    Optional<Sink> sink = statements.state().find(command.name().text()).map(Sink.class::cast);
    if (sink.isEmpty()) {
      return Statements.done(plan);
    }
    var id = sink.get().id();
    var before = Statements.attempt(sinks.ask(id, SinkMessage.Describe::new, PATIENCE));
    var answer = Statements.attempt(sinks.ask(id, SinkMessage.Resume::new, PATIENCE));
    if (answer.failure().isPresent()) {
      return Statements.done(
          plan, Notice.of("not confirmed yet: " + answer.failure().get().message()));
    }
    boolean waited =
        before
            .answer()
            .map(SinkStatus::state)
            .filter(
                state -> state == SinkStatus.State.STALLED || state == SinkStatus.State.SUPERSEDED)
            .isPresent();
    return waited && plan.events().isEmpty()
        ? new Outcome.Done(
            plan.tag(),
            List.of(Notice.of("sink \"" + sink.get().name() + "\" was waiting; it tries now")))
        : Statements.done(plan);
  }
}
