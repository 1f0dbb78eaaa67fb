package akkasinks.sql;

import java.util.Locale;

/**
 * One word of a statement.
 *
 * @param text what it means: folded for a word, without its quotes for quoted ones
 * @param start,end offsets in the text (UTF-16 units)
 * @param position of the start, in characters from 1
 */
record Token(Kind kind, String text, int start, int end, int position) {
  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SYMBOL,
    /** A semicolon. */
    SEMICOLON,
    /** The end of the text. */
    END
  }

  private static final int SHOWN = 40;

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** Whether this is the keyword, given in upper case. */
  boolean isWord(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  boolean endsStatement() {
    return kind == Kind.SEMICOLON || kind == Kind.END;
  }

  /** For "found …". A string is not shown: it may be a secret. */
  String described() {
    return switch (kind) {
      case WORD -> "\"" + shortened() + "\"";
      case QUOTED -> "the quoted name \"" + shortened() + "\"";
      case STRING -> "a string";
      case NUMBER -> "the number " + shortened();
      case SYMBOL -> "\"" + text + "\"";
      case SEMICOLON, END -> "end of statement";
    };
  }

  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }

  private String shortened() {
    return text.length() <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN / 2)) + "…";
  }
}
