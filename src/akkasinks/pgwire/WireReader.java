package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Takes the parts of one message; one that ends too early or has more is a protocol violation. */
final class WireReader {
  private final ByteBuffer body;

  WireReader(byte[] body) {
    this.body = ByteBuffer.wrap(body);
  }

  int int8() {
    need(1);
    return body.get() & 0xff;
  }

  int int16() {
    need(2);
    return body.getShort() & 0xffff;
  }

  int int32() {
    need(4);
    return body.getInt();
  }

  byte[] bytes(int length) {
    if (length < 0) {
      throw violation("a length is negative");
    }
    need(length);
    byte[] bytes = new byte[length];
    body.get(bytes);
    return bytes;
  }

  /** Up to a zero byte. */
  String text() {
    int start = body.position();
    int end = start;
    while (end < body.limit() && body.get(end) != 0) {
      end++;
    }
    if (end == body.limit()) {
      throw violation("a text has no end");
    }
    String text = utf8(bytes(end - start));
    body.get();
    return text;
  }

  boolean hasMore() {
    return body.hasRemaining();
  }

  void end() {
    if (body.hasRemaining()) {
      throw violation("a message is longer than its content");
    }
  }

  /**
   * @throws FailureException INVALID_PARAMETER for bytes that are no UTF-8; the connection may go
   *     on
   */
  static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Failure.of(Code.INVALID_PARAMETER, "invalid byte sequence for encoding \"UTF8\"")
          .exception(e);
    }
  }

  /** After it the connection must end: where the next message begins is not known. */
  static FailureException violation(String what) {
    return Failure.of(Code.PROTOCOL, "protocol violation: " + what).exception();
  }

  private void need(int length) {
    if (body.remaining() < length) {
      throw violation("a message is shorter than its content");
    }
  }
}
