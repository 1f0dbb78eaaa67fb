package akkasinks.change;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes that encoders write to and that is used again for each message. */
public final class Buffer {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Always free behind what is written, so that short pieces can be copied as two words. */
  private static final int SLACK = 16;

  private byte[] bytes;
  private int size;

  public Buffer(int capacity) {
    bytes = new byte[Math.max(capacity, 64) + SLACK];
  }

  public void put(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  public void put(byte[] source) {
    put(source, 0, source.length);
  }

  public void put(byte[] source, int offset, int length) {
    copy(source, offset, room(length), size, length);
    size += length;
  }

  /** The piece between two quotation marks. */
  public void quoted(byte[] source, int offset, int length) {
    byte[] to = room(length + 2);
    to[size] = '"';
    copy(source, offset, to, size + 1, length);
    to[size + 1 + length] = '"';
    size += length + 2;
  }

  /** May write up to {@link #SLACK} bytes more than {@code length}. */
  private static void copy(byte[] source, int offset, byte[] to, int at, int length) {
    if (length <= 16 && offset + 16 <= source.length) {
      WORD.set(to, at, (long) WORD.get(source, offset));
      WORD.set(to, at + 8, (long) WORD.get(source, offset + 8));
    } else {
      System.arraycopy(source, offset, to, at, length);
    }
  }

  /** For what is short and rare; UTF-8. */
  public void put(String text) {
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes room for {@code length} more bytes and gives the array, to be written from {@link #size}.
   */
  public byte[] room(int length) {
    if (bytes.length - SLACK - size < length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length + SLACK));
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
