package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import akkasinks.format.text.Quoted;

/**
 * Arrays of one dimension from {@code {1,NULL,"a b"}}, the output of array_out: one block of
 * nullable elements. How many dimensions a value has is no part of PostgreSQL's type, and so cannot
 * be part of a schema: values of more have no form.
 */
final class ArrayWriter implements ValueWriter {
  private final ValueWriter element;
  private final char delimiter;
  private final Buffer scratch = new Buffer(0);
  private final Buffer elements = new Buffer(0);

  ArrayWriter(ValueWriter element, char delimiter) {
    this.element = element;
    this.delimiter = delimiter;
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    int at = afterBounds(bytes, from, to);
    if (to - at < 2 || bytes[at] != '{' || bytes[to - 1] != '}') {
      throw new MalformedText("an array in braces");
    }
    elements.clear();
    int count = 0;
    at++;
    while (at < to - 1) {
      if (bytes[at] == '{') {
        throw new NoForm("the schema's array has one dimension, and this value has more");
      }
      at = bytes[at] == '"' ? quoted(bytes, at, to) : bare(bytes, at, to);
      count++;
      if (at < to - 1 && bytes[at++] != delimiter) {
        throw new MalformedText("a delimiter between elements");
      }
    }
    if (count > 0) {
      Binary.whole(count, out);
      out.put(elements.room(0), 0, elements.size());
    }
    out.put(0);
  }

  /** Lower bounds, {@code [2:3]={…}}, are dropped: Avro has no place for them. */
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
    elements.put(Binary.VALUE);
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
      elements.put(Binary.NULL);
    } else {
      elements.put(Binary.VALUE);
      element.write(bytes, from, at, elements);
    }
    return at;
  }
}
