package akkasinks.control;

import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.catalog.SinkInspection;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import akkasinks.command.Command;
import akkasinks.command.Command.SinkChange;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ALTER SINK … RENAME, SET, RESET, SET FROM. The altered sink is inspected as a new one would be
 * before it is recorded; the catalog then has the sink restart from where it is.
 */
record AlterSinkAct(Statements statements, Inspections inspections, SinkRegion sinks)
    implements Act<Command.AlterSink> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public Outcome carryOut(Command.AlterSink command) {
    var plan =
        command.change() instanceof SinkChange.RenameTo
            ? statements.record(state -> new Planner(state).alterSink(command))
            : statements.record(new Inspected(command, inspections));
    if (command.change() instanceof SinkChange.SetFrom) {
      for (var event : plan.events()) {
        if (event instanceof CatalogEvent.SinkAltered(var sink)) {
          return readAgain(plan, sink);
        }
      }
    }
    return Statements.done(plan);
  }

  /**
   * Should this be lost on its way, the sink stalls, since its position is another table's, and
   * says that RESNAPSHOT is what it needs.
   */
  private Outcome readAgain(Plan plan, Sink sink) {
    var asked = Statements.attempt(sinks.ask(sink.id(), SinkMessage.Resnapshot::new, PATIENCE));
    return asked
        .failure()
        .or(() -> asked.answer().flatMap(SinkMessage.Answer::refusal))
        .map(
            failure ->
                Statements.done(
                    plan,
                    Notice.of("the new relation is not being read yet: " + failure.message())
                        .hint("ALTER SINK … RESNAPSHOT asks again.")))
        .orElseGet(() -> Statements.done(plan));
  }

  private record Inspected(Command.AlterSink command, Inspections inspections)
      implements Look<ResolvedSink, ChangeSource.Inspection> {
    @Override
    public Plan plan(CatalogState state) {
      return new Planner(state).alterSink(command);
    }

    @Override
    public Optional<ResolvedSink> subject(CatalogState state, Plan plan) {
      for (var event : plan.events()) {
        if (event instanceof CatalogEvent.SinkAltered altered) {
          return state.apply(altered).resolve(altered.sink().id());
        }
      }
      return Optional.empty();
    }

    @Override
    public ChangeSource.Inspection look(ResolvedSink subject) {
      try {
        var seen = inspections.inspectRelation(inspected(subject));
        complete(subject.sink(), seen);
        return seen;
      } catch (FailureException e) {
        int place = e.failure().position() > 0 ? e.failure().position() : place();
        throw e.failure().at(place).exception(e);
      }
    }

    /** Publication and slot, which carry the sink's id, are still those of the old relation. */
    private ResolvedSink inspected(ResolvedSink subject) {
      return command.change() instanceof SinkChange.SetFrom
          ? subject.with(subject.sink().underId("new"))
          : subject;
    }

    private int place() {
      return switch (command.change()) {
        case SinkChange.SetFrom(var from, var _) -> from.getFirst().position();
        case SinkChange.SetOptions(var options) -> options.getFirst().position();
        case SinkChange.ResetOptions(var options) when !options.isEmpty() ->
            options.getFirst().position();
        case SinkChange.ResetOptions _, SinkChange.RenameTo _ -> command.name().position();
      };
    }

    private int formulaAt() {
      return command.change() instanceof SinkChange.SetOptions(var options)
          ? SinkInspection.formulaAt(options)
          : 0;
    }

    @Override
    public Plan complete(Plan plan, ChangeSource.Inspection seen) {
      List<CatalogEvent> events = new ArrayList<>();
      for (var event : plan.events()) {
        events.add(
            event instanceof CatalogEvent.SinkAltered(var sink)
                ? new CatalogEvent.SinkAltered(complete(sink, seen))
                : event);
      }
      return new Plan(plan.tag(), events, plan.notices());
    }

    private Sink complete(Sink sink, ChangeSource.Inspection seen) {
      return SinkInspection.complete(
          sink,
          sink.key().stream().map(Command.Name::of).toList(),
          formulaAt(),
          seen.relation(),
          seen.keyIsUnique(),
          seen.uniqueKeys());
    }
  }
}
