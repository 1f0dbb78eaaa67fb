package akkasinks.catalog;

import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.Sink;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.sql.Printer;
import akkasinks.sql.Statements;
import java.util.List;
import java.util.Set;

/**
 * Definitions as they can be sent to others: without who logs in, certificates, and expressions
 * over rows. Hosts, topics and tables stay, for without them nobody could help.
 */
public final class Redacted {
  private static final Literal HIDDEN = new Literal("<REDACTED>", true);

  /** Those that are hidden although their type does not say so. */
  private static final Set<String> NAMES = Set.of("USER", "PARTITION BY", "client.id");

  private Redacted() {}

  /** The statement of SHOW REDACTED CREATE. */
  public static String of(Definition definition) {
    return switch (definition) {
      case Connection connection
          when Statements.parse(connection.createSql()).getFirst().command()
              instanceof CreateConnection c ->
          Printer.print(
              new CreateConnection(
                  c.name(),
                  c.ifNotExists(),
                  c.kind(),
                  options(c.options(), ConnectionPlan.table(connection)),
                  c.with()));
      case Sink sink
          when Statements.parse(sink.createSql()).getFirst().command() instanceof CreateSink c ->
          Printer.print(c.withConnectionOptions(options(c.connectionOptions(), OptionTables.SINK)));
      case Definition other -> other.createSql();
    };
  }

  private static List<Option> options(List<Option> options, OptionTable table) {
    return options.stream()
        .map(o -> hides(o, table) ? new Option(o.name(), HIDDEN, o.position()) : o)
        .toList();
  }

  private static boolean hides(Option option, OptionTable table) {
    boolean secretly =
        table.find(option.name()).map(OptionSpec::type).orElse(null)
            instanceof OptionType.TextOrSecret;
    return !(option.value() instanceof OptionValue.SecretName)
        && (secretly || NAMES.contains(option.name()));
  }
}
