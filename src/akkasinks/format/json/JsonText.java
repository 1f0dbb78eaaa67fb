package akkasinks.format.json;

import akkasinks.change.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Strings with JSON's escapes, and JSON without its white space. */
final class JsonText {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private JsonText() {}

  /** A quoted string; escapes only what must be: quote, backslash, and below U+0020. */
  static void write(byte[] bytes, int from, int to, Buffer out) {
    out.room(to - from + 2);
    out.put('"');
    int at = from;
    while (true) {
      int special = special(bytes, at, to);
      out.put(bytes, at, special - at);
      if (special == to) {
        break;
      }
      escape(bytes[special], out);
      at = special + 1;
    }
    out.put('"');
  }

  /**
   * The place of the first byte that needs an escape, or {@code to}. Looks at eight bytes at a time
   * ("Bit Twiddling Hacks", S. E. Anderson: a zero or lesser byte in a word); the lowest mark is
   * always true, higher ones may come from a borrow.
   */
  static int special(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - 8; at += 8) {
      long word = (long) WORD.get(bytes, at);
      long quote = word ^ ('"' * ONES);
      long slash = word ^ ('\\' * ONES);
      long marks =
          ((word - ' ' * ONES) & ~word) | ((quote - ONES) & ~quote) | ((slash - ONES) & ~slash);
      marks &= HIGHS;
      if (marks != 0) {
        return at + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    for (; at < to; at++) {
      byte b = bytes[at];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        return at;
      }
    }
    return to;
  }

  private static void escape(byte b, Buffer out) {
    out.put('\\');
    switch (b) {
      case '"', '\\' -> out.put(b);
      case '\b' -> out.put('b');
      case '\f' -> out.put('f');
      case '\n' -> out.put('n');
      case '\r' -> out.put('r');
      case '\t' -> out.put('t');
      default -> {
        out.put('u');
        out.put('0');
        out.put('0');
        out.put(HEX[b >> 4]);
        out.put(HEX[b & 15]);
      }
    }
  }

  /** JSON text less the white space between its tokens; numbers and strings stay as they are. */
  static void compact(byte[] bytes, int from, int to, Buffer out) {
    int at = from;
    int kept = from;
    while (at < to) {
      byte b = bytes[at];
      if (b == '"') {
        at = endOfString(bytes, at, to);
      } else if (b == ' ' || b == '\n' || b == '\t' || b == '\r') {
        out.put(bytes, kept, at - kept);
        at++;
        kept = at;
      } else {
        at++;
      }
    }
    out.put(bytes, kept, to - kept);
  }

  private static int endOfString(byte[] bytes, int quote, int to) {
    int at = special(bytes, quote + 1, to);
    while (at < to && bytes[at] != '"') {
      at = special(bytes, Math.min(at + (bytes[at] == '\\' ? 2 : 1), to), to);
    }
    if (at == to) {
      throw new MalformedText("a closing quote in JSON");
    }
    return at + 1;
  }
}
