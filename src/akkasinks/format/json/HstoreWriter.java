package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Quoted;
import java.nio.charset.StandardCharsets;

/**
 * hstore as an object of strings and nulls, from {@code "a"=>"1", "b"=>NULL}. Keys keep hstore's
 * own order, which depends on the keys alone.
 */
final class HstoreWriter implements ValueWriter {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final Buffer scratch = new Buffer(0);

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    out.put('{');
    int at = from;
    while (at < to) {
      if (at > from) {
        out.put(',');
      }
      at = string(bytes, at, to, out);
      at = expect(bytes, at, to, '=', '>');
      out.put(':');
      if (at + 4 <= to && Quoted.isNull(bytes, at, at + 4)) {
        out.put(NULL);
        at += 4;
      } else {
        at = string(bytes, at, to, out);
      }
      if (at < to) {
        at = expect(bytes, at, to, ',', ' ');
      }
    }
    out.put('}');
  }

  private int string(byte[] bytes, int from, int to, Buffer out) {
    if (from >= to || bytes[from] != '"') {
      throw new MalformedText("a quoted key or value of hstore");
    }
    int end = Quoted.end(bytes, from, to);
    if (Quoted.unescape(bytes, from + 1, end, scratch)) {
      JsonText.write(scratch.room(0), 0, scratch.size(), out);
    } else {
      JsonText.write(bytes, from + 1, end, out);
    }
    return end + 1;
  }

  private static int expect(byte[] bytes, int at, int to, char first, char second) {
    if (at + 2 > to || bytes[at] != first || bytes[at + 1] != second) {
      throw new MalformedText("%s%s in hstore".formatted(first, second));
    }
    return at + 2;
  }
}
