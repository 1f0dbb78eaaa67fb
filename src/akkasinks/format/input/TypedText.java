package akkasinks.format.input;

import akkasinks.change.Buffer;
import akkasinks.change.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** A value written as text, as PostgreSQL's text of a type. One thread. */
final class TypedText {
  private static final byte[] BOOLS = {'t', 'f'};
  private static final byte[] ZERO = {'0'};
  private static final int UUID_LENGTH = 36;

  /** PostgreSQL has no numeric with more digits before its point. */
  private static final int LARGEST_EXPONENT = 131_072;

  private final JsonCursor json = new JsonCursor();

  /**
   * Sets the column to what {@code bytes[from, to)} says.
   *
   * @throws BadRecord if that is no value of the type
   */
  void read(Type.Scalar type, byte[] bytes, int from, int to, Fields out, int column) {
    switch (type) {
      case TEXT, VARCHAR -> {
        Utf8.check(bytes, from, to);
        out.set(column, bytes, from, to);
      }
      default -> typed(type, bytes, from, to, out, column);
    }
  }

  /** The same for text that is known to be UTF-8. */
  void typed(Type.Scalar type, byte[] bytes, int from, int to, Fields out, int column) {
    switch (type) {
      case TEXT, VARCHAR -> out.set(column, bytes, from, to);
      case BOOL -> bool(bytes, from, to, out, column);
      case INT2 -> integer(type, Short.MAX_VALUE, bytes, from, to, out, column);
      case INT4 -> integer(type, Integer.MAX_VALUE, bytes, from, to, out, column);
      case INT8 -> integer(type, Long.MAX_VALUE, bytes, from, to, out, column);
      case FLOAT4, FLOAT8 -> floating(type, bytes, from, to, out, column);
      case NUMERIC -> numeric(bytes, from, to, out, column);
      case UUID -> uuid(bytes, from, to, out, column);
      case DATE -> {
        demand(to - from == 10 && Times.isDate(bytes, from, to), type);
        out.set(column, bytes, from, to);
      }
      case TIME -> {
        demand(Times.timeEnd(bytes, from, to) == to, type);
        out.set(column, bytes, from, to);
      }
      case TIMESTAMP, TIMESTAMPTZ -> Times.timestamp(type, bytes, from, to, out, column);
      case BYTEA -> bytea(bytes, from, to, out, column);
      case JSON, JSONB -> {
        json.over(bytes, from, to);
        json.value();
        json.expectEnd();
        out.set(column, bytes, from, to);
      }
      case OID, CHAR, NAME, TIMETZ, INTERVAL, INET, CIDR, MACADDR, HSTORE, UNKNOWN ->
          throw new IllegalStateException("no column of type " + type + " can be declared");
    }
  }

  static void demand(boolean fits, Type.Scalar type) {
    if (!fits) {
      throw new BadRecord("it is no " + type.name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private static void bool(byte[] bytes, int from, int to, Fields out, int column) {
    boolean yes = is(bytes, from, to, "true") || is(bytes, from, to, "t");
    demand(yes || is(bytes, from, to, "false") || is(bytes, from, to, "f"), Type.Scalar.BOOL);
    out.set(column, BOOLS, yes ? 0 : 1, yes ? 1 : 2);
  }

  private static boolean is(byte[] bytes, int from, int to, String word) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((bytes[from + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Only in the one form that PostgreSQL writes: it may be a key. */
  private static void integer(
      Type.Scalar type, long largest, byte[] bytes, int from, int to, Fields out, int column) {
    boolean negative = from < to && bytes[from] == '-';
    int first = negative ? from + 1 : from;
    demand(first < to && (bytes[first] != '0' || to - first == 1), type);
    // Counted downwards: the most negative number has no positive one.
    long least = -largest - 1;
    long number = 0;
    for (int at = first; at < to; at++) {
      int digit = bytes[at] - '0';
      demand(digit >= 0 && digit <= 9 && number >= least / 10, type);
      long next = number * 10 - digit;
      demand(next <= 0 && next >= least, type);
      number = next;
    }
    demand(negative || number != least, type);
    if (negative && number == 0) {
      out.set(column, ZERO, 0, 1);
    } else {
      out.set(column, bytes, from, to);
    }
  }

  private static void floating(
      Type.Scalar type, byte[] bytes, int from, int to, Fields out, int column) {
    if (!isSpecial(bytes, from, to)) {
      demand(Numbers.is(bytes, from, to), type);
      if (to - from > 38 || Numbers.hasExponent(bytes, from, to)) {
        String text = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        boolean finite =
            type == Type.Scalar.FLOAT4
                ? Float.isFinite(Float.parseFloat(text))
                : Double.isFinite(Double.parseDouble(text));
        demand(finite, type);
      }
    }
    out.set(column, bytes, from, to);
  }

  private static boolean isSpecial(byte[] bytes, int from, int to) {
    if (from == to || bytes[to - 1] <= '9') {
      return false;
    }
    return switch (new String(bytes, from, to - from, StandardCharsets.US_ASCII)) {
      case "NaN", "Infinity", "-Infinity" -> true;
      default -> false;
    };
  }

  private static void numeric(byte[] bytes, int from, int to, Fields out, int column) {
    if (isSpecial(bytes, from, to)) {
      out.set(column, bytes, from, to);
      return;
    }
    demand(Numbers.is(bytes, from, to), Type.Scalar.NUMERIC);
    if (!Numbers.hasExponent(bytes, from, to)) {
      out.set(column, bytes, from, to);
      return;
    }
    int mark = out.made().size();
    out.made().put(plain(new String(bytes, from, to - from, StandardCharsets.US_ASCII)));
    out.setMade(column, mark);
  }

  private static String plain(String number) {
    try {
      BigDecimal exact = new BigDecimal(number);
      demand(Math.abs((long) exact.scale()) <= LARGEST_EXPONENT, Type.Scalar.NUMERIC);
      return exact.toPlainString();
    } catch (NumberFormatException tooLarge) {
      throw new BadRecord("it is no numeric");
    }
  }

  private static void uuid(byte[] bytes, int from, int to, Fields out, int column) {
    demand(to - from == UUID_LENGTH, Type.Scalar.UUID);
    boolean upper = false;
    for (int i = 0; i < UUID_LENGTH; i++) {
      byte b = bytes[from + i];
      boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
      demand(hyphen ? b == '-' : HexFormat.isHexDigit(b & 0xFF), Type.Scalar.UUID);
      upper |= b >= 'A' && b <= 'F';
    }
    if (!upper) {
      out.set(column, bytes, from, to);
      return;
    }
    int mark = out.made().size();
    for (int at = from; at < to; at++) {
      out.made().put(bytes[at] >= 'A' && bytes[at] <= 'F' ? bytes[at] | 0x20 : bytes[at]);
    }
    out.setMade(column, mark);
  }

  /** {@code \x…}, or Base64. */
  private static void bytea(byte[] bytes, int from, int to, Fields out, int column) {
    String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    byte[] content;
    try {
      content =
          text.startsWith("\\x")
              ? HexFormat.of().parseHex(text, 2, text.length())
              : Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException neither) {
      throw new BadRecord("it is no bytea, neither \\x… nor Base64");
    }
    hex(content, 0, content.length, out, column);
  }

  /** The column is these bytes, of type bytea. */
  static void hex(byte[] content, int from, int to, Fields out, int column) {
    Buffer made = out.made();
    int mark = made.size();
    made.put('\\');
    made.put('x');
    for (int at = from; at < to; at++) {
      hex(content[at], made);
    }
    out.setMade(column, mark);
  }

  static void hex(byte b, Buffer made) {
    made.put(Character.forDigit(b >> 4 & 15, 16));
    made.put(Character.forDigit(b & 15, 16));
  }
}
