package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.format.text.SpecialBytes;
import java.nio.charset.StandardCharsets;

/** Strings with JSON's escapes. */
final class JsonText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private JsonText() {}

  /** A quoted string; escapes only what must be: quote, backslash, and below U+0020. */
  static void write(byte[] bytes, int from, int to, Buffer out) {
    out.room(to - from + 2);
    out.put('"');
    int at = from;
    while (true) {
      int special = SpecialBytes.next(bytes, at, to);
      out.put(bytes, at, special - at);
      if (special == to) {
        break;
      }
      escape(bytes[special], out);
      at = special + 1;
    }
    out.put('"');
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
}
