package akkasinks.verify;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A value as far as a comparison and its report need it: whole if it is short, else its beginning
 * and a digest (SHA-256 cut to 128 bits), so that wide rows do not fill disk and heap.
 */
final class Sample {
  private static final int WHOLE = 256;
  private static final int DIGEST = 16;
  private static final int SHOWN = 200;

  private final int length;
  private final byte[] bytes;

  private Sample(int length, byte[] bytes) {
    this.length = length;
    this.bytes = bytes;
  }

  static Sample of(byte[] value) {
    if (value.length <= WHOLE) {
      return new Sample(value.length, value);
    }
    byte[] cut = Arrays.copyOf(value, WHOLE + DIGEST);
    System.arraycopy(sha256().digest(value), 0, cut, WHOLE, DIGEST);
    return new Sample(value.length, cut);
  }

  static Sample read(DataInput in) throws IOException {
    int length = in.readInt();
    byte[] bytes = new byte[length <= WHOLE ? length : WHOLE + DIGEST];
    in.readFully(bytes);
    return new Sample(length, bytes);
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(length);
    out.write(bytes);
  }

  boolean same(Sample other) {
    return length == other.length && Arrays.equals(bytes, other.bytes);
  }

  /** For people: the beginning as text. */
  String shown() {
    return shown(bytes, Math.min(length, WHOLE), length);
  }

  static String shown(byte[] text) {
    return shown(text, text.length, text.length);
  }

  private static String shown(byte[] bytes, int whole, int length) {
    String text = new String(bytes, 0, Math.min(whole, SHOWN), StandardCharsets.UTF_8);
    return length <= SHOWN ? text : text + "… (%d bytes)".formatted(length);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
