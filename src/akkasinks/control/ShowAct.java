package akkasinks.control;

import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.Secret;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.KindNames;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** SHOW SECRETS, CONNECTIONS, SOURCES: Materialize's columns. */
record ShowAct(Statements statements) implements Act<Command.Show> {
  @Override
  public Outcome carryOut(Command.Show command) {
    var state = statements.state();
    return switch (command.kind()) {
      case SECRET -> {
        var table = new Table("SHOW", "name", "comment");
        state
            .all(Secret.class)
            .forEach(secret -> table.row(secret.name(), state.commentOn(secret.id())));
        yield table.outcome();
      }
      case CONNECTION -> {
        var table = new Table("SHOW", "name", "type", "comment");
        state
            .all(Connection.class)
            .forEach(
                connection ->
                    table.row(
                        connection.name(),
                        KindNames.of(connection),
                        state.commentOn(connection.id())));
        yield table.outcome();
      }
      case SOURCE -> {
        var table = new Table("SHOW", "name", "type", "cluster", "comment");
        state
            .all(Source.class)
            .forEach(
                source ->
                    table.row(
                        source.name(),
                        KindNames.of(source),
                        "default",
                        state.commentOn(source.id())));
        yield table.outcome();
      }
    };
  }
}
