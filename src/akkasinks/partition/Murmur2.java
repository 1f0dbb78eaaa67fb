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
    int h = SEED ^ bytes.length;
    int at = 0;
    for (; at <= bytes.length - 4; at += 4) {
      int k = (int) WORD.get(bytes, at) * FACTOR;
      k ^= k >>> 24;
      h = h * FACTOR ^ k * FACTOR;
    }
    int left = bytes.length - at;
    if (left > 0) {
      int tail = 0;
      for (int i = bytes.length - 1; i >= at; i--) {
        tail = tail << 8 | (bytes[i] & 0xff);
      }
      h = (h ^ tail) * FACTOR;
    }
    h = (h ^ h >>> 13) * FACTOR;
    return h ^ h >>> 15;
  }
}
