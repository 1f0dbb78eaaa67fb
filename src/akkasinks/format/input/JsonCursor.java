package akkasinks.format.input;

import akkasinks.change.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks over JSON text as RFC 8259 has it, and takes no other. Makes nothing: a token is a place in
 * the bytes. One thread.
 */
final class JsonCursor {
  private static final int DEEPEST = 256;
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = {};
  private int at;
  private int end;

  private int from;
  private int to;
  private boolean escaped;

  void over(byte[] json, int begin, int limit) {
    bytes = json;
    at = begin;
    end = limit;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where the next token begins, after {@link #peek}. */
  int at() {
    return at;
  }

  /** Where the last token begins, without its quote. */
  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Whether the last string has escapes, so that it is not what its bytes are. */
  boolean escaped() {
    return escaped;
  }

  /** The next byte that is not white space, not taken; −1 at the end. */
  int peek() {
    while (at < end) {
      byte b = bytes[at];
      if (b > ' ' || b < 0) {
        return b;
      }
      if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
        throw bad("a control character stands between tokens");
      }
      at++;
    }
    return -1;
  }

  /** Takes {@code symbol} if it is next. */
  boolean accept(char symbol) {
    if (peek() != symbol) {
      return false;
    }
    at++;
    return true;
  }

  void expect(char symbol) {
    if (!accept(symbol)) {
      throw bad("\"" + symbol + "\" is missing");
    }
  }

  void expectEnd() {
    if (peek() != -1) {
      throw bad("something follows after its end");
    }
  }

  /** A string, which must be next. */
  void string() {
    if (peek() != '"') {
      throw bad("a string is missing");
    }
    int all = 0;
    int next = at + 1;
    escaped = false;
    while (true) {
      if (next >= end) {
        throw bad("a string does not end");
      }
      byte b = bytes[next];
      if (b == '"') {
        break;
      }
      if (b == '\\') {
        escaped = true;
        next = escape(next + 1);
      } else if (b >= 0 && b < ' ') {
        throw bad("a control character stands in a string");
      } else {
        all |= b;
        next++;
      }
    }
    from = at + 1;
    to = next;
    at = next + 1;
    if (all < 0) {
      Utf8.check(bytes, from, to);
    }
  }

  /** The place after the escape whose letter is at {@code letter}. */
  private int escape(int letter) {
    if (letter < end) {
      switch (bytes[letter]) {
        case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
          return letter + 1;
        }
        case 'u' -> {
          if (end - letter > 4) {
            unit(letter + 1);
            return letter + 5;
          }
        }
        default -> {}
      }
    }
    throw bad("an escape is none");
  }

  private int unit(int digits) {
    int unit = 0;
    for (int i = digits; i < digits + 4; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        throw bad("an escape is none");
      }
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** What the last string stands for. */
  void unescape(Buffer out) {
    int next = from;
    while (next < to) {
      int kept = next;
      while (next < to && bytes[next] != '\\') {
        next++;
      }
      out.put(bytes, kept, next - kept);
      if (next < to) {
        next = unescape(next + 1, out);
      }
    }
  }

  private int unescape(int letter, Buffer out) {
    byte b = bytes[letter];
    switch (b) {
      case 'b' -> out.put('\b');
      case 'f' -> out.put('\f');
      case 'n' -> out.put('\n');
      case 'r' -> out.put('\r');
      case 't' -> out.put('\t');
      case 'u' -> {
        int unit = unit(letter + 1);
        int next = letter + 5;
        if (Character.isHighSurrogate((char) unit)
            && to - next >= 6
            && bytes[next] == '\\'
            && bytes[next + 1] == 'u'
            && Character.isLowSurrogate((char) unit(next + 2))) {
          put(Character.toCodePoint((char) unit, (char) unit(next + 2)), out);
          return next + 6;
        }
        if (Character.isSurrogate((char) unit)) {
          throw bad("an escape is half of a character");
        }
        put(unit, out);
        return next;
      }
      default -> out.put(b);
    }
    return letter + 1;
  }

  private static void put(int codePoint, Buffer out) {
    out.put(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
  }

  /** A number, which must be next. */
  void number() {
    if (peek() == -1) {
      throw bad("a value is missing");
    }
    int stop = Numbers.end(bytes, at, end);
    if (stop < 0) {
      throw bad("a value is none");
    }
    from = at;
    to = stop;
    at = stop;
  }

  /** Takes {@code true}, {@code false} or {@code null}, whichever begins with the next byte. */
  void word() {
    byte[] word =
        switch (peek()) {
          case 't' -> TRUE;
          case 'f' -> FALSE;
          case 'n' -> NULL;
          default -> throw bad("a value is none");
        };
    if (end - at < word.length
        || !java.util.Arrays.equals(bytes, at, at + word.length, word, 0, word.length)) {
      throw bad("a value is none");
    }
    from = at;
    at += word.length;
    to = at;
  }

  /** Passes over one value of whatever kind, checking it. */
  void value() {
    value(0);
  }

  private void value(int depth) {
    if (depth > DEEPEST) {
      throw bad("it is nested deeper than " + DEEPEST);
    }
    switch (peek()) {
      case '{' -> {
        at++;
        if (!accept('}')) {
          do {
            string();
            expect(':');
            value(depth + 1);
          } while (accept(','));
          expect('}');
        }
      }
      case '[' -> {
        at++;
        if (!accept(']')) {
          do {
            value(depth + 1);
          } while (accept(','));
          expect(']');
        }
      }
      case '"' -> string();
      case 't', 'f', 'n' -> word();
      default -> number();
    }
  }

  static BadRecord bad(String why) {
    return new BadRecord("it is not JSON: " + why);
  }
}
