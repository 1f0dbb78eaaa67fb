package akkasinks.partition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SeaHash, 64 bits, with the default seeds: four lanes, one little-endian word each in turn. After
 * its public definition (crate {@code seahash}, reference implementation).
 */
public final class SeaHash {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x6eed0e9da4d94a4fL;

  private SeaHash() {}

  /** To be read as unsigned. */
  public static long hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  /** Of {@code bytes[from, to)}. */
  public static long hash(byte[] bytes, int from, int to) {
    long a = 0x16f11fe89b0d677cL;
    long b = 0xb480a793d8e6c86cL;
    long c = 0x6fe2e5aaf078ebc9L;
    long d = 0x14f994a4c5259381L;
    int at = from;
    for (; at <= to - 8; at += 8) {
      long lane = diffuse(a ^ (long) WORD.get(bytes, at));
      a = b;
      b = c;
      c = d;
      d = lane;
    }
    if (at < to) {
      long word = 0;
      for (int i = to - 1; i >= at; i--) {
        word = word << 8 | (bytes[i] & 0xff);
      }
      a = diffuse(a ^ word);
    }
    return diffuse(a ^ b ^ c ^ d ^ (to - from));
  }

  private static long diffuse(long value) {
    long x = value * FACTOR;
    x ^= (x >>> 32) >>> (x >>> 60);
    return x * FACTOR;
  }
}
