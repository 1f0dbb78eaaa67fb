package akkasinks.control;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.catalog.SinkInspection;
import akkasinks.change.Relation;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import akkasinks.source.ChangeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CREATE SINK: source and target are inspected and the definition completed with the relation's
 * schema. Publication, slot and topic are made by the sink when it starts.
 */
record CreateSinkAct(Statements statements, Inspections inspections)
    implements Act<Command.CreateSink> {

  @Override
  public Outcome carryOut(Command.CreateSink command) {
    var keyed = SinkInspection.keyed(command, () -> uniqueKeys(command));
    var plan = statements.record(new Inspected(keyed, inspections));
    return keyed.key().equals(command.key())
        ? Statements.done(plan)
        : Statements.done(plan, chosen(keyed.key()));
  }

  /** Of the sink's relation; empty if the sink is there already. */
  private Optional<List<List<String>>> uniqueKeys(Command.CreateSink command) {
    var inspected = new Inspected(command, inspections);
    var state = statements.state();
    return inspected
        .subject(state, inspected.plan(state))
        .map(subject -> inspected.relation(subject).uniqueKeys());
  }

  private static Notice chosen(List<Command.Name> key) {
    return Notice.of(
        key.stream()
            .map(Command.Name::text)
            .collect(
                Collectors.joining(", ", "no KEY was given: it is the relation's own, (", ")")));
  }

  /**
   * Equal as long as the systems are the same: the id that the sink will get is no part of that.
   */
  private record Subject(ResolvedSink sink) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Subject(var that)
          && sink.source().equals(that.source())
          && sink.from().equals(that.from())
          && sink.into().equals(that.into())
          && sink.registries().equals(that.registries());
    }

    @Override
    public int hashCode() {
      return sink.source().hashCode();
    }
  }

  private record Seen(ChangeSource.Inspection source, List<Notice> form, List<Notice> target) {}

  private record Inspected(Command.CreateSink command, Inspections inspections)
      implements Look<Subject, Seen> {
    @Override
    public Plan plan(CatalogState state) {
      return new Planner(state).createSink(command);
    }

    @Override
    public Optional<Subject> subject(CatalogState state, Plan plan) {
      for (var event : plan.events()) {
        if (event instanceof CatalogEvent.SinkCreated created) {
          return state.apply(created).resolve(created.sink().id()).map(Subject::new);
        }
      }
      return Optional.empty();
    }

    @Override
    public Seen look(Subject subject) {
      var source = relation(subject);
      var sink = subject.sink().with(complete(subject.sink().sink(), source));
      return new Seen(
          source, form(sink, source.relation()), inspections.inspectTarget(subject.sink()));
    }

    private List<Notice> form(ResolvedSink sink, Relation relation) {
      try {
        return inspections.inspectForm(sink, relation);
      } catch (FailureException e) {
        int format = command.format().map(choice -> choice.name().position()).orElse(0);
        throw e.failure().at(format).exception(e);
      }
    }

    /** The source knows names only; the statement knows where they stand. */
    private ChangeSource.Inspection relation(Subject subject) {
      try {
        return inspections.inspectRelation(subject.sink());
      } catch (FailureException e) {
        throw e.failure().at(place(e.failure())).exception(e);
      }
    }

    private int place(Failure failure) {
      return switch (failure.code()) {
        case UNDEFINED_COLUMN, INVALID_DEFINITION, NOT_SUPPORTED ->
            Stream.of(
                    command.key().stream(),
                    command.headers().stream(),
                    command.columns().stream().flatMap(columns -> columns.names().stream()))
                .flatMap(names -> names)
                .filter(column -> column.text().equals(failure.column()))
                .findFirst()
                .map(Command.Name::position)
                .orElse(failure.position());
        case UNDEFINED_TABLE -> command.from().getFirst().position();
        default -> failure.position();
      };
    }

    @Override
    public Plan complete(Plan plan, Seen seen) {
      List<Notice> notices = new ArrayList<>(plan.notices());
      notices.addAll(seen.source().notices());
      notices.addAll(seen.form());
      notices.addAll(seen.target());
      List<CatalogEvent> events = new ArrayList<>();
      for (var event : plan.events()) {
        events.add(
            event instanceof CatalogEvent.SinkCreated(var sink)
                ? new CatalogEvent.SinkCreated(complete(sink, seen.source()))
                : event);
      }
      return new Plan(plan.tag(), events, notices);
    }

    private Sink complete(Sink sink, ChangeSource.Inspection source) {
      try {
        return SinkInspection.complete(
            sink,
            command,
            source.relation(),
            source.keyIsUnique(),
            source.uniqueKeys(),
            source.comments());
      } catch (FailureException e) {
        throw e.failure().at(place(e.failure())).exception(e);
      }
    }
  }
}
