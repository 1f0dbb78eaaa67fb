package akkasinks.format.protobuf;

/** A message's fields as they are written: their tags and writers, in the order of the type. */
record MessageFields(int[] numbers, int[] tags, ValueWriter[] writers) {

  static MessageFields of(ProtobufType.Message type, ProtoFile file) {
    int size = type.fields().size();
    var numbers = new int[size];
    var tags = new int[size];
    var writers = new ValueWriter[size];
    for (int i = 0; i < size; i++) {
      var field = type.fields().get(i);
      numbers[i] = number(file, type.name(), field.name());
      tags[i] = Wire.tag(numbers[i], field.type().wire());
      writers[i] = ValueWriter.of(field.type(), file);
    }
    return new MessageFields(numbers, tags, writers);
  }

  static int number(ProtoFile file, String message, String field) {
    return file.message(message).orElseThrow().field(field).orElseThrow().number();
  }
}
