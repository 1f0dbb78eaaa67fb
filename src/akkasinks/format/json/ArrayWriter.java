package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Quoted;
import java.nio.charset.StandardCharsets;

/**
 * Arrays of any number of dimensions from {@code {{1,NULL},{3,4}}}, the output of array_out:
 * elements are quoted where they hold anything special, with backslash escapes. Lower bounds
 * ({@code [2:3]={…}}) are dropped: JSON has no place for them.
 */
final class ArrayWriter implements ValueWriter {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final ValueWriter element;
  private final char delimiter;
  private final Buffer scratch = new Buffer(0);

  ArrayWriter(ValueWriter element, char delimiter) {
    this.element = element;
    this.delimiter = delimiter;
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    int at = afterBounds(bytes, from, to);
    int depth = 0;
    while (at < to) {
      byte b = bytes[at];
      if (b == '{') {
        out.put('[');
        depth++;
        at++;
      } else if (b == '}') {
        out.put(']');
        depth--;
        at++;
      } else if (b == delimiter) {
        out.put(',');
        at++;
      } else if (b == '"') {
        at = quoted(bytes, at, to, out);
      } else {
        at = bare(bytes, at, to, out);
      }
    }
    if (depth != 0 || from == to) {
      throw new MalformedText("an array in braces");
    }
  }

  private static int afterBounds(byte[] bytes, int from, int to) {
    if (from < to && bytes[from] == '[') {
      for (int at = from; at < to; at++) {
        if (bytes[at] == '=') {
          return at + 1;
        }
      }
    }
    return from;
  }

  private int quoted(byte[] bytes, int quote, int to, Buffer out) {
    int end = Quoted.end(bytes, quote, to);
    if (Quoted.unescape(bytes, quote + 1, end, scratch)) {
      element.write(scratch.room(0), 0, scratch.size(), out);
    } else {
      element.write(bytes, quote + 1, end, out);
    }
    return end + 1;
  }

  private int bare(byte[] bytes, int from, int to, Buffer out) {
    int at = from;
    while (at < to && bytes[at] != delimiter && bytes[at] != '}') {
      at++;
    }
    if (Quoted.isNull(bytes, from, at)) {
      out.put(NULL);
    } else {
      element.write(bytes, from, at, out);
    }
    return at;
  }
}
