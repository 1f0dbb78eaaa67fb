package akkasinks.format.text;

import akkasinks.change.Buffer;

/** Quoted parts of the text of arrays, hstore and records. */
public final class Quoted {
  private Quoted() {}

  /** The place of the quote that ends what begins at {@code quote}; a backslash escapes one. */
  public static int end(byte[] bytes, int quote, int to) {
    for (int at = quote + 1; at < to; at++) {
      if (bytes[at] == '\\') {
        at++;
      } else if (bytes[at] == '"') {
        return at;
      }
    }
    throw new MalformedText("a closing quote");
  }

  /** The same for records, where a quote inside is doubled. */
  public static int endDoubled(byte[] bytes, int quote, int to) {
    int end = end(bytes, quote, to);
    while (end + 1 < to && bytes[end + 1] == '"') {
      end = end(bytes, end + 1, to);
    }
    return end;
  }

  /**
   * Puts what {@code bytes[from, to)} stands for into {@code scratch}: a backslash or a quote makes
   * the next byte literal. False, with nothing done, if it stands for itself.
   */
  public static boolean unescape(byte[] bytes, int from, int to, Buffer scratch) {
    int escape = next(bytes, from, to);
    if (escape == to) {
      return false;
    }
    scratch.clear();
    int kept = from;
    while (escape < to) {
      scratch.put(bytes, kept, escape - kept);
      kept = escape + 1;
      escape = next(bytes, kept + 1, to);
    }
    scratch.put(bytes, kept, Math.max(0, to - kept));
    return true;
  }

  private static int next(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] == '\\' || bytes[at] == '"') {
        return at;
      }
    }
    return to;
  }

  /** Whether it is the bare word that stands for NULL. */
  public static boolean isNull(byte[] bytes, int from, int to) {
    return to - from == 4
        && bytes[from] == 'N'
        && bytes[from + 1] == 'U'
        && bytes[from + 2] == 'L'
        && bytes[from + 3] == 'L';
  }
}
