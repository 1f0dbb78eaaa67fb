package akkasinks.control;

import akkasinks.base.Failure;
import akkasinks.cluster.Catalog;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Instant;

/** SHOW DEBTS: what dropped sinks still owe to other systems, and why it is not paid yet. */
record ShowDebtsAct(Catalog catalog) implements Act<Command.ShowDebts> {
  @Override
  public Outcome carryOut(Command.ShowDebts command) {
    var table = new Table("SHOW", "id", "sink", "owed", "tries", "last_error", "next_try");
    for (var status : Statements.await(catalog.debts())) {
      table.row(
          status.debt().id(),
          status.debt().sink().sink().name(),
          status.debt().description(),
          Integer.toString(status.tries()),
          status.lastError().map(Failure::message).orElse(""),
          status.nextTry().map(Instant::toString).orElse("now"));
    }
    return table.outcome();
  }
}
