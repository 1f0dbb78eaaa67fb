package akkasinks.format.json;

import akkasinks.change.Buffer;
import java.nio.charset.StandardCharsets;

/** bytea from PostgreSQL's hex output, {@code \xd182}. */
final class ByteaWriters {
  private static final byte[] BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);

  private ByteaWriters() {}

  /** {@code [209,130]} */
  static void array(byte[] bytes, int from, int to, Buffer out) {
    int first = digits(bytes, from, to);
    byte[] room = out.room(2 * (to - first) + 2);
    int start = out.size();
    int at = start;
    room[at++] = '[';
    for (int i = first; i < to; i += 2) {
      int value = octet(bytes, i);
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
    int at = digits(bytes, from, to);
    out.put('"');
    for (; at < to; at += 6) {
      int count = Math.min(3, (to - at) / 2);
      int bits = octet(bytes, at) << 16;
      bits |= count > 1 ? octet(bytes, at + 2) << 8 : 0;
      bits |= count > 2 ? octet(bytes, at + 4) : 0;
      out.put(BASE64[bits >> 18]);
      out.put(BASE64[bits >> 12 & 63]);
      out.put(count > 1 ? BASE64[bits >> 6 & 63] : '=');
      out.put(count > 2 ? BASE64[bits & 63] : '=');
    }
    out.put('"');
  }

  private static int digits(byte[] bytes, int from, int to) {
    if (to - from < 2 || bytes[from] != '\\' || bytes[from + 1] != 'x' || (to - from) % 2 != 0) {
      throw new MalformedText("\\x and pairs of hex digits");
    }
    return from + 2;
  }

  private static int octet(byte[] bytes, int at) {
    int high = Character.digit(bytes[at], 16);
    int low = Character.digit(bytes[at + 1], 16);
    if ((high | low) < 0) {
      throw new MalformedText("hex digits");
    }
    return high << 4 | low;
  }
}
