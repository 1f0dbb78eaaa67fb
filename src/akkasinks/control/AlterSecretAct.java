package akkasinks.control;

import akkasinks.catalog.Planner;
import akkasinks.catalog.Sealer;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** ALTER SECRET: the sinks that use it start again with the new value. */
record AlterSecretAct(Statements statements, Sealer sealer) implements Act<Command.AlterSecret> {
  @Override
  public Outcome carryOut(Command.AlterSecret command) {
    return Statements.done(
        statements.record(state -> new Planner(state).alterSecret(command, sealer)));
  }
}
