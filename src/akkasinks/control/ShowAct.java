package akkasinks.control;

import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.Secret;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.KafkaSource;
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
                        connection.name(), type(connection), state.commentOn(connection.id())));
        yield table.outcome();
      }
      case SOURCE -> {
        var table = new Table("SHOW", "name", "type", "cluster", "comment");
        state
            .all(Source.class)
            .forEach(
                source ->
                    table.row(
                        source.name(), type(source), "default", state.commentOn(source.id())));
        yield table.outcome();
      }
    };
  }

  private static String type(Source source) {
    return switch (source) {
      case PostgresSource _ -> "postgres";
      case KafkaSource _ -> "kafka";
    };
  }

  private static String type(Connection connection) {
    return switch (connection) {
      case PostgresConnection _ -> "postgres";
      case KafkaConnection _ -> "kafka";
      case RegistryConnection _ -> "confluent-schema-registry";
    };
  }
}
