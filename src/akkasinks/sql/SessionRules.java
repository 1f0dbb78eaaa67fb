package akkasinks.sql;

import akkasinks.command.Command.Name;
import akkasinks.sql.Statement.Step;
import akkasinks.sql.Statement.Transaction;
import akkasinks.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** SET, RESET, SHOW of a setting, BEGIN, COMMIT, ROLLBACK, DISCARD and what drivers say besides. */
final class SessionRules {
  private static final String SETTING = "a setting's name";

  private SessionRules() {}

  /** Empty if the next statement is none of a session's own; then no token is taken. */
  static Optional<Statement> statement(Tokens tokens) {
    Token first = tokens.peek();
    if (first.kind() != Kind.WORD) {
      return Optional.empty();
    }
    return switch (first.upper()) {
      case "SET" -> taken(tokens, SessionRules::set);
      case "RESET" -> taken(tokens, SessionRules::reset);
      case "SHOW" -> show(tokens);
      case "BEGIN" -> taken(tokens, t -> begin(t, "BEGIN"));
      case "START" ->
          taken(
              tokens,
              t -> {
                t.expect("TRANSACTION");
                return modes(t, new Transaction(Step.BEGIN, "START TRANSACTION"));
              });
      case "COMMIT", "END" -> taken(tokens, t -> end(t, new Transaction(Step.COMMIT, "COMMIT")));
      case "ROLLBACK", "ABORT" ->
          taken(tokens, t -> end(t, new Transaction(Step.ROLLBACK, "ROLLBACK")));
      case "DISCARD" -> taken(tokens, SessionRules::discard);
      case "DEALLOCATE" -> taken(tokens, SessionRules::deallocate);
      case "CLOSE" ->
          taken(
              tokens,
              t -> {
                t.expect("ALL");
                return new Statement.Idle("CLOSE CURSOR ALL");
              });
      case "UNLISTEN" -> {
        // Of any channel, or of *: there are none.
        tokens.query();
        yield Optional.of(new Statement.Idle("UNLISTEN"));
      }
      default -> Optional.empty();
    };
  }

  private interface Rule {
    Statement read(Tokens tokens);
  }

  private static Optional<Statement> taken(Tokens tokens, Rule rule) {
    tokens.next();
    return Optional.of(rule.read(tokens));
  }

  private static Statement set(Tokens tokens) {
    if (tokens.accept("SESSION", "CHARACTERISTICS")) {
      tokens.expect("AS", "TRANSACTION");
      return modes(tokens, new Statement.Idle("SET"));
    }
    if (tokens.accept("TRANSACTION")) {
      return modes(tokens, new Statement.Idle("SET"));
    }
    if (!tokens.accept("LOCAL")) {
      tokens.accept("SESSION");
    }
    if (tokens.peek().isWord("TIME") && tokens.peek(1).isWord("ZONE")) {
      int position = tokens.next().position();
      tokens.next();
      return new Statement.Assign(new Name("timezone", position), values(tokens, "LOCAL"));
    }
    if (tokens.peek().isWord("NAMES")) {
      int position = tokens.next().position();
      return new Statement.Assign(new Name("client_encoding", position), values(tokens, "DEFAULT"));
    }
    if (tokens.peek().isWord("AUTHORIZATION")) {
      int position = tokens.next().position();
      return new Statement.Assign(
          new Name("session_authorization", position), values(tokens, "DEFAULT"));
    }
    Name name = tokens.name(SETTING);
    if (!tokens.accept("TO") && !tokens.acceptSymbol("=")) {
      throw tokens.expected(Tokens.oneOf("TO", "\"=\""));
    }
    return new Statement.Assign(name, values(tokens, "DEFAULT"));
  }

  private static List<String> values(Tokens tokens, String none) {
    if (tokens.accept(none) || tokens.accept("DEFAULT")) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    do {
      values.add(value(tokens));
    } while (tokens.acceptSymbol(","));
    return values;
  }

  private static String value(Tokens tokens) {
    boolean negative = tokens.acceptSymbol("-");
    Token token = tokens.peek();
    boolean number = token.kind() == Kind.NUMBER;
    if (number || (!negative && (token.kind() == Kind.STRING || token.isName()))) {
      tokens.next();
      return (negative ? "-" : "") + token.text();
    }
    throw tokens.expected(negative ? "a number" : "a value");
  }

  private static Statement reset(Tokens tokens) {
    return tokens.accept("ALL")
        ? new Statement.Reset(Optional.empty())
        : new Statement.Reset(Optional.of(setting(tokens)));
  }

  private static Name setting(Tokens tokens) {
    int position = tokens.peek().position();
    if (tokens.accept("TIME", "ZONE")) {
      return new Name("timezone", position);
    }
    if (tokens.accept("SESSION", "AUTHORIZATION")) {
      return new Name("session_authorization", position);
    }
    if (tokens.accept("TRANSACTION", "ISOLATION")) {
      tokens.expect("LEVEL");
      return new Name("transaction_isolation", position);
    }
    return tokens.name(SETTING);
  }

  /** What is no setting may be a SHOW of the catalog. */
  private static Optional<Statement> show(Tokens tokens) {
    Token what = tokens.peek(1);
    if (what.isWord("ALL")) {
      tokens.next();
      tokens.next();
      return Optional.of(new Statement.ShowSetting(Optional.empty()));
    }
    boolean phrase = what.isWord("TIME") || what.isWord("SESSION") || what.isWord("TRANSACTION");
    if (!phrase && (!what.isName() || Setting.named(what.text()).isEmpty())) {
      return Optional.empty();
    }
    tokens.next();
    return Optional.of(new Statement.ShowSetting(Optional.of(setting(tokens))));
  }

  private static Statement begin(Tokens tokens, String tag) {
    if (!tokens.accept("TRANSACTION")) {
      tokens.accept("WORK");
    }
    return modes(tokens, new Transaction(Step.BEGIN, tag));
  }

  /** Isolation levels and their like: each is kept, for every statement here is one of its own. */
  private static Statement modes(Tokens tokens, Statement statement) {
    while (!tokens.peek().endsStatement()) {
      if (tokens.acceptSymbol(",")) {
        continue;
      }
      if (!MODES.contains(tokens.peek().upper())) {
        throw tokens.expected("a transaction mode");
      }
      tokens.next();
    }
    return statement;
  }

  private static final List<String> MODES =
      List.of(
          "ISOLATION",
          "LEVEL",
          "SERIALIZABLE",
          "REPEATABLE",
          "READ",
          "COMMITTED",
          "UNCOMMITTED",
          "WRITE",
          "ONLY",
          "NOT",
          "DEFERRABLE");

  private static Statement end(Tokens tokens, Transaction transaction) {
    if (!tokens.accept("TRANSACTION")) {
      tokens.accept("WORK");
    }
    if (tokens.accept("AND")) {
      tokens.expect("NO", "CHAIN");
    }
    if (tokens.peek().isWord("TO") || tokens.peek().isWord("PREPARED")) {
      throw Tokens.notSupported(
          transaction.tag()
              + " "
              + tokens.peek().text().toUpperCase(Locale.ROOT)
              + " is not supported",
          tokens.peek().position());
    }
    return transaction;
  }

  private static Statement discard(Tokens tokens) {
    if (tokens.accept("ALL")) {
      return new Statement.DiscardAll();
    }
    for (String what : List.of("PLANS", "SEQUENCES", "TEMP", "TEMPORARY")) {
      if (tokens.accept(what)) {
        return new Statement.Idle("DISCARD " + what);
      }
    }
    throw tokens.expected(Tokens.oneOf("ALL", "PLANS", "SEQUENCES", "TEMP"));
  }

  private static Statement deallocate(Tokens tokens) {
    tokens.accept("PREPARE");
    return tokens.accept("ALL")
        ? new Statement.Deallocate(Optional.empty())
        : new Statement.Deallocate(Optional.of(tokens.name("a prepared statement's name")));
  }
}
