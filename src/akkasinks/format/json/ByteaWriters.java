package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.format.text.HexText;
import java.nio.charset.StandardCharsets;

/** bytea from PostgreSQL's hex output, {@code \xd182}. */
final class ByteaWriters {
  private static final byte[] BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);

  private ByteaWriters() {}

  /** {@code [209,130]} */
  static void array(byte[] bytes, int from, int to, Buffer out) {
    int first = HexText.digits(bytes, from, to);
    byte[] room = out.room(2 * (to - first) + 2);
    int start = out.size();
    int at = start;
    room[at++] = '[';
    for (int i = first; i < to; i += 2) {
      int value = HexText.octet(bytes, i);
      if (i > first) {
        room[at++] = ',';
      }
      if (value >= 100) {
        room[at++] = (byte) ('0' + value / 100);
      }
      if (value >= 10) {
        room[at++] = (byte) ('0' + value / 10 % 10);
      }
      room[at++] = (byte) ('0' + value % 10);
    }
    room[at++] = ']';
    out.wrote(at - start);
  }

  /** {@code "0YI="} */
  static void base64(byte[] bytes, int from, int to, Buffer out) {
    int at = HexText.digits(bytes, from, to);
    out.put('"');
    for (; at < to; at += 6) {
      int count = Math.min(3, (to - at) / 2);
      int bits = HexText.octet(bytes, at) << 16;
      bits |= count > 1 ? HexText.octet(bytes, at + 2) << 8 : 0;
      bits |= count > 2 ? HexText.octet(bytes, at + 4) : 0;
      out.put(BASE64[bits >> 18]);
      out.put(BASE64[bits >> 12 & 63]);
      out.put(count > 1 ? BASE64[bits >> 6 & 63] : '=');
      out.put(count > 2 ? BASE64[bits & 63] : '=');
    }
    out.put('"');
  }
}
