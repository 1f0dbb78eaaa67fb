package akkasinks.format.protobuf;

import akkasinks.change.Buffer;
import akkasinks.format.text.HexText;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Numbers;
import akkasinks.format.text.PostgresTime;

/**
 * Values without parts. One switch instead of a class each: a row of several types then calls its
 * writers directly, where a call through an interface costs as much as writing a number.
 */
enum ScalarWriter implements ValueWriter {
  BOOL,
  WHOLE,
  FLOAT,
  DOUBLE,
  STRING,
  BYTES,
  SHORTEST_NUMERIC,
  TIMESTAMP;

  static final int SECONDS = Wire.tag(1, Wire.VARINT);
  static final int NANOS = Wire.tag(2, Wire.VARINT);

  @Override
  public void write(byte[] bytes, int from, int to, Buffer out) {
    switch (this) {
      case BOOL -> bool(bytes, from, to, out);
      case WHOLE -> Wire.varint(Numbers.whole(bytes, from, to), out);
      case FLOAT -> Wire.fixed32(Float.floatToIntBits(Numbers.single(bytes, from, to)), out);
      case DOUBLE -> Wire.fixed64(Double.doubleToLongBits(Numbers.real(bytes, from, to)), out);
      case STRING -> Wire.bytes(bytes, from, to, out);
      case BYTES -> bytea(bytes, from, to, out);
      case SHORTEST_NUMERIC -> Wire.bytes(bytes, from, shortest(bytes, from, to), out);
      case TIMESTAMP -> timestamp(bytes, from, to, out);
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
    Wire.varint(length, out);
    byte[] room = out.room(length);
    int at = out.size();
    for (int i = first; i < to; i += 2) {
      room[at++] = (byte) HexText.octet(bytes, i);
    }
    out.wrote(length);
  }

  /** Where a number ends without the zeros at the end of its fraction. */
  private static int shortest(byte[] bytes, int from, int to) {
    int point = from;
    while (point < to && bytes[point] != '.') {
      point++;
    }
    int end = to;
    if (point < to) {
      while (bytes[end - 1] == '0') {
        end--;
      }
    }
    return end == point + 1 ? point : end;
  }

  /**
   * The infinities are the first and the last number, as in PostgreSQL itself. Zeros are left out:
   * the well-known type's fields have no presence.
   */
  private static void timestamp(byte[] bytes, int from, int to, Buffer out) {
    long seconds;
    int nanos = 0;
    if (to > from && bytes[to - 1] == 'y') {
      seconds = bytes[from] == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
    } else {
      var time = PostgresTime.parse(bytes, from, to);
      seconds = time.seconds();
      nanos = time.micros() * 1_000;
    }
    int length = out.size();
    out.put(0);
    if (seconds != 0) {
      out.put(SECONDS);
      Wire.varint(seconds, out);
    }
    if (nanos != 0) {
      out.put(NANOS);
      Wire.varint(nanos, out);
    }
    out.room(0)[length] = (byte) (out.size() - length - 1);
  }
}
