package akkasinks.change;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The record headers of some {@link Messages}: repeated names are kept, in order. Made only for
 * sinks that have headers; filled by one thread, then only read.
 */
public final class Headers {
  private static final int NULL = -1;

  private final Buffer content = new Buffer(1024);

  /** Where each record's headers end. */
  private int[] ends = new int[64];

  private int records;

  /**
   * Adds one to the record that is being filled.
   *
   * @param value null for a header without value
   */
  public void add(String name, byte @Nullable [] value) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    number(utf8.length);
    content.put(utf8);
    if (value == null) {
      number(NULL);
    } else {
      number(value.length);
      content.put(value);
    }
  }

  private void number(int number) {
    ByteBuffer.wrap(content.room(4)).putInt(content.size(), number);
    content.wrote(4);
  }

  /** What was added since the record before belongs to this one. */
  void end(int record) {
    if (record >= ends.length) {
      ends = Arrays.copyOf(ends, Math.max(record + 1, ends.length * 2));
    }
    int begin = records == 0 ? 0 : ends[records - 1];
    // Records before the first that had any.
    Arrays.fill(ends, records, record, begin);
    ends[record] = content.size();
    records = record + 1;
  }

  /** Takes one header. */
  @FunctionalInterface
  public interface Each {
    void take(String name, byte @Nullable [] value);
  }

  /** Those of one record, in order. */
  public void of(int record, Each each) {
    if (record >= records) {
      return;
    }
    var bytes = ByteBuffer.wrap(content.room(0));
    bytes.position(record == 0 ? 0 : ends[record - 1]);
    while (bytes.position() < ends[record]) {
      byte[] name = new byte[bytes.getInt()];
      bytes.get(name);
      int length = bytes.getInt();
      byte @Nullable [] value = null;
      if (length != NULL) {
        value = new byte[length];
        bytes.get(value);
      }
      each.take(new String(name, StandardCharsets.UTF_8), value);
    }
  }

  int bytes() {
    return content.size();
  }
}
