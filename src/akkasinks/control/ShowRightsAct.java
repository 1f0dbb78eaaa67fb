package akkasinks.control;

import akkasinks.catalog.Lookup;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.NeededRights;

/** SHOW RIGHTS FOR SINK: a command that grants it for each right. */
record ShowRightsAct(Statements statements) implements Act<Command.ShowRights> {
  @Override
  public Outcome carryOut(Command.ShowRights command) {
    var state = statements.state();
    var sink = Lookup.sink(state, command.name());
    var table = new Table("SHOW", "system", "needed", "command");
    for (var right : NeededRights.of(state.resolve(sink.id()).orElseThrow())) {
      table.row(right.system(), right.needed(), right.command());
    }
    return table.outcome();
  }
}
