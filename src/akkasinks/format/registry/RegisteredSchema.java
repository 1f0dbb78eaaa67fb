package akkasinks.format.registry;

/**
 * A schema as a registry keeps it.
 *
 * @param kind as Confluent's API has it: AVRO, PROTOBUF or JSON
 */
public record RegisteredSchema(String kind, String text) {
  public static RegisteredSchema avro(String text) {
    return new RegisteredSchema("AVRO", text);
  }
}
