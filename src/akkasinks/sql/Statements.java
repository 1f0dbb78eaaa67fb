package akkasinks.sql;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The way from text to commands. */
public final class Statements {
  /** Longest text, in characters. */
  public static final int TEXT_LIMIT = 1 << 20;

  private Statements() {}

  /**
   * All statements of a text, separated by semicolons; none if it has only blanks and comments. It
   * has no parameters.
   *
   * @throws akkasinks.base.FailureException as {@link #parse(String, Parameters)}
   */
  public static List<Parsed> parse(String sql) {
    return parse(sql, Parameters.none());
  }

  /**
   * As {@link #parse(String)}, with values for {@code $1}, {@code $2} and so on.
   *
   * @throws akkasinks.base.FailureException SYNTAX_ERROR with the position of the token that does
   *     not fit, NOT_SUPPORTED for what is understood but not built, LIMIT for a text too long
   */
  public static List<Parsed> parse(String sql, Parameters parameters) {
    if (sql.length() > TEXT_LIMIT) {
      throw Failure.of(
              Code.LIMIT,
              "the text of "
                  + sql.length()
                  + " characters is longer than the limit of "
                  + TEXT_LIMIT)
          .hint("Send the statements one by one, or in several files.")
          .exception();
    }
    refuseWhatIsNotText(sql);
    Tokens tokens = new Tokens(sql, parameters);
    List<Parsed> parsed = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.END) {
      if (tokens.peek().kind() == Token.Kind.SEMICOLON) {
        tokens.next();
        continue;
      }
      Token first = tokens.peek();
      Statement statement =
          SessionRules.statement(tokens).orElseGet(() -> new Statement.Act(statement(tokens)));
      if (!tokens.peek().endsStatement()) {
        throw tokens.expected("end of statement");
      }
      tokens.discreet(false);
      parsed.add(
          new Parsed(statement, sql.substring(first.start(), tokens.end()), first.position()));
    }
    return parsed;
  }

  private static Command statement(Tokens tokens) {
    Token first = tokens.peek();
    if (first.kind() == Token.Kind.WORD) {
      switch (first.text().toUpperCase(Locale.ROOT)) {
        case "CREATE" -> {
          tokens.next();
          return CreateRules.create(tokens);
        }
        case "ALTER" -> {
          tokens.next();
          return AlterRules.alter(tokens);
        }
        case "DROP" -> {
          tokens.next();
          return AlterRules.drop(tokens);
        }
        case "SHOW" -> {
          tokens.next();
          return ShowRules.show(tokens);
        }
        case "DESCRIBE" -> {
          tokens.next();
          tokens.expect("SINK");
          return new Command.DescribeSink(tokens.name("the sink's name"));
        }
        case "EXPLAIN" -> {
          tokens.next();
          return ExplainRules.explain(tokens);
        }
        case "VERIFY" -> {
          tokens.next();
          tokens.expect("SINK");
          return new Command.VerifySink(tokens.name("the sink's name"));
        }
        case "COMMENT" -> {
          tokens.next();
          return CommentRules.comment(tokens);
        }
        case "GRANT" -> {
          tokens.next();
          return RoleRules.grant(tokens);
        }
        case "REVOKE" -> {
          tokens.next();
          return RoleRules.revoke(tokens);
        }
        case "VALIDATE" -> {
          tokens.next();
          tokens.expect("CONNECTION");
          return new Command.ValidateConnection(tokens.name("the connection's name"));
        }
        case "SELECT", "WITH", "VALUES", "TABLE" -> {
          return new Command.Select(tokens.query());
        }
        default -> {}
      }
    }
    throw tokens.expected("a statement", HINT);
  }

  private static final String HINT =
      "Statements begin with CREATE, ALTER, DROP, GRANT, REVOKE, COMMENT, SHOW, DESCRIBE,"
          + " EXPLAIN, VALIDATE, VERIFY or SELECT.";

  /** NUL and halves of characters cannot be stored or sent on; they mean binary data. */
  private static void refuseWhatIsNotText(String sql) {
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < sql.length()
              && Character.isLowSurrogate(sql.charAt(i + 1));
      if (c == 0 || (Character.isSurrogate(c) && !pair)) {
        throw Failure.of(
                Code.SYNTAX_ERROR, "the text holds " + Lexer.shown(c) + ", which is no character")
            .hint("Statements are text in UTF-8; this looks like binary data.")
            .at(sql.codePointCount(0, i) + 1)
            .exception();
      }
      if (pair) {
        i++;
      }
    }
  }
}
