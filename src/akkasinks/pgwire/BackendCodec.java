package akkasinks.pgwire;

import akkasinks.base.Failure;
import akkasinks.base.Notice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** From what the node says to bytes (PostgreSQL's manual, "Message Formats"). */
final class BackendCodec {
  private static final int AT_FIRST = 64;
  private static final String SUCCESS = "00000";

  private BackendCodec() {}

  static byte[] bytes(BackendMessage message) {
    Writer writer = new Writer();
    char type =
        switch (message) {
          case BackendMessage.Authenticated() -> {
            writer.int32(0);
            yield 'R';
          }
          case BackendMessage.AskSasl(String mechanism) -> {
            writer.int32(10).text(mechanism).int8(0);
            yield 'R';
          }
          case BackendMessage.SaslContinue(String data) -> {
            writer.int32(11).bytes(data.getBytes(StandardCharsets.UTF_8));
            yield 'R';
          }
          case BackendMessage.SaslFinal(String data) -> {
            writer.int32(12).bytes(data.getBytes(StandardCharsets.UTF_8));
            yield 'R';
          }
          case BackendMessage.NegotiateProtocol(int minor, var options) -> {
            writer.int32((3 << 16) | minor).int32(options.size());
            options.forEach(writer::text);
            yield 'v';
          }
          case BackendMessage.ParameterStatus(String name, String value) -> {
            writer.text(name).text(value);
            yield 'S';
          }
          case BackendMessage.KeyData(var key) -> {
            writer.int32(key.process()).int32(key.secret());
            yield 'K';
          }
          case BackendMessage.Ready(char status) -> {
            writer.int8(status);
            yield 'Z';
          }
          case BackendMessage.Description(var fields) -> {
            writer.int16(fields.size());
            for (BackendMessage.Field field : fields) {
              writer.text(field.name()).int32(0).int16(0).int32(field.type().oid());
              writer.int16(field.type().length()).int32(-1).int16(field.format().ordinal());
            }
            yield 'T';
          }
          case BackendMessage.Row(var values) -> {
            writer.int16(values.size());
            for (Optional<byte[]> value : values) {
              value.ifPresentOrElse(
                  bytes -> writer.int32(bytes.length).bytes(bytes), () -> writer.int32(-1));
            }
            yield 'D';
          }
          case BackendMessage.Complete(String tag) -> {
            writer.text(tag);
            yield 'C';
          }
          case BackendMessage.Error(var severity, Failure failure) -> {
            error(writer, severity, failure);
            yield 'E';
          }
          case BackendMessage.Noticed(Notice notice) -> {
            writer.field('S', "NOTICE").field('V', "NOTICE").field('C', SUCCESS);
            writer.field('M', notice.message()).field('D', notice.detail());
            writer.field('H', notice.hint()).int8(0);
            yield 'N';
          }
          case BackendMessage.Parameters(var types) -> {
            writer.int16(types.size());
            types.forEach(writer::int32);
            yield 't';
          }
          case BackendMessage.Empty() -> 'I';
          case BackendMessage.Parsed() -> '1';
          case BackendMessage.Bound() -> '2';
          case BackendMessage.Closed() -> '3';
          case BackendMessage.NoData() -> 'n';
          case BackendMessage.Suspended() -> 's';
        };
    return writer.message(type);
  }

  private static void error(Writer writer, BackendMessage.Severity severity, Failure failure) {
    writer.field('S', severity.name()).field('V', severity.name());
    writer.field('C', failure.code().sqlState()).field('M', failure.message());
    writer.field('D', failure.detail()).field('H', failure.hint());
    writer.field('P', failure.position() > 0 ? Integer.toString(failure.position()) : "");
    writer.field('c', failure.column()).int8(0);
  }

  private static final class Writer {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(AT_FIRST);

    Writer int8(int value) {
      body.write(value);
      return this;
    }

    Writer int16(int value) {
      return int8(value >>> 8).int8(value);
    }

    Writer int32(int value) {
      return int16(value >>> 16).int16(value);
    }

    Writer bytes(byte[] bytes) {
      body.writeBytes(bytes);
      return this;
    }

    /** Ends at a zero byte, so it cannot hold one. */
    Writer text(String text) {
      return bytes(text.replace("\0", "").getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    /** What is empty is left out. */
    Writer field(char type, String text) {
      return text.isEmpty() ? this : int8(type).text(text);
    }

    byte[] message(char type) {
      byte[] message = new byte[body.size() + 5];
      int length = body.size() + 4;
      message[0] = (byte) type;
      for (int i = 0; i < 4; i++) {
        message[i + 1] = (byte) (length >>> (24 - 8 * i));
      }
      System.arraycopy(body.toByteArray(), 0, message, 5, body.size());
      return message;
    }
  }
}
