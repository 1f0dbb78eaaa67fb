package akkasinks.verify;

import java.util.Arrays;

/** Bytes as a key of a map. */
record Bytes(byte[] array) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }
}
