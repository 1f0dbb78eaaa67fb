package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import java.util.List;
import java.util.Optional;

/** CREATE SOURCE: publication, tables and the server's settings are looked at first. */
record CreateSourceAct(Statements statements, Inspections inspections)
    implements Act<Command.CreateSource> {

  @Override
  public Outcome carryOut(Command.CreateSource command) {
    return Statements.done(statements.record(new Inspected(command, inspections)));
  }

  private record Subject(PostgresSource source, PostgresConnection from) {}

  private record Inspected(Command.CreateSource command, Inspections inspections)
      implements Look<Subject, List<Notice>> {
    @Override
    public Plan plan(CatalogState state) {
      return new Planner(state).createSource(command);
    }

    @Override
    public Optional<Subject> subject(CatalogState state, Plan plan) {
      for (var event : plan.events()) {
        if (event instanceof CatalogEvent.SourceCreated(var source)
            && state.definitions().get(source.connectionId()) instanceof PostgresConnection from) {
          return Optional.of(new Subject(source, from));
        }
      }
      return Optional.empty();
    }

    @Override
    public List<Notice> look(Subject subject) {
      return inspections.inspectSource(subject.source(), subject.from());
    }

    @Override
    public Plan complete(Plan plan, List<Notice> seen) {
      return plan.noticing(seen);
    }
  }
}
