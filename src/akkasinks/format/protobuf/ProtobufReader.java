package akkasinks.format.protobuf;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Walks over a message. */
final class ProtobufReader {
  private final ByteBuffer bytes;

  private ProtobufReader(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Of a message without a frame. */
  static ProtobufReader body(byte[] bytes) {
    return new ProtobufReader(ByteBuffer.wrap(bytes));
  }

  /** Of a framed message, past its frame. */
  static ProtobufReader framed(byte[] bytes) {
    int header = ProtobufFormat.HEADER;
    if (bytes.length < header || bytes[0] != 0 || bytes[header - 1] != 0) {
      throw broken();
    }
    return new ProtobufReader(ByteBuffer.wrap(bytes, header, bytes.length - header).slice());
  }

  boolean atEnd() {
    return !bytes.hasRemaining();
  }

  long varint() {
    long value = 0;
    int shift = 0;
    byte b;
    do {
      need(1);
      b = bytes.get();
      value |= (long) (b & 0x7F) << shift;
      shift += 7;
    } while (b < 0 && shift < Long.SIZE);
    return value;
  }

  /** What a length stands before. */
  byte[] take() {
    long length = varint();
    need(length);
    byte[] taken = new byte[(int) length];
    bytes.get(taken);
    return taken;
  }

  /** Passes the value that stands behind a tag. */
  void skip(long tag) {
    switch ((int) (tag & 7)) {
      case Wire.VARINT -> varint();
      case Wire.FIXED64 -> fixed64();
      case Wire.LENGTH -> take();
      case Wire.FIXED32 -> fixed32();
      default -> throw broken();
    }
  }

  int fixed32() {
    need(Integer.BYTES);
    return bytes.getInt();
  }

  long fixed64() {
    need(Long.BYTES);
    return bytes.getLong();
  }

  private void need(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw broken();
    }
  }

  static FailureException broken() {
    return Failure.of(Code.DATA, "a record in the topic is not one that this sink wrote")
        .detail("It is not Protobuf of the sink's schema")
        .hint("Another writer may use the topic. Give the sink a topic of its own.")
        .exception();
  }
}
