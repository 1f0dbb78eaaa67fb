package akkasinks.format.input;

/** Whether bytes are UTF-8: no overlong form, no surrogate, nothing beyond U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /**
   * @throws BadRecord if they are not
   */
  static void check(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int first = bytes[at++];
      if (first < 0) {
        at = rest(bytes, first & 0xFF, at, to);
      }
    }
  }

  /** The place after the character that {@code first} begins. */
  private static int rest(byte[] bytes, int first, int at, int to) {
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || to - at < more) {
      throw bad();
    }
    int second = bytes[at] & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      throw bad();
    }
    for (int i = 1; i < more; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        throw bad();
      }
    }
    return at + more;
  }

  private static BadRecord bad() {
    return new BadRecord("the text is not UTF-8");
  }
}
