package akkasinks.control;

import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.Comparator;

/** SHOW ROLES: nothing of their passwords. */
record ShowRolesAct(Statements statements) implements Act<Command.ShowRoles> {
  @Override
  public Outcome carryOut(Command.ShowRoles command) {
    var table = new Table("SHOW", "name", "login", "superuser");
    statements.state().access().all().stream()
        .sorted(Comparator.comparing(role -> role.name()))
        .forEach(role -> table.row(role.name(), yesNo(role.login()), yesNo(role.superuser())));
    return table.outcome();
  }

  private static String yesNo(boolean value) {
    return value ? "t" : "f";
  }
}
