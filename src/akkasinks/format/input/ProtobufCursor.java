package akkasinks.format.input;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Walks over Protobuf's wire form. One thread. */
final class ProtobufCursor {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private byte[] bytes = {};
  private int at;
  private int end;

  void over(byte[] message) {
    bytes = message;
    at = 0;
    end = message.length;
  }

  /** Passes Confluent's framing, and gives the schema's id. */
  int schema() {
    if (bytes.length < 6 || bytes[0] != 0) {
      throw new BadRecord("it is not Protobuf as a schema registry's clients write it");
    }
    at = 1;
    int id = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      id = id << 8 | bytes[at++] & 0xFF;
    }
    return id;
  }

  /** Behind the id: which message of the schema it is. */
  List<Integer> path() {
    long count = signed();
    if (count == 0) {
      return List.of(0);
    }
    List<Integer> path = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      path.add((int) signed());
    }
    return path;
  }

  private long signed() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  byte[] bytes() {
    return bytes;
  }

  int at() {
    return at;
  }

  boolean more() {
    return at < end;
  }

  /** Goes into a part that a length stands before; gives the end to return to. */
  int enter() {
    int length = length();
    int outer = end;
    end = at + length;
    return outer;
  }

  void leave(int outer) {
    at = end;
    end = outer;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      need(1);
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new BadRecord("a number in it is too long");
  }

  int fixed32() {
    return (int) fixed(Integer.BYTES);
  }

  long fixed64() {
    return fixed(Long.BYTES);
  }

  private long fixed(int size) {
    need(size);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xFF;
    }
    at += size;
    return value;
  }

  private int length() {
    long length = varint();
    need(length);
    return (int) length;
  }

  /** What a length stands before; gives where it begins. */
  int take() {
    int length = length();
    int from = at;
    at += length;
    return from;
  }

  String text() {
    int from = take();
    Utf8.check(bytes, from, at);
    return new String(bytes, from, at - from, StandardCharsets.UTF_8);
  }

  void skip(int wire) {
    switch (wire) {
      case VARINT -> varint();
      case FIXED64 -> fixed64();
      case LENGTH -> take();
      case FIXED32 -> fixed32();
      default -> throw new BadRecord("it is no Protobuf message");
    }
  }

  private void need(long length) {
    if (length < 0 || length > end - at) {
      throw new BadRecord("it ends too early");
    }
  }
}
