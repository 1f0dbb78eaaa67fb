package akkasinks.partition.expression;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes within an array that is not to be written to; a text's are UTF-8. Compared as bytes. */
record Slice(byte[] bytes, int from, int to) implements Comparable<Slice> {
  static Slice of(byte[] bytes) {
    return new Slice(bytes, 0, bytes.length);
  }

  static Slice of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  int length() {
    return to - from;
  }

  String text() {
    return new String(bytes, from, length(), StandardCharsets.UTF_8);
  }

  Slice then(Slice other) {
    byte[] both = Arrays.copyOfRange(bytes, from, to + other.length());
    System.arraycopy(other.bytes, other.from, both, length(), other.length());
    return of(both);
  }

  @Override
  public int compareTo(Slice other) {
    return Arrays.compareUnsigned(bytes, from, to, other.bytes, other.from, other.to);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slice that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int at = from; at < to; at++) {
      hash = 31 * hash + bytes[at];
    }
    return hash;
  }
}
