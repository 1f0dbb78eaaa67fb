package akkasinks.format.protobuf;

import akkasinks.change.Buffer;
import akkasinks.format.text.CompactJson;

/** json and jsonb as a string of compact JSON; its length stands before it. */
final class JsonWriter implements ValueWriter {
  private final Buffer scratch = new Buffer(0);

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    scratch.clear();
    CompactJson.write(bytes, from, to, scratch);
    Wire.bytes(scratch, out);
  }
}
