package akkasinks.catalog;

import java.text.Normalizer;

/**
 * A password as clients prepare it (RFC 4013), so that two ways to type one character are one. As
 * with PostgreSQL, one that the rule forbids is taken as it is.
 */
final class SaslPrep {
  private SaslPrep() {}

  static String of(String password) {
    if (password.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      return password;
    }
    StringBuilder mapped = new StringBuilder(password.length());
    password
        .codePoints()
        .filter(c -> !isNothing(c))
        .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    String prepared = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    return prepared.isEmpty() || prepared.codePoints().anyMatch(SaslPrep::isForbidden)
        ? password
        : prepared;
  }

  /** RFC 3454, table B.1. */
  private static boolean isNothing(int c) {
    return c == 0xad
        || c == 0x34f
        || c == 0x1806
        || (c >= 0x180b && c <= 0x180d)
        || (c >= 0x200b && c <= 0x200d)
        || c == 0x2060
        || (c >= 0xfe00 && c <= 0xfe0f)
        || c == 0xfeff;
  }

  private static boolean isForbidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> c >= 0xfff9 && c <= 0xfffd;
    };
  }
}
