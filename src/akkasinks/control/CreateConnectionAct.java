package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import java.util.List;
import java.util.Optional;

/** CREATE CONNECTION: tried out before it is kept, unless WITH (VALIDATE = false). */
record CreateConnectionAct(Statements statements, Inspections inspections)
    implements Act<Command.CreateConnection> {

  @Override
  public Outcome carryOut(Command.CreateConnection command) {
    return Statements.done(statements.record(new Tried(command, inspections)));
  }

  private record Tried(Command.CreateConnection command, Inspections inspections)
      implements Look<Connection, List<Notice>> {
    @Override
    public Plan plan(CatalogState state) {
      return new Planner(state).createConnection(command);
    }

    @Override
    public Optional<Connection> subject(CatalogState state, Plan plan) {
      if (!Planner.validates(command.with())) {
        return Optional.empty();
      }
      return plan.events().stream()
          .filter(CatalogEvent.ConnectionCreated.class::isInstance)
          .map(event -> ((CatalogEvent.ConnectionCreated) event).connection())
          .findFirst();
    }

    @Override
    public List<Notice> look(Connection connection) {
      return inspections.validate(connection);
    }

    @Override
    public Plan complete(Plan plan, List<Notice> seen) {
      return plan.noticing(seen);
    }
  }
}
