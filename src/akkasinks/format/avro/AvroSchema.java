package akkasinks.format.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Types as Avro's JSON. A named type is written out where it comes first, and by its name after
 * that.
 */
final class AvroSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final boolean nullDefaults;
  private final Set<String> defined = new HashSet<>();

  private AvroSchema(boolean nullDefaults) {
    this.nullDefaults = nullDefaults;
  }

  /** The schema of a row alone. */
  static ObjectNode of(AvroType.Row row, boolean nullDefaults) {
    return new AvroSchema(nullDefaults).record(row);
  }

  /** {@code before} and {@code after}, each the row or null. */
  static ObjectNode pair(String name, AvroType.Row row, boolean nullDefaults) {
    var schema = new AvroSchema(nullDefaults);
    var envelope = named(JSON.objectNode().put("type", "record"), name);
    var fields = envelope.putArray("fields");
    schema.nullable(fields.addObject().put("name", "before"), schema.record(row));
    schema.nullable(fields.addObject().put("name", "after"), JSON.textNode(row.name()));
    return envelope;
  }

  private ObjectNode record(AvroType.Row row) {
    var record = named(JSON.objectNode().put("type", "record"), row.name());
    if (!row.doc().isEmpty()) {
      record.put("doc", row.doc());
    }
    var fields = record.putArray("fields");
    for (var field : row.fields()) {
      var node = fields.addObject().put("name", field.name());
      if (field.nullable()) {
        nullable(node, of(field.type()));
      } else {
        node.set("type", of(field.type()));
      }
      if (!field.doc().isEmpty()) {
        node.put("doc", field.doc());
      }
    }
    return record;
  }

  private void nullable(ObjectNode field, JsonNode type) {
    field.set("type", orNull(type));
    if (nullDefaults) {
      field.putNull("default");
    }
  }

  private static ArrayNode orNull(JsonNode type) {
    return JSON.arrayNode().add("null").add(type);
  }

  private JsonNode of(AvroType type) {
    return switch (type) {
      case AvroType.Scalar scalar -> scalar(scalar);
      case AvroType.Decimal(int precision, int scale, int _) ->
          logical("bytes", "decimal").put("precision", precision).put("scale", scale);
      case AvroType.Array array ->
          JSON.objectNode().put("type", "array").set("items", orNull(of(array.element())));
      case AvroType.TextMap _ ->
          JSON.objectNode().put("type", "map").set("values", orNull(JSON.textNode("string")));
      case AvroType.Row row -> record(row);
    };
  }

  private JsonNode scalar(AvroType.Scalar type) {
    return switch (type) {
      case BOOLEAN -> JSON.textNode("boolean");
      case INT -> JSON.textNode("int");
      case LONG -> JSON.textNode("long");
      case FLOAT -> JSON.textNode("float");
      case DOUBLE -> JSON.textNode("double");
      case STRING -> JSON.textNode("string");
      case BYTES -> JSON.textNode("bytes");
      case DATE -> logical("int", "date");
      case TIME_MICROS -> logical("long", "time-micros");
      case TIMESTAMP_MILLIS -> logical("long", "timestamp-millis");
      case TIMESTAMP_MICROS -> logical("long", "timestamp-micros");
      case UUID -> logical("string", "uuid");
      case JSON ->
          JSON.objectNode().put("type", "string").put("connect.name", "io.debezium.data.Json");
      case UINT4 -> fixed("com.materialize.sink.uint4", 4);
      case INTERVAL -> fixed("com.materialize.sink.interval", 16);
    };
  }

  private static ObjectNode logical(String type, String logicalType) {
    return JSON.objectNode().put("type", type).put("logicalType", logicalType);
  }

  private JsonNode fixed(String name, int size) {
    return defined.add(name)
        ? JSON.objectNode().put("type", "fixed").put("name", name).put("size", size)
        : JSON.textNode(name);
  }

  /** A full name parted into name and namespace. */
  private static ObjectNode named(ObjectNode node, String fullName) {
    int dot = fullName.lastIndexOf('.');
    node.put("name", fullName.substring(dot + 1));
    Optional.of(fullName)
        .filter(_ -> dot > 0)
        .ifPresent(name -> node.put("namespace", name.substring(0, dot)));
    return node;
  }
}
