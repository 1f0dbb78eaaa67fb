package akkasinks.control;

import akkasinks.catalog.Lookup;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;

/** VALIDATE CONNECTION: connects with it, now. */
record ValidateConnectionAct(Statements statements, Inspections inspections)
    implements Act<Command.ValidateConnection> {
  @Override
  public Outcome carryOut(Command.ValidateConnection command) {
    var connection = Lookup.connection(statements.state(), command.name());
    return new Outcome.Done("VALIDATE CONNECTION", inspections.validate(connection));
  }
}
