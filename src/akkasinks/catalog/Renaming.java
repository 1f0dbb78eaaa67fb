package akkasinks.catalog;

import akkasinks.command.Command;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.CreateKafkaSource;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.CreateSource;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.command.Command.OptionValue.SecretName;
import akkasinks.sql.Printer;
import akkasinks.sql.Statements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Statements refer by name: a new name is written into all that speak of it. */
final class Renaming {
  private Renaming() {}

  /** By id, the new statement of the definition and of those that refer to it themselves. */
  static Map<String, String> statements(CatalogState state, Definition definition, String newName) {
    UnaryOperator<String> rename = n -> n.equals(definition.name()) ? newName : n;
    List<Definition> concerned = new ArrayList<>(state.dependents(definition.id()));
    if (!(definition instanceof Definition.Secret)) {
      concerned.add(definition);
    }
    Map<String, String> statements = new LinkedHashMap<>();
    for (Definition each : concerned) {
      statements.put(each.id(), rewrite(each.createSql(), rename));
    }
    return statements;
  }

  private static String rewrite(String createSql, UnaryOperator<String> rename) {
    Command command = Statements.parse(createSql).getFirst().command();
    return switch (command) {
      case CreateConnection c ->
          Printer.print(
              new CreateConnection(
                  renamed(c.name(), rename),
                  c.ifNotExists(),
                  c.kind(),
                  options(c.options(), rename),
                  c.with()));
      case CreateSource c ->
          Printer.print(
              new CreateSource(
                  renamed(c.name(), rename),
                  c.ifNotExists(),
                  renamed(c.connection(), rename),
                  c.options(),
                  c.tables()));
      case CreateKafkaSource c ->
          Printer.print(
              new CreateKafkaSource(
                  renamed(c.name(), rename),
                  c.ifNotExists(),
                  c.columns(),
                  c.primaryKey(),
                  renamed(c.connection(), rename),
                  c.options(),
                  c.keyFormat().map(f -> renamed(f, rename)),
                  c.format().map(f -> renamed(f, rename)),
                  c.include(),
                  c.envelope(),
                  c.with()));
      case CreateSink c -> Printer.print(sink(c, rename));
      default -> throw new IllegalStateException("not a definition: " + createSql);
    };
  }

  /** A canonical FROM begins with the source; schema and table behind it are not ours to rename. */
  private static CreateSink sink(CreateSink c, UnaryOperator<String> rename) {
    List<Name> from = new ArrayList<>(c.from());
    from.set(0, renamed(from.getFirst(), rename));
    return new CreateSink(
        renamed(c.name(), rename),
        c.ifNotExists(),
        from,
        renamed(c.connection(), rename),
        c.connectionOptions(),
        c.key(),
        c.notEnforced(),
        c.format().map(f -> renamed(f, rename)),
        c.envelope(),
        c.with(),
        c.cluster(),
        c.headers(),
        c.columns(),
        c.keyFormat(),
        c.envelopeOptions(),
        c.wholeSource());
  }

  private static FormatChoice renamed(FormatChoice format, UnaryOperator<String> rename) {
    return new FormatChoice(
        format.name(), format.registry().map(r -> renamed(r, rename)), format.options());
  }

  private static Name renamed(Name name, UnaryOperator<String> rename) {
    return Name.of(rename.apply(name.text()));
  }

  private static List<Option> options(List<Option> options, UnaryOperator<String> rename) {
    return options.stream()
        .map(
            o ->
                switch (o.value()) {
                  case SecretName(String secret) ->
                      new Option(o.name(), new SecretName(rename.apply(secret)), o.position());
                  case Literal(String text, boolean quoted) when o.name().equals("SSH TUNNEL") ->
                      new Option(o.name(), new Literal(rename.apply(text), quoted), o.position());
                  case OptionValue _ -> o;
                })
        .toList();
  }
}
