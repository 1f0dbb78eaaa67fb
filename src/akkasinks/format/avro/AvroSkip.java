package akkasinks.format.avro;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Passes a value of any schema, by the schema's JSON. */
final class AvroSkip {
  private final Map<String, JsonNode> named = new HashMap<>();
  private final JsonNode schema;

  AvroSkip(JsonNode schema) {
    this.schema = schema;
    name(schema, "");
  }

  /** The fields of the record that the schema is. */
  List<JsonNode> fields() {
    List<JsonNode> types = new ArrayList<>();
    schema.path("fields").forEach(field -> types.add(field.path("type")));
    return types;
  }

  private void name(JsonNode type, String namespace) {
    if (type.isArray()) {
      type.forEach(branch -> name(branch, namespace));
      return;
    }
    if (!type.isObject()) {
      return;
    }
    String within = namespace;
    if (type.has("name")) {
      String name = type.path("name").asText();
      int dot = name.lastIndexOf('.');
      within = dot >= 0 ? name.substring(0, dot) : type.path("namespace").asText(namespace);
      String simple = name.substring(dot + 1);
      named.put(simple, type);
      named.put(within.isEmpty() ? simple : within + "." + simple, type);
    }
    for (var field : type.path("fields")) {
      name(field.path("type"), within);
    }
    name(type.path("items"), within);
    name(type.path("values"), within);
    if (!type.has("name")) {
      name(type.path("type"), within);
    }
  }

  void skip(JsonNode type, AvroReader in) {
    if (type.isArray()) {
      long branch = in.whole();
      if (branch < 0 || branch >= type.size()) {
        throw AvroReader.broken();
      }
      skip(type.path((int) branch), in);
    } else if (type.isObject()) {
      object(type, in);
    } else {
      primitive(type.asText(), in);
    }
  }

  private void object(JsonNode type, AvroReader in) {
    switch (type.path("type").asText()) {
      case "record" -> type.path("fields").forEach(field -> skip(field.path("type"), in));
      case "fixed" -> in.skip(type.path("size").asLong());
      case "enum" -> in.whole();
      case "array" -> blocks(type.path("items"), false, in);
      case "map" -> blocks(type.path("values"), true, in);
      default -> skip(type.path("type"), in);
    }
  }

  private void blocks(JsonNode item, boolean keyed, AvroReader in) {
    for (long count = in.whole(); count != 0; count = in.whole()) {
      if (count < 0) {
        in.skip(in.whole());
        continue;
      }
      for (long i = 0; i < count; i++) {
        if (keyed) {
          in.skip(in.whole());
        }
        skip(item, in);
      }
    }
  }

  private void primitive(String type, AvroReader in) {
    switch (type) {
      case "null" -> {}
      case "boolean" -> in.skip(1);
      case "int", "long" -> in.whole();
      case "float" -> in.skip(Float.BYTES);
      case "double" -> in.skip(Double.BYTES);
      case "string", "bytes" -> in.skip(in.whole());
      default -> {
        var known = named.get(type);
        if (known == null) {
          throw AvroReader.broken();
        }
        skip(known, in);
      }
    }
  }
}
