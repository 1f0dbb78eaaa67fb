package akkasinks.format.avro;

import akkasinks.change.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Avro's primitive types. */
final class Binary {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LONGEST = 10;

  /** The branch of a union {@code ["null", T]}, as its one byte. */
  static final int NULL = 0;

  static final int VALUE = 2;

  private Binary() {}

  /** int and long alike: seven bits a byte, the least significant first, the sign in the lowest. */
  static void whole(long value, Buffer out) {
    long rest = value << 1 ^ value >> 63;
    byte[] room = out.room(LONGEST);
    int start = out.size();
    int at = start;
    while ((rest & ~0x7FL) != 0) {
      room[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    room[at++] = (byte) rest;
    out.wrote(at - start);
  }

  /** string and bytes alike: the length, then the bytes. */
  static void bytes(byte[] bytes, int from, int to, Buffer out) {
    whole(to - from, out);
    out.put(bytes, from, to - from);
  }

  static void int32(int value, Buffer out) {
    INTS.set(out.room(Integer.BYTES), out.size(), value);
    out.wrote(Integer.BYTES);
  }

  static void int64(long value, Buffer out) {
    LONGS.set(out.room(Long.BYTES), out.size(), value);
    out.wrote(Long.BYTES);
  }
}
