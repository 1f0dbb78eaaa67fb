package akkasinks.format.text;

import java.nio.charset.StandardCharsets;

/** Numbers from their text, without a string in between where that can be. */
public final class Numbers {
  /** Powers that a double holds exactly. */
  private static final double[] EXACT = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** Digits that fit a long and, with a power from {@link #EXACT}, give the nearest double. */
  private static final int EXACT_DIGITS = 15;

  private Numbers() {}

  /** A whole number of 64 bits. */
  public static long whole(byte[] bytes, int from, int to) {
    boolean negative = from < to && bytes[from] == '-';
    int at = negative ? from + 1 : from;
    if (at == to || to - at > 19) {
      throw new MalformedText("a whole number");
    }
    long number = 0;
    for (; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new MalformedText("a whole number");
      }
      number = number * 10 - digit;
    }
    return negative ? number : -number;
  }

  /**
   * The nearest double. A few digits and a small power are exact each, and one operation on them
   * rounds once, which is right (W. D. Clinger, "How to read floating point numbers accurately");
   * anything else goes to the JDK.
   */
  public static double real(byte[] bytes, int from, int to) {
    boolean negative = from < to && bytes[from] == '-';
    int at = negative ? from + 1 : from;
    int start = at;
    long digits = 0;
    int decimals = 0;
    boolean point = false;
    for (; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        decimals += point ? 1 : 0;
      } else if (bytes[at] == '.' && !point) {
        point = true;
      } else {
        return Double.parseDouble(text(bytes, from, to));
      }
      if (at - start > EXACT_DIGITS) {
        return Double.parseDouble(text(bytes, from, to));
      }
    }
    if (at == start) {
      throw new MalformedText("a number");
    }
    double value = digits / EXACT[decimals];
    return negative ? -value : value;
  }

  /** The nearest float: rounding a double again could miss it. */
  public static float single(byte[] bytes, int from, int to) {
    return Float.parseFloat(text(bytes, from, to));
  }

  /** The characters of a number. */
  public static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
