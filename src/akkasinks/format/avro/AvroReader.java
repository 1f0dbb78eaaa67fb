package akkasinks.format.avro;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.util.Arrays;

/** Walks over bytes in Avro's binary form. */
final class AvroReader {
  private final byte[] bytes;
  private int at;

  AvroReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Passes the frame and gives the schema's id. */
  int header() {
    need(AvroFormat.HEADER);
    if (bytes[at] != 0) {
      throw broken();
    }
    int id = 0;
    for (int i = 1; i < AvroFormat.HEADER; i++) {
      id = id << 8 | (bytes[at + i] & 0xFF);
    }
    at += AvroFormat.HEADER;
    return id;
  }

  long whole() {
    long rest = 0;
    int shift = 0;
    byte b;
    do {
      need(1);
      b = bytes[at++];
      rest |= (long) (b & 0x7F) << shift;
      shift += 7;
    } while (b < 0 && shift < Long.SIZE);
    return rest >>> 1 ^ -(rest & 1);
  }

  /** What a length that stands before something says, or the fixed one. */
  byte[] take(long length) {
    need(length);
    byte[] taken = Arrays.copyOfRange(bytes, at, at + (int) length);
    at += (int) length;
    return taken;
  }

  void skip(long length) {
    need(length);
    at += (int) length;
  }

  int position() {
    return at;
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  private void need(long length) {
    if (length < 0 || length > bytes.length - at) {
      throw broken();
    }
  }

  static FailureException broken() {
    return Failure.of(Code.DATA, "a record in the topic is not one that this sink wrote")
        .detail("It is not Avro of the sink's schema")
        .hint("Another writer may use the topic. Give the sink a topic of its own.")
        .exception();
  }
}
