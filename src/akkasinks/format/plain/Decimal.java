package akkasinks.format.plain;

import java.nio.charset.StandardCharsets;

/** Numbers from PostgreSQL's text. */
final class Decimal {
  private Decimal() {}

  /**
   * @throws NumberFormatException if it is no whole number of 64 bits
   */
  static long whole(byte[] bytes, int from, int to) {
    boolean negative = from < to && bytes[from] == '-';
    int at = negative ? from + 1 : from;
    if (at == to || to - at > 19) {
      throw new NumberFormatException();
    }
    // Summed up below zero, where there is room for one more than above.
    long value = 0;
    for (; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new NumberFormatException();
      }
      value = value * 10 - digit;
    }
    if (value > 0 || (!negative && value == Long.MIN_VALUE)) {
      throw new NumberFormatException();
    }
    return negative ? value : -value;
  }

  static double floating(byte[] bytes, int from, int to) {
    // "NaN", "Infinity" and "-Infinity" are Java's words too.
    return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
  }
}
