package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.change.Type;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Quoted;
import java.nio.charset.StandardCharsets;

/**
 * Composite values as objects, from {@code (1,"a ""b""",)}, the output of record_out: quotes and
 * backslashes are doubled inside quotes, and a field of no characters at all is NULL.
 */
final class CompositeWriter implements ValueWriter {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final byte[][] names;
  private final ValueWriter[] writers;
  private final Buffer scratch = new Buffer(0);

  CompositeWriter(Type.Composite type, JsonOptions options) {
    int count = type.fields().size();
    names = new byte[count][];
    writers = new ValueWriter[count];
    for (int i = 0; i < count; i++) {
      var field = type.fields().get(i);
      names[i] = JsonFormat.nameOf(field.name(), i == 0);
      writers[i] = ValueWriters.fromText(field.type(), options);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    if (to - from < 2 || bytes[from] != '(' || bytes[to - 1] != ')') {
      throw new MalformedText("a record in parentheses");
    }
    int at = from + 1;
    for (int i = 0; i < names.length; i++) {
      out.put(names[i]);
      at = field(bytes, at, to, writers[i], out);
      byte next = at < to ? bytes[at++] : 0;
      if (next != (i == names.length - 1 ? ')' : ',')) {
        throw new MalformedText(names.length + " fields, as the type had when the sink began");
      }
    }
    if (names.length == 0) {
      out.put('{');
      at++;
    }
    if (at != to) {
      throw new MalformedText("nothing after the record");
    }
    out.put('}');
  }

  private int field(byte[] bytes, int from, int to, ValueWriter writer, Buffer out) {
    byte first = from < to ? bytes[from] : 0;
    if (first == ',' || first == ')') {
      out.put(NULL);
      return from;
    }
    if (first == '"') {
      int end = Quoted.endDoubled(bytes, from, to);
      if (Quoted.unescape(bytes, from + 1, end, scratch)) {
        writer.write(scratch.room(0), 0, scratch.size(), out);
      } else {
        writer.write(bytes, from + 1, end, out);
      }
      return end + 1;
    }
    int at = from;
    while (at < to && bytes[at] != ',' && bytes[at] != ')') {
      at++;
    }
    writer.write(bytes, from, at, out);
    return at;
  }
}
