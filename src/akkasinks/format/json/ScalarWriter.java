package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.format.text.CompactJson;
import akkasinks.format.text.MalformedText;
import java.nio.charset.StandardCharsets;

/**
 * Values without parts. One switch instead of a class each: a row of several types then calls its
 * writers directly, where a call through an interface costs as much as writing a number.
 */
enum ScalarWriter implements ValueWriter {
  BOOL,
  NUMBER,
  /** A JSON number, or a string for NaN and the infinities: null would be silent loss. */
  FLOATING,
  /** A string of characters that need no escape. */
  PLAIN,
  TEXT,
  BYTEA_ARRAY,
  BYTEA_BASE64,
  TIME,
  EPOCH,
  ISO,
  ISO_UTC,
  JSON;

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    switch (this) {
      case BOOL -> bool(bytes, from, to, out);
      case NUMBER -> out.put(bytes, from, to - from);
      case FLOATING -> {
        if (from < to && bytes[to - 1] > '9') {
          out.quoted(bytes, from, to - from);
        } else {
          out.put(bytes, from, to - from);
        }
      }
      case PLAIN -> out.quoted(bytes, from, to - from);
      case TEXT -> JsonText.write(bytes, from, to, out);
      case BYTEA_ARRAY -> ByteaWriters.array(bytes, from, to, out);
      case BYTEA_BASE64 -> ByteaWriters.base64(bytes, from, to, out);
      case TIME -> TimeWriters.time(bytes, from, to, out);
      case EPOCH -> TimeWriters.epoch(bytes, from, to, out);
      case ISO -> TimeWriters.iso(bytes, from, to, "", out);
      case ISO_UTC -> TimeWriters.iso(bytes, from, to, "Z", out);
      case JSON -> CompactJson.write(bytes, from, to, out);
    }
  }

  private static void bool(byte[] bytes, int from, int to, Buffer out) {
    if (to - from != 1 || (bytes[from] != 't' && bytes[from] != 'f')) {
      throw new MalformedText("t or f");
    }
    out.put(bytes[from] == 't' ? TRUE : FALSE);
  }
}
