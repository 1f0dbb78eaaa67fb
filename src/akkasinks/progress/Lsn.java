package akkasinks.progress;

/** A place in PostgreSQL's write-ahead log in its textual form, {@code 0/16B3748}. */
public final class Lsn {
  private Lsn() {}

  public static String format(long lsn) {
    return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
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
}
