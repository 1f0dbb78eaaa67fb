package akkasinks.format.plain;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Column;
import akkasinks.change.Type.Scalar;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Reads keys that {@link PlainFormat} wrote, for what must ask the source about them. */
public final class PlainKeys {
  private PlainKeys() {}

  /** The key as PostgreSQL's text. */
  public static List<String> ofText(byte[] key) {
    return List.of(utf8(key, 0));
  }

  /**
   * The same.
   *
   * @throws akkasinks.base.FailureException DATA if the key is not of this form
   */
  public static List<String> ofBinary(Column column, byte[] key) {
    var type = column.type().base();
    try {
      var bytes = ByteBuffer.wrap(key);
      return List.of(type instanceof Scalar scalar ? scalar(scalar, bytes, key) : utf8(key, 0));
    } catch (java.nio.BufferUnderflowException e) {
      throw Failure.of(Code.DATA, "a record key in the topic is not one that this sink wrote")
          .detail("It is not the binary form of column \"%s\"".formatted(column.name()))
          .hint("Remove what else writes to the topic, then RESNAPSHOT")
          .exception(e);
    }
  }

  private static String scalar(Scalar type, ByteBuffer bytes, byte[] key) {
    return switch (type) {
      case BOOL -> bytes.get() == 1 ? "t" : "f";
      case INT2 -> Short.toString(bytes.getShort());
      case INT4 -> Integer.toString(bytes.getInt());
      case OID -> Integer.toUnsignedString(bytes.getInt());
      case INT8 -> Long.toString(bytes.getLong());
      case FLOAT4 -> Float.toString(bytes.getFloat());
      case FLOAT8 -> Double.toString(bytes.getDouble());
      case BYTEA -> "\\x" + HexFormat.of().formatHex(key);
      case UUID -> new UUID(bytes.getLong(), bytes.getLong()).toString();
      case JSONB -> utf8(key, 1);
      default -> utf8(key, 0);
    };
  }

  private static String utf8(byte[] key, int from) {
    return new String(key, from, key.length - from, StandardCharsets.UTF_8);
  }
}
