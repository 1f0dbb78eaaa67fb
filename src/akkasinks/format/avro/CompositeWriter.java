package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Quoted;

/**
 * Composite values as records of nullable fields, from {@code (1,"a ""b""",)}, the output of
 * record_out: quotes and backslashes are doubled inside quotes, and a field of no characters at all
 * is NULL.
 */
final class CompositeWriter implements ValueWriter {
  private final ValueWriter[] writers;
  private final Buffer scratch = new Buffer(0);

  CompositeWriter(AvroType.Row type) {
    writers = type.fields().stream().map(f -> ValueWriter.of(f.type())).toArray(ValueWriter[]::new);
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    if (to - from < 2 || bytes[from] != '(' || bytes[to - 1] != ')') {
      throw new MalformedText("a record in parentheses");
    }
    int at = from + 1;
    for (int i = 0; i < writers.length; i++) {
      at = field(bytes, at, to, writers[i], out);
      byte next = at < to ? bytes[at++] : 0;
      if (next != (i == writers.length - 1 ? ')' : ',')) {
        throw new MalformedText(writers.length + " fields, as the type had when the sink began");
      }
    }
    if (writers.length == 0) {
      at++;
    }
    if (at != to) {
      throw new MalformedText("nothing after the record");
    }
  }

  private int field(byte[] bytes, int from, int to, ValueWriter writer, Buffer out) {
    byte first = from < to ? bytes[from] : 0;
    if (first == ',' || first == ')') {
      out.put(Binary.NULL);
      return from;
    }
    out.put(Binary.VALUE);
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
