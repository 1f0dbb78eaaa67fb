package akkasinks.change;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes that encoders write to and that is used again for each message. */
public final class Buffer {
  private byte[] bytes;
  private int size;

  public Buffer(int capacity) {
    bytes = new byte[Math.max(capacity, 64)];
  }

  public void put(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  public void put(byte[] source) {
    put(source, 0, source.length);
  }

  public void put(byte[] source, int offset, int length) {
    room(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** For what is short and rare; UTF-8. */
  public void put(String text) {
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes room for {@code length} more bytes and gives the array, to be written from {@link #size}.
   */
  public byte[] room(int length) {
    if (bytes.length - size < length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
    }
    return bytes;
  }

  /** Says that {@code length} bytes were written to the array that {@link #room} gave. */
  public void wrote(int length) {
    size += length;
  }

  public int size() {
    return size;
  }

  public void clear() {
    size = 0;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
