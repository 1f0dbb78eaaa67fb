package akkasinks.format.protobuf;

import akkasinks.change.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Protobuf's wire types. */
final class Wire {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LONGEST = 10;

  static final int VARINT = 0;
  static final int FIXED64 = 1;

  /** Strings, bytes, messages and packed elements: the length, then what it counts. */
  static final int LENGTH = 2;

  static final int FIXED32 = 5;

  private Wire() {}

  /** What stands before a field's value, to be written as a varint. */
  static int tag(int number, int wire) {
    return number << 3 | wire;
  }

  /** Seven bits a byte, the least significant first; negative numbers take ten bytes. */
  static void varint(long value, Buffer out) {
    byte[] room = out.room(LONGEST);
    int start = out.size();
    int at = start;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      room[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    room[at++] = (byte) rest;
    out.wrote(at - start);
  }

  /** The length, then the bytes. */
  static void bytes(byte[] bytes, int from, int to, Buffer out) {
    varint(to - from, out);
    out.put(bytes, from, to - from);
  }

  /** The length, then what the other buffer holds. */
  static void bytes(Buffer bytes, Buffer out) {
    bytes(bytes.room(0), 0, bytes.size(), out);
  }

  static void fixed32(int value, Buffer out) {
    INTS.set(out.room(Integer.BYTES), out.size(), value);
    out.wrote(Integer.BYTES);
  }

  static void fixed64(long value, Buffer out) {
    LONGS.set(out.room(Long.BYTES), out.size(), value);
    out.wrote(Long.BYTES);
  }
}
