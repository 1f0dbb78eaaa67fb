package akkasinks.format.protobuf;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Quoted;

/**
 * Composite values as messages, from {@code (1,"a ""b""",)}, the output of record_out: quotes and
 * backslashes are doubled inside quotes, and a field of no characters at all is NULL.
 */
final class CompositeWriter implements ValueWriter {
  private final MessageFields fields;
  private final Buffer scratch = new Buffer(0);
  private final Buffer message = new Buffer(0);

  CompositeWriter(ProtobufType.Message type, ProtoFile file) {
    fields = MessageFields.of(type, file);
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    if (to - from < 2 || bytes[from] != '(' || bytes[to - 1] != ')') {
      throw new MalformedText("a record in parentheses");
    }
    message.clear();
    int count = fields.writers().length;
    int at = from + 1;
    for (int i = 0; i < count; i++) {
      at = field(bytes, at, to, i);
      byte next = at < to ? bytes[at++] : 0;
      if (next != (i == count - 1 ? ')' : ',')) {
        throw new MalformedText(count + " fields, as the type had when the sink began");
      }
    }
    if (count == 0) {
      at++;
    }
    if (at != to) {
      throw new MalformedText("nothing after the record");
    }
    Wire.bytes(message, out);
  }

  private int field(byte[] bytes, int from, int to, int index) {
    byte first = from < to ? bytes[from] : 0;
    if (first == ',' || first == ')') {
      return from;
    }
    Wire.varint(fields.tags()[index], message);
    var writer = fields.writers()[index];
    if (first == '"') {
      int end = Quoted.endDoubled(bytes, from, to);
      if (Quoted.unescape(bytes, from + 1, end, scratch)) {
        writer.write(scratch.room(0), 0, scratch.size(), message);
      } else {
        writer.write(bytes, from + 1, end, message);
      }
      return end + 1;
    }
    int at = from;
    while (at < to && bytes[at] != ',' && bytes[at] != ')') {
      at++;
    }
    writer.write(bytes, from, at, message);
    return at;
  }
}
