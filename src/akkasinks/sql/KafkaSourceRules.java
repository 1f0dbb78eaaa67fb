package akkasinks.sql;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Command;
import akkasinks.command.Command.ColumnDeclaration;
import akkasinks.command.Command.CreateKafkaSource;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Include;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CREATE SOURCE … FROM KAFKA, from the columns on. */
final class KafkaSourceRules {
  private static final String COLUMN = "a column's name";

  private final Tokens tokens;
  private final Name name;
  private final boolean ifNotExists;
  private final List<ColumnDeclaration> columns = new ArrayList<>();
  private List<Name> primaryKey = List.of();
  private Optional<FormatChoice> keyFormat = Optional.empty();
  private Optional<FormatChoice> format = Optional.empty();
  private List<Include> include = List.of();
  private Optional<Name> envelope = Optional.empty();
  private List<Option> with = List.of();

  KafkaSourceRules(Tokens tokens, Name name, boolean ifNotExists) {
    this.tokens = tokens;
    this.name = name;
    this.ifNotExists = ifNotExists;
  }

  Command source() {
    if (tokens.peek().is("(")) {
      tokens.list(this::declaration);
    }
    tokens.expect("FROM", "KAFKA", "CONNECTION");
    Name connection = tokens.name("the connection's name");
    List<Option> options = tokens.peek().is("(") ? OptionRules.list(tokens) : List.of();
    clauses();
    return new CreateKafkaSource(
        name,
        ifNotExists,
        columns,
        primaryKey,
        connection,
        options,
        keyFormat,
        format,
        include,
        envelope,
        with);
  }

  /** A column, or the primary key. */
  private boolean declaration() {
    Token first = tokens.peek();
    if (tokens.accept("PRIMARY", "KEY")) {
      once(primaryKey.isEmpty(), first);
      primaryKey = tokens.list(() -> tokens.name(COLUMN));
      tokens.expect("NOT", "ENFORCED");
      return true;
    }
    Name column = tokens.name(COLUMN);
    Name type = type();
    boolean notNull = tokens.accept("NOT", "NULL");
    if (!notNull) {
      tokens.accept("NULL");
    }
    return columns.add(new ColumnDeclaration(column, type, notNull));
  }

  /** {@code double precision} is one, too. */
  private Name type() {
    Name first = tokens.name("a column's type");
    StringBuilder type = new StringBuilder(first.text());
    while (tokens.peek().isName()
        && !tokens.peek().isWord("NOT")
        && !tokens.peek().isWord("NULL")) {
      type.append(' ').append(tokens.next().text());
    }
    if (tokens.peek().is("(")) {
      throw Tokens.notSupported(
          "a type's modifier in a source's columns is not yet supported", tokens.peek().position());
    }
    return new Name(type.toString(), first.position());
  }

  private void clauses() {
    while (!tokens.peek().endsStatement()) {
      Token clause = tokens.peek();
      if (tokens.accept("KEY")) {
        once(keyFormat.isEmpty(), clause);
        tokens.expect("FORMAT");
        keyFormat = Optional.of(format());
      } else if (tokens.accept("VALUE", "FORMAT") || tokens.accept("FORMAT")) {
        once(format.isEmpty(), clause);
        format = Optional.of(format());
      } else if (tokens.accept("INCLUDE")) {
        once(include.isEmpty(), clause);
        include = includes();
      } else if (tokens.accept("ENVELOPE")) {
        once(envelope.isEmpty(), clause);
        envelope = Optional.of(tokens.name(Tokens.oneOf("NONE", "UPSERT", "DEBEZIUM")));
      } else if (tokens.accept("WITH")) {
        once(with.isEmpty(), clause);
        with = OptionRules.list(tokens);
      } else {
        throw tokens.expected("KEY FORMAT, FORMAT, INCLUDE, ENVELOPE, WITH or end of statement");
      }
    }
  }

  private List<Include> includes() {
    List<Include> parts = new ArrayList<>();
    do {
      Name part = tokens.name(Tokens.oneOf("KEY", "PARTITION", "OFFSET", "TIMESTAMP", "HEADERS"));
      parts.add(
          new Include(
              part, tokens.accept("AS") ? Optional.of(tokens.name(COLUMN)) : Optional.empty()));
    } while (tokens.acceptSymbol(","));
    return parts;
  }

  private FormatChoice format() {
    Name kind = tokens.name(Tokens.oneOf("JSON", "AVRO", "PROTOBUF", "TEXT", "BYTES", "CSV"));
    Optional<Name> registry = Optional.empty();
    List<Option> options = new ArrayList<>();
    if (kind.text().equals("protobuf") && tokens.peek().isWord("MESSAGE")) {
      message(options);
    } else if (tokens.accept("USING")) {
      tokens.expect("CONFLUENT", "SCHEMA", "REGISTRY", "CONNECTION");
      registry = Optional.of(tokens.name("the registry connection's name"));
    }
    if (tokens.peek().is("(")) {
      options.addAll(OptionRules.list(tokens));
    } else if (kind.text().equals("csv")) {
      csv(options);
    }
    return new FormatChoice(kind, registry, options);
  }

  /** {@code MESSAGE 'shop.Order' USING SCHEMA '…'}, as Materialize has it. */
  private void message(List<Option> options) {
    options.add(text(tokens.next(), "MESSAGE", "the message's name as a string"));
    Token using = tokens.peek();
    tokens.expect("USING", "SCHEMA");
    options.add(text(using, "SCHEMA", "the schema as a string"));
  }

  private Option text(Token at, String option, String what) {
    return new Option(option, new Literal(tokens.string(what), true), at.position());
  }

  /** {@code WITH 3 COLUMNS DELIMITED BY ';'}, as Materialize has it. */
  private void csv(List<Option> options) {
    Token first = tokens.peek();
    if (first.isWord("WITH") && !tokens.peek(1).is("(")) {
      tokens.next();
      Token number = tokens.peek();
      if (number.kind() != Token.Kind.NUMBER) {
        throw tokens.expected("a number of COLUMNS");
      }
      tokens.next();
      tokens.expect("COLUMNS");
      options.add(new Option("COLUMNS", new Literal(number.text(), false), number.position()));
    }
    Token delimited = tokens.peek();
    if (tokens.accept("DELIMITED", "BY")) {
      options.add(
          new Option(
              "DELIMITER",
              new Literal(tokens.string("the delimiter as a string"), true),
              delimited.position()));
    }
  }

  private static void once(boolean first, Token clause) {
    if (!first) {
      throw Failure.of(Code.SYNTAX_ERROR, clause.upper() + " specified more than once")
          .at(clause.position())
          .exception();
    }
  }
}
