package akkasinks.control;

import akkasinks.catalog.Planner;
import akkasinks.catalog.Sealer;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** CREATE SECRET: encrypted here, so that the catalog never sees its text. */
record CreateSecretAct(Statements statements, Sealer sealer) implements Act<Command.CreateSecret> {
  @Override
  public Outcome carryOut(Command.CreateSecret command) {
    return Statements.done(
        statements.record(state -> new Planner(state).createSecret(command, sealer)));
  }
}
