package akkasinks.sql;

import akkasinks.command.Command.ColumnDeclaration;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.CreateKafkaSource;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.CreateSource;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import akkasinks.command.Command.OptionValue.Documentation;
import akkasinks.command.Command.OptionValue.Entries;
import akkasinks.command.Command.OptionValue.Formula;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.command.Command.OptionValue.Many;
import akkasinks.command.Command.OptionValue.None;
import akkasinks.command.Command.OptionValue.SecretName;
import akkasinks.command.Command.TableChoice;
import akkasinks.command.Command.TableRef;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Commands as canonical statements, for SHOW CREATE: one form of each clause, names quoted only
 * where they must be, only the options that were given. Parsing what is printed gives the command
 * again.
 */
public final class Printer {
  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final Pattern PLAIN_OPTION =
      Pattern.compile("[A-Z_][A-Z0-9_]*( [A-Z_][A-Z0-9_]*)*|PUBLIC KEY [12]");
  private static final Pattern BARE =
      Pattern.compile("-?[0-9]+(\\.[0-9]+)?|[a-z_][a-z0-9_]*( [a-z_][a-z0-9_]*)*");

  private Printer() {}

  public static String print(CreateConnection c) {
    return create("CONNECTION", c.ifNotExists(), c.name())
        + " TO "
        + c.kind().text().toUpperCase(Locale.ROOT)
        + " "
        + options(c.options())
        + (c.with().isEmpty() ? "" : " WITH " + options(c.with()));
  }

  public static String print(CreateSource c) {
    return create("SOURCE", c.ifNotExists(), c.name())
        + " FROM POSTGRES CONNECTION "
        + name(c.connection().text())
        + (c.options().isEmpty() ? "" : " " + options(c.options()))
        + switch (c.tables()) {
          case TableChoice.AllTables() -> " FOR ALL TABLES";
          case TableChoice.InSchemas(List<Name> schemas) -> " FOR SCHEMAS " + names(schemas);
          case TableChoice.These(List<TableRef> tables) ->
              " FOR TABLES "
                  + tables.stream().map(Printer::table).collect(Collectors.joining(", ", "(", ")"));
        };
  }

  public static String print(CreateKafkaSource c) {
    StringBuilder sql = new StringBuilder(create("SOURCE", c.ifNotExists(), c.name()));
    if (!c.columns().isEmpty()) {
      Stream<String> key =
          c.primaryKey().isEmpty()
              ? Stream.of()
              : Stream.of("PRIMARY KEY " + names(c.primaryKey()) + " NOT ENFORCED");
      sql.append(
          Stream.concat(c.columns().stream().map(Printer::column), key)
              .collect(Collectors.joining(", ", " (", ")")));
    }
    sql.append(" FROM KAFKA CONNECTION ").append(name(c.connection().text()));
    if (!c.options().isEmpty()) {
      sql.append(' ').append(options(c.options()));
    }
    c.keyFormat().ifPresent(f -> sql.append(" KEY FORMAT ").append(format(f)));
    c.format()
        .ifPresent(
            f ->
                sql.append(c.keyFormat().isPresent() ? " VALUE FORMAT " : " FORMAT ")
                    .append(format(f)));
    if (!c.include().isEmpty()) {
      sql.append(
          c.include().stream()
              .map(i -> keywordOrName(i.part().text()) + as(i.as().map(Name::text)))
              .collect(Collectors.joining(", ", " INCLUDE ", "")));
    }
    c.envelope().ifPresent(e -> sql.append(" ENVELOPE ").append(keywordOrName(e.text())));
    if (!c.with().isEmpty()) {
      sql.append(" WITH ").append(options(c.with()));
    }
    return sql.toString();
  }

  private static String column(ColumnDeclaration column) {
    return name(column.name().text())
        + " "
        + column.type().text()
        + (column.notNull() ? " NOT NULL" : "");
  }

  private static String format(FormatChoice format) {
    return keywordOrName(format.name().text())
        + format.registry().map(Printer::using).orElse("")
        + (format.options().isEmpty() ? "" : " " + options(format.options()));
  }

  private static String as(Optional<String> alias) {
    return alias.map(a -> " AS " + name(a)).orElse("");
  }

  public static String print(CreateSink c) {
    StringBuilder sql = new StringBuilder(create("SINK", c.ifNotExists(), c.name()));
    c.cluster().ifPresent(cluster -> sql.append(" IN CLUSTER ").append(name(cluster.text())));
    sql.append(c.wholeSource() ? " FROM SOURCE " : " FROM ")
        .append(c.from().stream().map(n -> name(n.text())).collect(Collectors.joining(".")))
        .append(" INTO KAFKA CONNECTION ")
        .append(name(c.connection().text()));
    if (!c.connectionOptions().isEmpty()) {
      sql.append(' ').append(options(c.connectionOptions()));
    }
    if (!c.key().isEmpty()) {
      sql.append(" KEY ").append(names(c.key())).append(c.notEnforced() ? " NOT ENFORCED" : "");
    }
    c.headers().ifPresent(column -> sql.append(" HEADERS ").append(name(column.text())));
    c.columns()
        .ifPresent(
            columns ->
                sql.append(columns.omit() ? " OMIT COLUMNS " : " INCLUDE COLUMNS ")
                    .append(names(columns.names())));
    c.keyFormat().ifPresent(f -> sql.append(" KEY FORMAT ").append(format(f)).append(" VALUE"));
    c.format().ifPresent(f -> sql.append(" FORMAT ").append(format(f)));
    c.envelope().ifPresent(e -> sql.append(" ENVELOPE ").append(keywordOrName(e.text())));
    if (!c.envelopeOptions().isEmpty()) {
      sql.append(' ').append(options(c.envelopeOptions()));
    }
    if (!c.with().isEmpty()) {
      sql.append(" WITH ").append(options(c.with()));
    }
    return sql.toString();
  }

  private static String using(Name registry) {
    return " USING CONFLUENT SCHEMA REGISTRY CONNECTION " + name(registry.text());
  }

  /** A name as it must be written to be read as this name. */
  public static String name(String name) {
    return PLAIN_NAME.matcher(name).matches() && !Tokens.RESERVED.contains(name)
        ? name
        : "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A string literal. */
  public static String string(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String create(String kind, boolean ifNotExists, Name name) {
    return "CREATE " + kind + (ifNotExists ? " IF NOT EXISTS " : " ") + name(name.text());
  }

  private static String table(TableRef t) {
    return t.schema().map(s -> name(s) + ".").orElse("") + name(t.name()) + as(t.alias());
  }

  static String names(List<Name> names) {
    return names.stream().map(n -> name(n.text())).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String keywordOrName(String text) {
    return PLAIN_NAME.matcher(text).matches() && !Tokens.RESERVED.contains(text)
        ? text.toUpperCase(Locale.ROOT)
        : name(text);
  }

  static String options(List<Option> options) {
    return options.stream().map(Printer::option).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String option(Option option) {
    String name =
        PLAIN_OPTION.matcher(option.name()).matches()
            ? option.name()
            : "\"" + option.name().replace("\"", "\"\"") + "\"";
    return switch (option.value()) {
      case None() -> name;
      case Documentation(var object, var _) ->
          name
              + " "
              + object.stream().map(Printer::name).collect(Collectors.joining("."))
              + " = "
              + value(option.value());
      case OptionValue value -> name + " = " + value(value);
    };
  }

  private static String value(OptionValue value) {
    return switch (value) {
      case Literal(String text, boolean quoted) ->
          quoted || !BARE.matcher(text).matches() ? string(text) : bare(text);
      case SecretName(String name) -> "SECRET " + name(name);
      case Many(List<OptionValue> values) ->
          values.stream().map(Printer::value).collect(Collectors.joining(", ", "(", ")"));
      case Entries(var entries) ->
          entries.entrySet().stream()
              .map(e -> string(e.getKey()) + " => " + string(e.getValue()))
              .collect(Collectors.joining(", ", "MAP[", "]"));
      case Documentation(var _, String text) -> string(text);
      case Formula(String text, int _) -> text;
      case None() -> "";
    };
  }

  private static String bare(String text) {
    return text.equals("true") || text.equals("false") ? text.toUpperCase(Locale.ROOT) : text;
  }
}
