package akkasinks.format.protobuf;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import akkasinks.format.text.Quoted;

/**
 * hstore as a message with a map, from {@code "a"=>"1", "b"=>"2"}, in hstore's own order, which
 * depends on the keys alone. A NULL among the values has no form.
 */
final class TextMapWriter implements ValueWriter {
  private static final int KEY = Wire.tag(1, Wire.LENGTH);
  private static final int VALUE = Wire.tag(2, Wire.LENGTH);

  private final int tag;
  private final Buffer scratch = new Buffer(0);
  private final Buffer entry = new Buffer(0);
  private final Buffer entries = new Buffer(0);

  TextMapWriter(ProtobufType.TextMap type, ProtoFile file) {
    this.tag = Wire.tag(MessageFields.number(file, type.name(), ProtobufType.ENTRIES), Wire.LENGTH);
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    entries.clear();
    int at = from;
    while (at < to) {
      entry.clear();
      entry.put(KEY);
      at = string(bytes, at, to);
      at = expect(bytes, at, to, '=', '>');
      if (at + 4 <= to && Quoted.isNull(bytes, at, at + 4)) {
        throw new NoForm("a map has no place for the NULL among the values of an hstore");
      }
      entry.put(VALUE);
      at = string(bytes, at, to);
      Wire.varint(tag, entries);
      Wire.bytes(entry, entries);
      if (at < to) {
        at = expect(bytes, at, to, ',', ' ');
      }
    }
    Wire.bytes(entries, out);
  }

  private int string(byte[] bytes, int from, int to) {
    if (from >= to || bytes[from] != '"') {
      throw new MalformedText("a quoted key or value of hstore");
    }
    int end = Quoted.end(bytes, from, to);
    if (Quoted.unescape(bytes, from + 1, end, scratch)) {
      Wire.bytes(scratch, entry);
    } else {
      Wire.bytes(bytes, from + 1, end, entry);
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
