package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.format.text.HexText;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import akkasinks.format.text.Numbers;
import akkasinks.format.text.PostgresTime;

/**
 * Values without parts. One switch instead of a class each: a row of several types then calls its
 * writers directly, where a call through an interface costs as much as writing a number.
 */
enum ScalarWriter implements ValueWriter {
  BOOLEAN,
  WHOLE,
  FLOAT,
  DOUBLE,
  STRING,
  BYTES,
  DATE,
  TIME,
  TIMESTAMP_MILLIS,
  TIMESTAMP_MICROS,
  UINT4,
  INTERVAL;

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    switch (this) {
      case BOOLEAN -> bool(bytes, from, to, out);
      case WHOLE -> Binary.whole(Numbers.whole(bytes, from, to), out);
      case FLOAT -> Binary.int32(Float.floatToIntBits(Numbers.single(bytes, from, to)), out);
      case DOUBLE -> Binary.int64(Double.doubleToLongBits(Numbers.real(bytes, from, to)), out);
      case STRING -> Binary.bytes(bytes, from, to, out);
      case BYTES -> bytea(bytes, from, to, out);
      case DATE -> Binary.whole(date(bytes, from, to), out);
      case TIME -> Binary.whole(PostgresTime.clock(bytes, from, to), out);
      case TIMESTAMP_MILLIS -> Binary.whole(timestamp(bytes, from, to, 1_000), out);
      case TIMESTAMP_MICROS -> Binary.whole(timestamp(bytes, from, to, 1_000_000), out);
      case UINT4 -> Binary.int32(Integer.reverseBytes((int) Numbers.whole(bytes, from, to)), out);
      case INTERVAL -> IntervalText.write(bytes, from, to, out);
    }
  }

  private static void bool(byte[] bytes, int from, int to, Buffer out) {
    if (to - from != 1 || (bytes[from] != 't' && bytes[from] != 'f')) {
      throw new MalformedText("t or f");
    }
    out.put(bytes[from] == 't' ? 1 : 0);
  }

  private static void bytea(byte[] bytes, int from, int to, Buffer out) {
    int first = HexText.digits(bytes, from, to);
    int length = (to - first) / 2;
    Binary.whole(length, out);
    byte[] room = out.room(length);
    int at = out.size();
    for (int i = first; i < to; i += 2) {
      room[at++] = (byte) HexText.octet(bytes, i);
    }
    out.wrote(length);
  }

  /** The infinities are the first and the last number, as in PostgreSQL itself. */
  private static long date(byte[] bytes, int from, int to) {
    if (infinite(bytes, to)) {
      return bytes[from] == '-' ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return PostgresTime.date(bytes, from, to);
  }

  /** As for a date. PostgreSQL's last years are beyond 64 bits of microseconds since 1970. */
  private static long timestamp(byte[] bytes, int from, int to, int unit) {
    if (infinite(bytes, to)) {
      return bytes[from] == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    var time = PostgresTime.parse(bytes, from, to);
    if (Math.abs(time.seconds()) > Long.MAX_VALUE / unit - 1) {
      throw new NoForm("timestamp-micros ends in the year 294247");
    }
    return time.seconds() * unit + time.micros() / (1_000_000 / unit);
  }

  private static boolean infinite(byte[] bytes, int to) {
    return to > 0 && bytes[to - 1] == 'y';
  }
}
