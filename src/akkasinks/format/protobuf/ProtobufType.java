package akkasinks.format.protobuf;

import java.util.List;

/** A type of a schema, and what a value of it is written from. Names in it are Protobuf's. */
sealed interface ProtobufType {

  /** Types without parts. */
  enum Scalar implements ProtobufType {
    BOOL("bool", Wire.VARINT),
    INT32("int32", Wire.VARINT),
    INT64("int64", Wire.VARINT),
    UINT32("uint32", Wire.VARINT),
    FLOAT("float", Wire.FIXED32),
    DOUBLE("double", Wire.FIXED64),
    STRING("string", Wire.LENGTH),
    BYTES("bytes", Wire.LENGTH),
    /** A string that holds JSON. */
    JSON("string", Wire.LENGTH),
    /** A string that holds a number, without zeros at the end of its fraction. */
    SHORTEST_NUMERIC("string", Wire.LENGTH),
    TIMESTAMP(TIMESTAMP_NAME, Wire.LENGTH);

    private final String text;
    private final int wire;

    Scalar(String text, int wire) {
      this.text = text;
      this.wire = wire;
    }
  }

  String TIMESTAMP_NAME = "google.protobuf.Timestamp";

  /** The message around an array's elements: NULL and an empty array could not be told apart. */
  String ELEMENTS = "values";

  String ENTRIES = "entries";
  String ENTRIES_TYPE = "map<string, string>";

  /**
   * @param name of the message that the elements are in
   */
  record Array(String name, ProtobufType element, char delimiter) implements ProtobufType {}

  /** hstore. */
  record TextMap(String name) implements ProtobufType {}

  /** A row, or a value of a composite type. */
  record Message(String name, List<Field> fields) implements ProtobufType {
    public Message {
      fields = List.copyOf(fields);
    }
  }

  /** NULL is the absence of the field. */
  record Field(String name, ProtobufType type) {}

  /** As a schema names it. */
  default String text() {
    return switch (this) {
      case Scalar scalar -> scalar.text;
      case Array array -> array.name();
      case TextMap map -> map.name();
      case Message message -> message.name();
    };
  }

  /** How its values lie on the wire. */
  default int wire() {
    return this instanceof Scalar scalar ? scalar.wire : Wire.LENGTH;
  }
}
