package akkasinks.format.text;

import akkasinks.change.Buffer;

/** JSON without its white space. */
public final class CompactJson {
  private CompactJson() {}

  /** JSON text less the white space between its tokens; numbers and strings stay as they are. */
  public static void write(byte[] bytes, int from, int to, Buffer out) {
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
    int at = SpecialBytes.next(bytes, quote + 1, to);
    while (at < to && bytes[at] != '"') {
      at = SpecialBytes.next(bytes, Math.min(at + (bytes[at] == '\\' ? 2 : 1), to), to);
    }
    if (at == to) {
      throw new MalformedText("a closing quote in JSON");
    }
    return at + 1;
  }
}
