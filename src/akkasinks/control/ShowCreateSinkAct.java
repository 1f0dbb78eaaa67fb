package akkasinks.control;

import akkasinks.catalog.Lookup;
import akkasinks.catalog.Redacted;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** SHOW CREATE SINK: the canonical statement, as it now is. */
record ShowCreateSinkAct(Statements statements) implements Act<Command.ShowCreateSink> {
  @Override
  public Outcome carryOut(Command.ShowCreateSink command) {
    var sink = Lookup.sink(statements.state(), command.name());
    return new Table("SHOW", "name", "create_sql")
        .row(sink.name(), command.redacted() ? Redacted.of(sink) : sink.createSql())
        .outcome();
  }
}
