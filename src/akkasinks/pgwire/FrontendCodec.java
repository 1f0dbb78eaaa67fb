package akkasinks.pgwire;

import akkasinks.pgwire.FrontendMessage.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From bytes to what a client says (PostgreSQL's manual, "Message Formats"). */
final class FrontendCodec {
  private static final int PROTOCOL_MAJOR = 3;
  private static final int CANCEL = 80877102;
  private static final int TLS = 80877103;
  private static final int GSS = 80877104;

  private FrontendCodec() {}

  /**
   * @param body without the length that goes before it
   * @throws akkasinks.base.FailureException PROTOCOL if this is no such packet
   */
  static StartupPacket startup(byte[] body) {
    WireReader reader = new WireReader(body);
    int code = reader.int32();
    return switch (code) {
      case CANCEL -> {
        var key = new StartupPacket.BackendKey(reader.int32(), reader.int32());
        reader.end();
        yield new StartupPacket.Cancel(key);
      }
      case TLS -> {
        reader.end();
        yield new StartupPacket.AskTls();
      }
      case GSS -> {
        reader.end();
        yield new StartupPacket.AskGss();
      }
      default -> {
        if (code >>> 16 != PROTOCOL_MAJOR) {
          throw WireReader.violation(
              "unsupported frontend protocol %d.%d: server supports 3.0"
                  .formatted(code >>> 16, code & 0xffff));
        }
        yield new StartupPacket.Start(code & 0xffff, parameters(reader));
      }
    };
  }

  private static Map<String, String> parameters(WireReader reader) {
    Map<String, String> parameters = new LinkedHashMap<>();
    while (true) {
      String name = reader.text();
      if (name.isEmpty()) {
        reader.end();
        return parameters;
      }
      parameters.put(name, reader.text());
    }
  }

  /** Whether a message of this type exists: else nothing that follows can be trusted. */
  static boolean isType(int type) {
    return type > 0 && "QPBDCESHXFcdfp".indexOf(type) >= 0;
  }

  /**
   * @param type one that {@link #isType} knows
   * @param body without type and length
   * @throws akkasinks.base.FailureException PROTOCOL if the body is not of this type
   */
  static FrontendMessage message(int type, byte[] body) {
    WireReader reader = new WireReader(body);
    FrontendMessage message =
        switch (type) {
          case 'Q' -> new FrontendMessage.Query(reader.text());
          case 'P' -> parse(reader);
          case 'B' -> bind(reader);
          case 'D' -> new FrontendMessage.Describe(target(reader), reader.text());
          case 'C' -> new FrontendMessage.Close(target(reader), reader.text());
          case 'E' -> new FrontendMessage.Execute(reader.text(), reader.int32());
          case 'S' -> new FrontendMessage.Sync();
          case 'H' -> new FrontendMessage.Flush();
          case 'X' -> new FrontendMessage.Terminate();
          case 'F' -> unread(reader, new FrontendMessage.Unsupported("function call"));
          case 'p' -> unread(reader, new FrontendMessage.Unsupported("password"));
          default -> unread(reader, new FrontendMessage.Ignored());
        };
    reader.end();
    return message;
  }

  private static FrontendMessage unread(WireReader reader, FrontendMessage message) {
    while (reader.hasMore()) {
      reader.int8();
    }
    return message;
  }

  private static FrontendMessage parse(WireReader reader) {
    String name = reader.text();
    String sql = reader.text();
    List<Integer> types = new ArrayList<>();
    for (int n = reader.int16(); n > 0; n--) {
      types.add(reader.int32());
    }
    return new FrontendMessage.Parse(name, sql, types);
  }

  private static FrontendMessage bind(WireReader reader) {
    String portal = reader.text();
    String statement = reader.text();
    List<Integer> formats = int16s(reader);
    List<Optional<byte[]>> values = new ArrayList<>();
    for (int n = reader.int16(); n > 0; n--) {
      int length = reader.int32();
      values.add(length == -1 ? Optional.empty() : Optional.of(reader.bytes(length)));
    }
    return new FrontendMessage.Bind(portal, statement, formats, values, int16s(reader));
  }

  private static List<Integer> int16s(WireReader reader) {
    List<Integer> list = new ArrayList<>();
    for (int n = reader.int16(); n > 0; n--) {
      list.add(reader.int16());
    }
    return list;
  }

  private static Target target(WireReader reader) {
    return switch (reader.int8()) {
      case 'S' -> Target.STATEMENT;
      case 'P' -> Target.PORTAL;
      default -> throw WireReader.violation("neither a statement nor a portal is meant");
    };
  }
}
