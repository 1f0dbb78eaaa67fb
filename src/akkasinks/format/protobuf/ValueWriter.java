package akkasinks.format.protobuf;

import akkasinks.change.Buffer;

/**
 * Writes one value that is not NULL, from its text in {@code bytes[from, to)}, with its length if
 * its wire type has one, without its field's tag. Those for types with parts keep a buffer of their
 * own: a writer belongs to one place in one encoder, and to one thread.
 */
sealed interface ValueWriter
    permits ScalarWriter, JsonWriter, ArrayWriter, TextMapWriter, CompositeWriter {
  /**
   * @throws akkasinks.format.text.MalformedText if the text is not what PostgreSQL writes for the
   *     type
   * @throws akkasinks.format.text.NoForm if the type has no place for the value
   */
  void write(byte[] bytes, int from, int to, Buffer out);

  /**
   * @param file holds the numbers of the fields within
   */
  static ValueWriter of(ProtobufType type, ProtoFile file) {
    return switch (type) {
      case ProtobufType.Scalar scalar -> scalar(scalar);
      case ProtobufType.Array array -> new ArrayWriter(array, file);
      case ProtobufType.TextMap map -> new TextMapWriter(map, file);
      case ProtobufType.Message message -> new CompositeWriter(message, file);
    };
  }

  private static ValueWriter scalar(ProtobufType.Scalar type) {
    return switch (type) {
      case BOOL -> ScalarWriter.BOOL;
      case INT32, INT64, UINT32 -> ScalarWriter.WHOLE;
      case FLOAT -> ScalarWriter.FLOAT;
      case DOUBLE -> ScalarWriter.DOUBLE;
      case STRING -> ScalarWriter.STRING;
      case BYTES -> ScalarWriter.BYTES;
      case JSON -> new JsonWriter();
      case SHORTEST_NUMERIC -> ScalarWriter.SHORTEST_NUMERIC;
      case TIMESTAMP -> ScalarWriter.TIMESTAMP;
    };
  }
}
