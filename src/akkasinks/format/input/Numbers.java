package akkasinks.format.input;

/** Numbers as JSON writes them. */
final class Numbers {
  private Numbers() {}

  /** Where the number that begins at {@code from} ends; −1 if none does. */
  static int end(byte[] bytes, int from, int to) {
    int at = from;
    if (at < to && bytes[at] == '-') {
      at++;
    }
    int whole = at;
    at = digits(bytes, at, to);
    if (at == whole || (at - whole > 1 && bytes[whole] == '0')) {
      return -1;
    }
    if (at < to && bytes[at] == '.') {
      int fraction = at + 1;
      at = digits(bytes, fraction, to);
      if (at == fraction) {
        return -1;
      }
    }
    if (at < to && (bytes[at] | 0x20) == 'e') {
      int exponent = at + 1;
      if (exponent < to && (bytes[exponent] == '+' || bytes[exponent] == '-')) {
        exponent++;
      }
      at = digits(bytes, exponent, to);
      if (at == exponent) {
        return -1;
      }
    }
    return at;
  }

  private static int digits(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  /** Whether all of it is one number. */
  static boolean is(byte[] bytes, int from, int to) {
    return from < to && end(bytes, from, to) == to;
  }

  static boolean hasExponent(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if ((bytes[at] | 0x20) == 'e') {
        return true;
      }
    }
    return false;
  }
}
