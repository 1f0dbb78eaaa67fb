package akkasinks.format.protobuf;

import java.util.HexFormat;

/** Messages of schemas that a user gives. */
public final class ProtobufMessages {
  private ProtobufMessages() {}

  /**
   * @param schema the text of a file, or a compiled one as {@code \x} and hexadecimal digits
   * @param message its full name
   * @throws IllegalArgumentException if that is no schema, or has no such message
   */
  public static ProtoType.Struct find(String schema, String message) {
    var parsed =
        schema.startsWith("\\x")
            ? ProtoSchema.ofDescriptors(HexFormat.of().parseHex(schema.substring(2)))
            : ProtoSchema.parse(schema);
    return parsed
        .message(message)
        .orElseThrow(() -> new IllegalArgumentException("it has no message \"" + message + "\""));
  }
}
