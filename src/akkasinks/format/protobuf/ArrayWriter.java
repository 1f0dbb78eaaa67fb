package akkasinks.format.protobuf;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import akkasinks.format.text.Quoted;

/**
 * Arrays of one dimension from {@code {1,2,"a b"}}, the output of array_out, as a message with one
 * repeated field. How many dimensions a value has is no part of PostgreSQL's type, and so cannot be
 * part of a schema: values of more have no form, nor has a NULL among the elements.
 */
final class ArrayWriter implements ValueWriter {
  private final ValueWriter element;
  private final char delimiter;
  private final int tag;
  private final boolean packed;
  private final Buffer scratch = new Buffer(0);
  private final Buffer elements = new Buffer(0);
  private final Buffer message = new Buffer(0);

  ArrayWriter(ProtobufType.Array type, ProtoFile file) {
    this.element = ValueWriter.of(type.element(), file);
    this.delimiter = type.delimiter();
    this.packed = type.element().wire() != Wire.LENGTH;
    this.tag =
        Wire.tag(MessageFields.number(file, type.name(), ProtobufType.ELEMENTS), Wire.LENGTH);
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    int at = afterBounds(bytes, from, to);
    if (to - at < 2 || bytes[at] != '{' || bytes[to - 1] != '}') {
      throw new MalformedText("an array in braces");
    }
    elements.clear();
    at++;
    while (at < to - 1) {
      if (bytes[at] == '{') {
        throw new NoForm("the schema's array has one dimension, and this value has more");
      }
      if (!packed) {
        Wire.varint(tag, elements);
      }
      at = bytes[at] == '"' ? quoted(bytes, at, to) : bare(bytes, at, to);
      if (at < to - 1 && bytes[at++] != delimiter) {
        throw new MalformedText("a delimiter between elements");
      }
    }
    if (packed && elements.size() > 0) {
      message.clear();
      Wire.varint(tag, message);
      Wire.bytes(elements, message);
      Wire.bytes(message, out);
    } else {
      Wire.bytes(elements, out);
    }
  }

  /** Lower bounds, {@code [2:3]={…}}, are dropped: Protobuf has no place for them. */
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

  private int quoted(byte[] bytes, int quote, int to) {
    int end = Quoted.end(bytes, quote, to);
    if (Quoted.unescape(bytes, quote + 1, end, scratch)) {
      element.write(scratch.room(0), 0, scratch.size(), elements);
    } else {
      element.write(bytes, quote + 1, end, elements);
    }
    return end + 1;
  }

  private int bare(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to - 1 && bytes[at] != delimiter) {
      at++;
    }
    if (Quoted.isNull(bytes, from, at)) {
      throw new NoForm("a repeated field has no place for the NULL among the elements");
    }
    element.write(bytes, from, at, elements);
    return at;
  }
}
