package akkasinks.control;

import akkasinks.catalog.RolePlan;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** CREATE ROLE: of the password only what proves it is kept. */
record CreateRoleAct(Statements statements) implements Act<Command.CreateRole> {
  @Override
  public Outcome carryOut(Command.CreateRole command) {
    var password = Passwords.of(command.attributes().password());
    return Statements.done(
        statements.record(state -> new RolePlan(state).create(command, password)));
  }
}
