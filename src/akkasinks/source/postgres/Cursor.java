package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads big-endian values from one message of the walsender. Not thread-safe. */
final class Cursor {
  private static final VarHandle INT16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[0];
  private int at;

  void reset(byte[] message, int from) {
    bytes = message;
    at = from;
  }

  byte[] bytes() {
    return bytes;
  }

  int at() {
    return at;
  }

  int u8() {
    check(1);
    return bytes[at++] & 0xFF;
  }

  int u16() {
    check(2);
    int value = (short) INT16.get(bytes, at) & 0xFFFF;
    at += 2;
    return value;
  }

  int i32() {
    check(4);
    int value = (int) INT32.get(bytes, at);
    at += 4;
    return value;
  }

  long i64() {
    check(8);
    long value = (long) INT64.get(bytes, at);
    at += 8;
    return value;
  }

  String text() {
    int end = at;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    var text = new String(bytes, at, end - at, StandardCharsets.UTF_8);
    at = end + 1;
    return text;
  }

  /** Steps over {@code length} bytes and gives where they began. */
  int skip(int length) {
    check(length);
    int from = at;
    at += length;
    return from;
  }

  private void check(int length) {
    if (length < 0 || bytes.length - at < length) {
      throw Failure.of(
              Code.INTERNAL,
              "a message of the walsender ends early: %d bytes wanted at %d of %d"
                  .formatted(length, at, bytes.length))
          .exception();
    }
  }
}
