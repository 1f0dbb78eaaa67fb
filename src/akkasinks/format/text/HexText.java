package akkasinks.format.text;

/** PostgreSQL's hex output of bytea, {@code \\xd182}. */
public final class HexText {
  private HexText() {}

  /** Where the digits begin; they come in pairs up to {@code to}. */
  public static int digits(byte[] bytes, int from, int to) {
    if (to - from < 2 || bytes[from] != '\\' || bytes[from + 1] != 'x' || (to - from) % 2 != 0) {
      throw new MalformedText("\\x and pairs of hex digits");
    }
    return from + 2;
  }

  /** What the two digits at {@code at} stand for. */
  public static int octet(byte[] bytes, int at) {
    int high = Character.digit(bytes[at], 16);
    int low = Character.digit(bytes[at + 1], 16);
    if ((high | low) < 0) {
      throw new MalformedText("hex digits");
    }
    return high << 4 | low;
  }
}
