package akkasinks.source.postgres;

/** PostgreSQL's log sequence numbers: unsigned 64-bit, written as two hexadecimal halves. */
final class Lsn {
  private Lsn() {}

  static String text(long lsn) {
    return "%X/%X".formatted(lsn >>> 32, lsn & 0xFFFF_FFFFL);
  }

  static long parse(String text) {
    int slash = text.indexOf('/');
    return Long.parseLong(text, 0, slash, 16) << 32
        | Long.parseLong(text, slash + 1, text.length(), 16);
  }

  static boolean before(long a, long b) {
    return Long.compareUnsigned(a, b) < 0;
  }

  static long max(long a, long b) {
    return before(a, b) ? b : a;
  }
}
