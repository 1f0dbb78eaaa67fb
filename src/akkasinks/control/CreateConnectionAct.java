package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.catalog.Sealer;
import akkasinks.catalog.SshKeys;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** CREATE CONNECTION: tried out before it is kept, unless WITH (VALIDATE = false). */
record CreateConnectionAct(Statements statements, Inspections inspections, Sealer sealer)
    implements Act<Command.CreateConnection> {
  private static final String TUNNEL = "ssh tunnel";

  @Override
  public Outcome carryOut(Command.CreateConnection command) {
    return Statements.done(statements.record(new Tried(command, inspections, planner(command))));
  }

  /** The keys are made once, however often it is planned. */
  private Function<CatalogState, Plan> planner(Command.CreateConnection command) {
    if (!command.kind().text().equals(TUNNEL)) {
      return state -> new Planner(state).createConnection(command);
    }
    SshKeys keys = TunnelKeys.both();
    return state -> new Planner(state).createTunnel(command, keys, sealer);
  }

  private record Tried(
      Command.CreateConnection command,
      Inspections inspections,
      Function<CatalogState, Plan> planner)
      implements Look<Connection, List<Notice>> {
    @Override
    public Plan plan(CatalogState state) {
      return planner.apply(state);
    }

    @Override
    public Optional<Connection> subject(CatalogState state, Plan plan) {
      return plan.events().stream()
          .filter(CatalogEvent.ConnectionCreated.class::isInstance)
          .map(event -> ((CatalogEvent.ConnectionCreated) event).connection())
          .filter(connection -> Planner.validates(connection, command.with()))
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
