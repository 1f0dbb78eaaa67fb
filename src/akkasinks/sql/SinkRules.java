package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.ColumnsChoice;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CREATE SINK. Materialize fixes the order of the clauses after the connection; nothing is
 * ambiguous without that, so any order is taken and each clause at most once.
 */
final class SinkRules {
  private static final int FROM_PARTS = 3;

  private final Tokens tokens;
  private List<Name> key = List.of();
  private boolean notEnforced;
  private Optional<Name> headers = Optional.empty();
  private Optional<ColumnsChoice> columns = Optional.empty();
  private Optional<FormatChoice> keyFormat = Optional.empty();
  private Optional<FormatChoice> format = Optional.empty();
  private Optional<Name> envelope = Optional.empty();
  private List<Option> envelopeOptions = List.of();
  private List<Option> with = List.of();

  private SinkRules(Tokens tokens) {
    this.tokens = tokens;
  }

  static Command create(Tokens tokens) {
    return new SinkRules(tokens).sink(false);
  }

  /** For EXPLAIN: the sink needs no name. */
  static CreateSink explained(Tokens tokens) {
    return new SinkRules(tokens).sink(true);
  }

  private CreateSink sink(boolean nameless) {
    boolean ifNotExists = tokens.ifNotExists();
    Token first = tokens.peek();
    Name name =
        nameless && (first.isWord("FROM") || first.isWord("IN"))
            ? new Name("sink", first.position())
            : tokens.name("the sink's name");
    Optional<Name> cluster =
        tokens.accept("IN", "CLUSTER")
            ? Optional.of(tokens.name("the cluster's name"))
            : Optional.empty();
    tokens.expect("FROM");
    boolean whole = tokens.peek().isWord("SOURCE") && namesWhat(tokens.peek(1));
    if (whole) {
      tokens.next();
    }
    List<Name> from = whole ? List.of(tokens.name("the source's name")) : from(tokens);
    tokens.expect("INTO", "KAFKA", "CONNECTION");
    Name connection = tokens.name("the connection's name");
    List<Option> options = tokens.peek().is("(") ? OptionRules.list(tokens) : List.of();
    clauses();
    return new CreateSink(
        name,
        ifNotExists,
        from,
        connection,
        options,
        key,
        notEnforced,
        format,
        envelope,
        with,
        cluster,
        headers,
        columns,
        keyFormat,
        envelopeOptions,
        whole);
  }

  /** A relation may be called "source" itself. */
  private static boolean namesWhat(Token behind) {
    return !behind.isWord("INTO") && !behind.is(".") && !behind.endsStatement();
  }

  static List<Name> from(Tokens tokens) {
    List<Name> from = new ArrayList<>();
    do {
      from.add(tokens.name("what the sink is made from"));
    } while (from.size() < FROM_PARTS && tokens.acceptSymbol("."));
    return from;
  }

  private void clauses() {
    while (!tokens.peek().endsStatement()) {
      Token clause = tokens.peek();
      if (tokens.accept("KEY", "FORMAT")) {
        once(keyFormat.isEmpty() && format.isEmpty(), clause);
        keyFormat = Optional.of(format());
        tokens.expect("VALUE", "FORMAT");
        format = Optional.of(format());
      } else if (tokens.accept("KEY")) {
        once(key.isEmpty(), clause);
        key();
      } else if (tokens.accept("HEADERS")) {
        once(headers.isEmpty(), clause);
        headers = Optional.of(tokens.name("a column's name"));
      } else if (tokens.accept("OMIT", "COLUMNS") || tokens.accept("INCLUDE", "COLUMNS")) {
        once(columns.isEmpty(), clause);
        columns =
            Optional.of(
                new ColumnsChoice(
                    clause.isWord("OMIT"), tokens.list(() -> tokens.name("a column's name"))));
      } else if (tokens.accept("FORMAT")) {
        once(format.isEmpty(), clause);
        format = Optional.of(format());
      } else if (tokens.accept("ENVELOPE")) {
        once(envelope.isEmpty(), clause);
        envelope = Optional.of(tokens.name(Tokens.oneOf("UPSERT", "DEBEZIUM", "APPEND", "NONE")));
        envelopeOptions = tokens.peek().is("(") ? OptionRules.list(tokens) : List.of();
      } else if (tokens.accept("WITH")) {
        once(with.isEmpty(), clause);
        with = OptionRules.list(tokens);
      } else if (clause.isWord("MODE")) {
        throw Tokens.notSupported(
            "MODE is not supported for Kafka sinks, use ENVELOPE instead", clause.position());
      } else {
        throw tokens.expected(
            "KEY, HEADERS, OMIT COLUMNS, INCLUDE COLUMNS, FORMAT, ENVELOPE, WITH or end of"
                + " statement");
      }
    }
  }

  private void once(boolean first, Token clause) {
    if (!first) {
      throw akkasinks.base.Failure.of(
              akkasinks.base.Code.SYNTAX_ERROR, clause.upper() + " specified more than once")
          .at(clause.position())
          .exception();
    }
  }

  private void key() {
    key = tokens.list(() -> tokens.name("a column's name"));
    if (tokens.accept("NOT")) {
      tokens.expect("ENFORCED");
      notEnforced = true;
    }
  }

  private FormatChoice format() {
    Name name = tokens.name(Tokens.oneOf("JSON", "AVRO", "PROTOBUF", "TEXT", "BYTES"));
    Optional<Name> registry = Optional.empty();
    if (tokens.accept("USING")) {
      tokens.expect("CONFLUENT", "SCHEMA", "REGISTRY", "CONNECTION");
      registry = Optional.of(tokens.name("the registry connection's name"));
    }
    return new FormatChoice(
        name, registry, tokens.peek().is("(") ? OptionRules.list(tokens) : List.of());
  }
}
