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
  /** More could overflow 64 bits. */
  private static final int SHORT_DIGITS = 18;

  private final AvroType.Decimal type;

  DecimalWriter(AvroType.Decimal type) {
    this.type = type;
  }

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    if (from == to) {
      throw new MalformedText("a number");
    }
    if (bytes[to - 1] > '9') {
      throw new NoForm("Avro's decimal has no NaN and no infinity");
    }
    int point = from;
    while (point < to && bytes[point] != '.') {
      point++;
    }
    int decimals = Math.max(0, to - point - 1);
    if (decimals <= type.scale() && point - from + type.scale() <= SHORT_DIGITS) {
      put(unscaled(bytes, from, point, to, decimals), out);
    } else {
      put(unscaled(bytes, from, to), out);
    }
  }

  private long unscaled(byte[] bytes, int from, int point, int to, int decimals) {
    boolean negative = bytes[from] == '-';
    long number = 0;
    for (int at = negative ? from + 1 : from; at < to; at++) {
      if (at == point) {
        continue;
      }
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new MalformedText("a number in decimal notation");
      }
      number = number * 10 + digit;
    }
    for (int i = decimals; i < type.scale(); i++) {
      number *= 10;
    }
    return negative ? -number : number;
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

  private void put(long unscaled, Buffer out) {
    int size = type.size();
    Binary.whole(size, out);
    byte[] room = out.room(size);
    int at = out.size();
    for (int i = size - 1, shift = 0; i >= 0; i--, shift += Byte.SIZE) {
      room[at + i] = (byte) (unscaled >> Math.min(shift, Long.SIZE - 1));
    }
    out.wrote(size);
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
