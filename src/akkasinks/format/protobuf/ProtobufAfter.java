package akkasinks.format.protobuf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts {@code after} out of values that have it and {@code before}, as bytes. */
public final class ProtobufAfter {
  private ProtobufAfter() {}

  /**
   * The frame stays before it: a row means nothing without its schema's id.
   *
   * @return null if the row is gone
   * @throws akkasinks.base.FailureException DATA if it is no such value
   */
  public static byte @Nullable [] of(byte[] value) {
    var in = ProtobufReader.framed(value);
    byte[] after = null;
    while (!in.atEnd()) {
      long tag = in.varint();
      if (tag == Wire.tag(ProtobufFormat.AFTER, Wire.LENGTH)) {
        after = in.take();
      } else {
        in.skip(tag);
      }
    }
    if (after == null) {
      return null;
    }
    byte[] framed = Arrays.copyOf(value, ProtobufFormat.HEADER + after.length);
    System.arraycopy(after, 0, framed, ProtobufFormat.HEADER, after.length);
    return framed;
  }
}
