package akkasinks.format.input;

import java.nio.charset.StandardCharsets;

/** Walks over Avro's binary form. One thread. */
final class AvroCursor {
  private byte[] bytes = {};
  private int at;

  /** Gives the id of the schema that Confluent's framing names. */
  int over(byte[] framed) {
    if (framed.length < 5 || framed[0] != 0) {
      throw new BadRecord("it is not Avro as a schema registry's clients write it");
    }
    bytes = framed;
    at = 5;
    return (framed[1] & 0xFF) << 24
        | (framed[2] & 0xFF) << 16
        | (framed[3] & 0xFF) << 8
        | framed[4] & 0xFF;
  }

  byte[] bytes() {
    return bytes;
  }

  void expectEnd() {
    if (at != bytes.length) {
      throw new BadRecord("it is longer than its schema says");
    }
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = one();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value >>> 1 ^ -(value & 1);
      }
    }
    throw new BadRecord("a number in it is too long");
  }

  boolean bool() {
    return one() != 0;
  }

  float float4() {
    return Float.intBitsToFloat((int) fixed(4));
  }

  double float8() {
    return Double.longBitsToDouble(fixed(8));
  }

  private long fixed(int size) {
    int from = take(size);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[from + i] & 0xFF;
    }
    return value;
  }

  /** A length, to be taken next. */
  int length() {
    long length = number();
    if (length < 0 || length > bytes.length - at) {
      throw ended();
    }
    return (int) length;
  }

  /** Passes over that many bytes and gives where they begin. */
  int take(int length) {
    if (length > bytes.length - at) {
      throw ended();
    }
    int from = at;
    at += length;
    return from;
  }

  String text() {
    int length = length();
    int from = take(length);
    Utf8.check(bytes, from, from + length);
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  /** How many elements the next block of an array or a map has; 0 at its end. */
  long block() {
    long count = number();
    if (count < 0) {
      number();
      count = -count;
    }
    // Elements without a byte would let a short record stand for any amount of memory.
    if (count < 0 || count > bytes.length) {
      throw ended();
    }
    return count;
  }

  private int one() {
    return bytes[take(1)];
  }

  private static BadRecord ended() {
    return new BadRecord("it is shorter than its schema says");
  }
}
