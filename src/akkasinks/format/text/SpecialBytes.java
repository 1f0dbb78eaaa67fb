package akkasinks.format.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds what cannot stand for itself in a JSON string: quote, backslash, and below U+0020. */
public final class SpecialBytes {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private SpecialBytes() {}

  /**
   * The place of the first byte that needs an escape, or {@code to}. Looks at eight bytes at a time
   * ("Bit Twiddling Hacks", S. E. Anderson: a zero or lesser byte in a word); the lowest mark is
   * always true, higher ones may come from a borrow.
   */
  public static int next(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - 8; at += 8) {
      long word = (long) WORD.get(bytes, at);
      long quote = word ^ ('"' * ONES);
      long slash = word ^ ('\\' * ONES);
      long marks =
          ((word - ' ' * ONES) & ~word) | ((quote - ONES) & ~quote) | ((slash - ONES) & ~slash);
      marks &= HIGHS;
      if (marks != 0) {
        return at + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    for (; at < to; at++) {
      byte b = bytes[at];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        return at;
      }
    }
    return to;
  }
}
