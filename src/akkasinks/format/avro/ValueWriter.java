package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.format.text.NoForm;

/**
 * Writes one value that is not NULL in Avro's binary form, from its text in {@code bytes[from,
 * to)}. Those for types with parts keep a buffer of their own: a writer belongs to one place in one
 * encoder, and to one thread.
 */
sealed interface ValueWriter
    permits ScalarWriter, DecimalWriter, JsonWriter, ArrayWriter, TextMapWriter, CompositeWriter {
  /**
   * @throws akkasinks.format.text.MalformedText if the text is not what PostgreSQL writes for the
   *     type
   * @throws NoForm if the Avro type has no place for the value
   */
  void write(byte[] bytes, int from, int to, Buffer out);

  static ValueWriter of(AvroType type) {
    return switch (type) {
      case AvroType.Scalar scalar -> scalar(scalar);
      case AvroType.Decimal decimal -> new DecimalWriter(decimal);
      case AvroType.Array array -> new ArrayWriter(of(array.element()), array.delimiter());
      case AvroType.TextMap _ -> new TextMapWriter();
      case AvroType.Row row -> new CompositeWriter(row);
    };
  }

  private static ValueWriter scalar(AvroType.Scalar type) {
    return switch (type) {
      case BOOLEAN -> ScalarWriter.BOOLEAN;
      case INT, LONG -> ScalarWriter.WHOLE;
      case FLOAT -> ScalarWriter.FLOAT;
      case DOUBLE -> ScalarWriter.DOUBLE;
      case STRING, UUID -> ScalarWriter.STRING;
      case BYTES -> ScalarWriter.BYTES;
      case DATE -> ScalarWriter.DATE;
      case TIME_MICROS -> ScalarWriter.TIME;
      case TIMESTAMP_MILLIS -> ScalarWriter.TIMESTAMP_MILLIS;
      case TIMESTAMP_MICROS -> ScalarWriter.TIMESTAMP_MICROS;
      case JSON -> new JsonWriter();
      case UINT4 -> ScalarWriter.UINT4;
      case INTERVAL -> ScalarWriter.INTERVAL;
    };
  }
}
