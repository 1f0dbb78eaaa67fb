package akkasinks.sql;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Word;
import akkasinks.command.Command.WordKind;
import akkasinks.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The tokens of a text with two of look-ahead, and what every rule of the grammar needs. */
final class Tokens {
  /** Not usable as names unless quoted: without them a forgotten name would be found too late. */
  static final Set<String> RESERVED = Set.of("as", "for", "from", "into", "to", "with");

  private final Lexer lexer;
  private final List<Token> ahead = new ArrayList<>(2);
  private int end;
  private boolean discreet;

  Tokens(String sql, Parameters parameters) {
    lexer = new Lexer(sql, parameters);
  }

  /** All words up to the end of the statement; only the first may have been looked at. */
  List<Word> query() {
    if (ahead.size() > 1) {
      throw new IllegalStateException("words of a query were read as those of another statement");
    }
    lexer.query(true);
    List<Word> words = new ArrayList<>();
    while (!peek().endsStatement()) {
      Token token = next();
      words.add(new Word(kind(token), token.text(), token.position()));
    }
    lexer.query(false);
    return words;
  }

  private static WordKind kind(Token token) {
    return switch (token.kind()) {
      case WORD -> WordKind.NAME;
      case QUOTED -> WordKind.QUOTED;
      case STRING -> WordKind.STRING;
      case NUMBER -> WordKind.NUMBER;
      case SYMBOL, SEMICOLON, END -> WordKind.SYMBOL;
    };
  }

  Token peek() {
    return peek(0);
  }

  Token peek(int n) {
    while (ahead.size() <= n) {
      ahead.add(lexer.next());
    }
    return ahead.get(n);
  }

  Token next() {
    Token token = peek();
    ahead.removeFirst();
    end = token.end();
    return token;
  }

  /** What was written from one offset to another. */
  String text(int from, int to) {
    return lexer.text(from, to);
  }

  /** Where the last token taken ended. */
  int end() {
    return end;
  }

  /** From now on errors of this statement do not quote it: a secret's value follows. */
  void discreet(boolean on) {
    discreet = on;
  }

  boolean accept(String keyword) {
    boolean is = peek().isWord(keyword);
    if (is) {
      next();
    }
    return is;
  }

  boolean accept(String keyword, String second) {
    boolean are = peek().isWord(keyword) && peek(1).isWord(second);
    if (are) {
      next();
      next();
    }
    return are;
  }

  boolean acceptSymbol(String symbol) {
    boolean is = peek().is(symbol);
    if (is) {
      next();
    }
    return is;
  }

  void expect(String... keywords) {
    for (String keyword : keywords) {
      if (!accept(keyword)) {
        throw expected(keyword);
      }
    }
  }

  void expectSymbol(String symbol) {
    if (!acceptSymbol(symbol)) {
      throw expected("\"" + symbol + "\"");
    }
  }

  String string(String what) {
    if (peek().kind() != Kind.STRING) {
      throw expected(what);
    }
    return next().text();
  }

  Name name(String what) {
    Token token = peek();
    if (!token.isName()) {
      throw expected(what);
    }
    if (token.kind() == Kind.WORD && RESERVED.contains(token.text())) {
      throw expected(what, "To use \"" + token.text() + "\" as a name, put it in double quotes.");
    }
    next();
    return new Name(token.text(), token.position());
  }

  /** {@code (a, b, …)}, at least one. */
  <T> List<T> list(Supplier<T> element) {
    expectSymbol("(");
    List<T> list = new ArrayList<>();
    do {
      list.add(element.get());
    } while (acceptSymbol(","));
    if (!acceptSymbol(")")) {
      throw expected("\",\" or \")\"");
    }
    return list;
  }

  boolean ifExists() {
    return accept("IF", "EXISTS");
  }

  boolean ifNotExists() {
    if (!accept("IF", "NOT")) {
      return false;
    }
    expect("EXISTS");
    return true;
  }

  FailureException expected(String what) {
    return expected(what, "");
  }

  FailureException expected(String what, String hint) {
    Token found = peek();
    String shown = discreet && !found.endsStatement() ? "something else" : found.described();
    return Failure.of(Code.SYNTAX_ERROR, "Expected " + what + ", found " + shown)
        .hint(hint)
        .at(found.position())
        .exception();
  }

  static FailureException notSupported(String what, int position) {
    return Failure.of(Code.NOT_SUPPORTED, what).at(position).exception();
  }

  static String oneOf(String... words) {
    return "one of " + String.join(" or ", words);
  }
}
