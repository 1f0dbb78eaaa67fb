package akkasinks.sql;

import akkasinks.command.Command;
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
  private Optional<FormatChoice> format = Optional.empty();
  private Optional<Name> envelope = Optional.empty();
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
    if (tokens.peek().isWord("IN")) {
      throw Tokens.notSupported("IN CLUSTER not yet supported", tokens.peek().position());
    }
    tokens.expect("FROM");
    List<Name> from = from();
    tokens.expect("INTO", "KAFKA", "CONNECTION");
    Name connection = tokens.name("the connection's name");
    List<Option> options = tokens.peek().is("(") ? OptionRules.list(tokens) : List.of();
    clauses();
    return new CreateSink(
        name, ifNotExists, from, connection, options, key, notEnforced, format, envelope, with);
  }

  private List<Name> from() {
    List<Name> from = new ArrayList<>();
    do {
      from.add(tokens.name("what the sink is made from"));
    } while (from.size() < FROM_PARTS && tokens.acceptSymbol("."));
    return from;
  }

  private void clauses() {
    while (!tokens.peek().endsStatement()) {
      Token clause = tokens.peek();
      if (tokens.accept("KEY")) {
        once(key.isEmpty(), clause);
        key(clause);
      } else if (tokens.accept("FORMAT")) {
        once(format.isEmpty(), clause);
        format = Optional.of(format());
      } else if (tokens.accept("ENVELOPE")) {
        once(envelope.isEmpty(), clause);
        envelope = Optional.of(tokens.name(Tokens.oneOf("UPSERT", "DEBEZIUM")));
      } else if (tokens.accept("WITH")) {
        once(with.isEmpty(), clause);
        with = OptionRules.list(tokens);
      } else if (clause.isWord("MODE")) {
        throw Tokens.notSupported(
            "MODE is not supported for Kafka sinks, use ENVELOPE instead", clause.position());
      } else if (clause.isWord("HEADERS")) {
        throw Tokens.notSupported("HEADERS not yet supported", clause.position());
      } else {
        throw tokens.expected("KEY, FORMAT, ENVELOPE, WITH or end of statement");
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

  private void key(Token clause) {
    if (tokens.peek().isWord("FORMAT")) {
      throw Tokens.notSupported("KEY FORMAT … VALUE FORMAT not yet supported", clause.position());
    }
    key = tokens.list(() -> tokens.name("a column's name"));
    if (tokens.accept("NOT")) {
      tokens.expect("ENFORCED");
      notEnforced = true;
    }
  }

  private FormatChoice format() {
    Name name = tokens.name(Tokens.oneOf("JSON", "AVRO", "PROTOBUF"));
    Optional<Name> registry = Optional.empty();
    if (tokens.accept("USING")) {
      tokens.expect("CONFLUENT", "SCHEMA", "REGISTRY", "CONNECTION");
      registry = Optional.of(tokens.name("the registry connection's name"));
    }
    return new FormatChoice(
        name, registry, tokens.peek().is("(") ? OptionRules.list(tokens) : List.of());
  }
}
