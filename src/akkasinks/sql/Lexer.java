package akkasinks.sql;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.sql.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Cuts a text into tokens by PostgreSQL's lexical rules (manual, 4.1): names folded to lower case
 * unless quoted, {@code '…'}, {@code E'…'}, {@code $tag$…$tag$}, nested comments.
 */
final class Lexer {
  private static final int NAME_LIMIT = 255;
  private static final String SYMBOLS = "(),.=[]-+*/%<>";
  private static final List<String> PAIRS = List.of("=>", "<=", ">=", "<>", "!=", "||", "::");

  /** What queries have beyond that. */
  private static final String OPERATORS = "*+/<>%|!:";

  private static final Set<String> LONG_OPERATORS = Set.of("<=", ">=", "<>", "!=", "||", "::");

  private final String sql;
  private final Parameters parameters;
  private boolean query;
  private int at;
  private int counted;
  private int characters;

  Lexer(String sql, Parameters parameters) {
    this.sql = sql;
    this.parameters = parameters;
  }

  /** Whether a query's operators are tokens, too. */
  void query(boolean on) {
    query = on;
  }

  String text(int from, int to) {
    return sql.substring(from, to);
  }

  Token next() {
    skipBlanks();
    int start = at;
    if (start == sql.length()) {
      return token(Kind.END, "", start);
    }
    char c = sql.charAt(start);
    if (c == ';') {
      at++;
      return token(Kind.SEMICOLON, ";", start);
    }
    if (c == '\'') {
      return token(Kind.STRING, quoted('\'', "string"), start);
    }
    if (c == '"') {
      return token(Kind.QUOTED, name(quoted('"', "quoted name"), start), start);
    }
    if ((c == 'e' || c == 'E') && peek(1) == '\'') {
      at++;
      return token(Kind.STRING, escaped(start), start);
    }
    if (c == '$' && isDigit(peek(1))) {
      return parameter(start);
    }
    if (c == '$') {
      return token(Kind.STRING, dollarQuoted(), start);
    }
    if (isNameStart(c)) {
      return word(start);
    }
    if (isDigit(c)) {
      return number(start);
    }
    for (String pair : PAIRS) {
      if (sql.startsWith(pair, start)) {
        at += 2;
        return token(Kind.SYMBOL, pair, start);
      }
    }
    if (SYMBOLS.indexOf(c) >= 0) {
      at++;
      return token(Kind.SYMBOL, String.valueOf(c), start);
    }
    if (query && OPERATORS.indexOf(c) >= 0) {
      boolean two = at + 2 <= sql.length() && LONG_OPERATORS.contains(sql.substring(at, at + 2));
      at += two ? 2 : 1;
      return token(Kind.SYMBOL, sql.substring(start, at), start);
    }
    throw failure("unexpected character " + shown(sql.codePointAt(start)), start);
  }

  /** A value given beside the text stands where a literal could. */
  private Token parameter(int start) {
    at++;
    digits();
    String number = sql.substring(start + 1, at);
    Parameters.Value value =
        parameters
            .value(number)
            .orElseThrow(
                () ->
                    Failure.of(Code.UNDEFINED_PARAMETER, "there is no parameter $" + number)
                        .at(position(start))
                        .exception());
    if (!query && parameters.areToCome()) {
      return token(Kind.STRING, "", start);
    }
    if (!query && value.text().isEmpty()) {
      throw Failure.of(Code.INVALID_PARAMETER, "parameter $" + number + " must not be NULL")
          .at(position(start))
          .exception();
    }
    return token(value.kind(), value.text().orElse("null"), start);
  }

  private Token word(int start) {
    while (at < sql.length() && (isNameStart(sql.charAt(at)) || isDigit(sql.charAt(at)))) {
      at++;
    }
    return token(Kind.WORD, name(sql.substring(start, at).toLowerCase(Locale.ROOT), start), start);
  }

  private Token number(int start) {
    digits();
    if (peek(0) == '.' && isDigit(peek(1))) {
      at++;
      digits();
    }
    if (at < sql.length() && isNameStart(sql.charAt(at))) {
      throw failure("trailing characters after a number", start);
    }
    return token(Kind.NUMBER, sql.substring(start, at), start);
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  private void skipBlanks() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\uFEFF') {
        at++;
      } else if (c == '-' && peek(1) == '-') {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (c == '/' && peek(1) == '*') {
        comment();
      } else {
        return;
      }
    }
  }

  private void comment() {
    int start = at;
    int depth = 0;
    do {
      if (at >= sql.length()) {
        throw failure("unterminated comment", start);
      }
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0);
  }

  /** The text between two quotes; a doubled quote stands for one. */
  private String quoted(char quote, String what) {
    int start = at++;
    StringBuilder text = new StringBuilder();
    while (true) {
      int end = sql.indexOf(quote, at);
      if (end < 0) {
        throw failure("unterminated " + what, start);
      }
      text.append(sql, at, end);
      at = end + 1;
      if (peek(0) != quote) {
        return text.toString();
      }
      text.append(quote);
      at++;
    }
  }

  private String escaped(int start) {
    at++;
    StringBuilder text = new StringBuilder();
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\'') {
        if (peek(0) != '\'') {
          return text.toString();
        }
        at++;
        text.append(c);
      } else if (c == '\\' && at < sql.length()) {
        text.append(
            switch (sql.charAt(at++)) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case 'b' -> '\b';
              case 'f' -> '\f';
              case '\\' -> '\\';
              case '\'' -> '\'';
              default -> throw failure("unknown escape in a string", at - 2);
            });
      } else {
        text.append(c);
      }
    }
    throw failure("unterminated string", start);
  }

  private String dollarQuoted() {
    int start = at++;
    while (isNameStart(peek(0)) || isDigit(peek(0))) {
      at++;
    }
    if (peek(0) != '$') {
      throw failure("unexpected character \"$\"", start);
    }
    String tag = sql.substring(start, ++at);
    int end = sql.indexOf(tag, at);
    if (end < 0) {
      throw failure("unterminated string", start);
    }
    String text = sql.substring(at, end);
    at = end + tag.length();
    return text;
  }

  private String name(String text, int start) {
    if (text.isEmpty()) {
      throw failure("a quoted name must not be empty", start);
    }
    if (text.length() > NAME_LIMIT) {
      throw Failure.of(Code.LIMIT, "a name is longer than " + NAME_LIMIT + " characters")
          .at(position(start))
          .exception();
    }
    return text;
  }

  private Token token(Kind kind, String text, int start) {
    return new Token(kind, text, start, at, position(start));
  }

  private FailureException failure(String message, int offset) {
    return Failure.of(Code.SYNTAX_ERROR, message).at(position(offset)).exception();
  }

  /** Counts on from the last answer: the whole text is counted once, however many tokens it has. */
  private int position(int offset) {
    if (offset < counted) {
      return sql.codePointCount(0, offset) + 1;
    }
    characters += sql.codePointCount(counted, offset);
    counted = offset;
    return characters + 1;
  }

  private char peek(int ahead) {
    return at + ahead < sql.length() ? sql.charAt(at + ahead) : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || Character.isSurrogate(c)
        || (c >= 0x80 && Character.isLetter(c));
  }

  static String shown(int codePoint) {
    return Character.isISOControl(codePoint) || codePoint > 0x7e
        ? String.format(Locale.ROOT, "U+%04X", codePoint)
        : "\"" + Character.toString(codePoint) + "\"";
  }
}
