package akkasinks.change;

/** PostgreSQL's log sequence numbers: unsigned 64-bit, written as two hexadecimal halves. */
public final class Lsn {
  private Lsn() {}

  /** As PostgreSQL writes it: {@code 0/16B3748}. */
  public static String text(long lsn) {
    return "%X/%X".formatted(lsn >>> 32, lsn & 0xFFFF_FFFFL);
  }

  /**
   * @throws IllegalArgumentException if it has another form
   */
  public static long parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash > 9) {
      throw new IllegalArgumentException(text);
    }
    return ((long) Integer.parseUnsignedInt(text, 0, slash, 16) << 32)
        | Integer.toUnsignedLong(Integer.parseUnsignedInt(text, slash + 1, text.length(), 16));
  }

  public static boolean before(long a, long b) {
    return Long.compareUnsigned(a, b) < 0;
  }

  public static long max(long a, long b) {
    return before(a, b) ? b : a;
  }
}
