package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import akkasinks.format.text.Numbers;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * numeric as the whole number that it is at the schema's scale, in two's complement, the most
 * significant byte first. Equal numbers give equal bytes, whatever their scale was in the text.
 */
final class DecimalWriter implements ValueWriter {
  /** More could overflow 64 bits; the point may be one of them. */
  private static final int SHORT_DIGITS = 18;

  private static final long WORD = 0xFFFF_FFFFL;

  /** Ten to the power of the index, as 32-bit words, the least significant first. */
  private static final int[][] POWERS = powers();

  private final AvroType.Decimal type;
  private final int[] product = new int[POWERS[POWERS.length - 1].length + 2];

  DecimalWriter(AvroType.Decimal type) {
    this.type = type;
  }

  private static int[][] powers() {
    int[][] powers = new int[40][];
    for (int i = 0; i < powers.length; i++) {
      var power = BigInteger.TEN.pow(i);
      powers[i] = new int[power.bitLength() / Integer.SIZE + 1];
      for (int word = 0; word < powers[i].length; word++) {
        powers[i][word] = power.shiftRight(word * Integer.SIZE).intValue();
      }
    }
    return powers;
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    if (from == to) {
      throw new MalformedText("a number");
    }
    if (bytes[to - 1] > '9') {
      throw new NoForm("Avro's decimal has no NaN and no infinity");
    }
    boolean negative = bytes[from] == '-';
    int first = negative ? from + 1 : from;
    int point = first;
    while (point < to && bytes[point] != '.') {
      point++;
    }
    int decimals = Math.max(0, to - point - 1);
    int shift = type.scale() - decimals;
    boolean fits = point - first <= type.precision() - type.scale();
    if (shift >= 0 && shift < POWERS.length && fits && to - first <= SHORT_DIGITS) {
      put(digits(bytes, first, point, to), negative, shift, out);
    } else {
      put(unscaled(bytes, from, to), out);
    }
  }

  private static long digits(byte[] bytes, int from, int point, int to) {
    long number = 0;
    for (int at = from; at < to; at++) {
      if (at == point) {
        continue;
      }
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new MalformedText("a number in decimal notation");
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private BigInteger unscaled(byte[] bytes, int from, int to) {
    BigDecimal number;
    try {
      number = new BigDecimal(Numbers.text(bytes, from, to));
    } catch (NumberFormatException e) {
      throw new MalformedText("a number in decimal notation");
    }
    if (number.scale() > type.scale()) {
      number = number.stripTrailingZeros();
    }
    if (number.scale() > type.scale()
        || number.precision() - number.scale() > type.precision() - type.scale()) {
      throw new NoForm(
          "the schema's decimal has %d digits, %d of them after the point"
              .formatted(type.precision(), type.scale()));
    }
    return number.setScale(type.scale()).unscaledValue();
  }

  /** {@code number} times ten to the {@code shift}, multiplied out without an object. */
  private void put(long number, boolean negative, int shift, Buffer out) {
    int[] power = POWERS[shift];
    long carry = 0;
    for (int i = 0; i < power.length; i++) {
      carry += (power[i] & WORD) * (number & WORD);
      product[i] = (int) carry;
      carry >>>= Integer.SIZE;
    }
    product[power.length] = (int) carry;
    carry = 0;
    for (int i = 0; i < power.length; i++) {
      carry += (power[i] & WORD) * (number >>> Integer.SIZE) + (product[i + 1] & WORD);
      product[i + 1] = (int) carry;
      carry >>>= Integer.SIZE;
    }
    product[power.length + 1] = (int) carry;
    int words = power.length + 2;
    if (negative) {
      negate(words);
    }
    int size = type.size();
    Binary.whole(size, out);
    byte[] room = out.room(size);
    int end = out.size() + size - 1;
    int fill = negative && number != 0 ? -1 : 0;
    for (int i = 0; i < size; i++) {
      int word = i / Integer.BYTES < words ? product[i / Integer.BYTES] : fill;
      room[end - i] = (byte) (word >>> Byte.SIZE * (i % Integer.BYTES));
    }
    out.wrote(size);
  }

  private void negate(int words) {
    long carry = 1;
    for (int i = 0; i < words; i++) {
      carry += ~product[i] & WORD;
      product[i] = (int) carry;
      carry >>>= Integer.SIZE;
    }
  }

  /** Of numbers beyond Materialize's own, the largest need a byte more than its size. */
  private void put(BigInteger unscaled, Buffer out) {
    byte[] shortest = unscaled.toByteArray();
    int size = Math.max(type.size(), shortest.length);
    Binary.whole(size, out);
    for (int i = shortest.length; i < size; i++) {
      out.put(unscaled.signum() < 0 ? 0xFF : 0);
    }
    out.put(shortest);
  }
}
