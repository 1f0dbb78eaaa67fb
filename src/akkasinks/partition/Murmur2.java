package akkasinks.partition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash2, 32 bits, by A. Appleby (public domain), with the seed of Kafka's Java clients. */
public final class Murmur2 {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int SEED = 0x9747b28c;
  private static final int FACTOR = 0x5bd1e995;

  private Murmur2() {}

  public static int hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  /** Of {@code bytes[from, to)}. */
  public static int hash(byte[] bytes, int from, int to) {
    int h = SEED ^ (to - from);
    int at = from;
    for (; at <= to - 4; at += 4) {
      int k = (int) WORD.get(bytes, at) * FACTOR;
      k ^= k >>> 24;
      h = h * FACTOR ^ k * FACTOR;
    }
    int left = to - at;
    if (left > 0) {
      int tail = 0;
      for (int i = to - 1; i >= at; i--) {
        tail = tail << 8 | (bytes[i] & 0xff);
      }
      h = (h ^ tail) * FACTOR;
    }
    h = (h ^ h >>> 13) * FACTOR;
    return h ^ h >>> 15;
  }
}
