package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Quoted;

/**
 * hstore as a map of nullable strings, from {@code "a"=>"1", "b"=>NULL}: one block, in hstore's own
 * order, which depends on the keys alone.
 */
final class TextMapWriter implements ValueWriter {
  private final Buffer scratch = new Buffer(0);
  private final Buffer entries = new Buffer(0);

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    entries.clear();
    int count = 0;
    int at = from;
    while (at < to) {
      at = string(bytes, at, to);
      at = expect(bytes, at, to, '=', '>');
      if (at + 4 <= to && Quoted.isNull(bytes, at, at + 4)) {
        entries.put(Binary.NULL);
        at += 4;
      } else {
        entries.put(Binary.VALUE);
        at = string(bytes, at, to);
      }
      count++;
      if (at < to) {
        at = expect(bytes, at, to, ',', ' ');
      }
    }
    if (count > 0) {
      Binary.whole(count, out);
      out.put(entries.room(0), 0, entries.size());
    }
    out.put(0);
  }

  private int string(byte[] bytes, int from, int to) {
    if (from >= to || bytes[from] != '"') {
      throw new MalformedText("a quoted key or value of hstore");
    }
    int end = Quoted.end(bytes, from, to);
    if (Quoted.unescape(bytes, from + 1, end, scratch)) {
      Binary.bytes(scratch.room(0), 0, scratch.size(), entries);
    } else {
      Binary.bytes(bytes, from + 1, end, entries);
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
