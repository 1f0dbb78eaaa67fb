package akkasinks.control;

import akkasinks.catalog.RolePlan;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** ALTER ROLE: from the next login on. */
record AlterRoleAct(Statements statements) implements Act<Command.AlterRole> {
  @Override
  public Outcome carryOut(Command.AlterRole command) {
    var password = Passwords.of(command.attributes().password());
    return Statements.done(
        statements.record(state -> new RolePlan(state).alter(command, password)));
  }
}
