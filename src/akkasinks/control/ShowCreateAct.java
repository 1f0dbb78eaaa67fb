package akkasinks.control;

import akkasinks.catalog.Lookup;
import akkasinks.catalog.ShownStatement;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** SHOW CREATE SECRET, CONNECTION, SOURCE: the canonical statement. */
record ShowCreateAct(Statements statements) implements Act<Command.ShowCreate> {
  @Override
  public Outcome carryOut(Command.ShowCreate command) {
    var definition = Lookup.definition(statements.state(), command.kind(), command.name());
    return new Table("SHOW", "name", "create_sql")
        .row(
            definition.name(),
            command.redacted()
                ? ShownStatement.redacted(definition)
                : ShownStatement.of(definition))
        .outcome();
  }
}
