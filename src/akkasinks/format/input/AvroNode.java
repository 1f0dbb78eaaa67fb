package akkasinks.format.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An Avro schema that something was written with. */
sealed interface AvroNode {

  /** What counts as the logical type of a string that holds JSON. */
  String JSON = "json";

  enum Primitive {
    NULL,
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    BYTES,
    STRING
  }

  /**
   * @param logical the logical type, or empty
   * @param scale of a decimal
   */
  record Scalar(Primitive primitive, String logical, int scale) implements AvroNode {}

  record Fixed(int size, String logical, int scale) implements AvroNode {}

  record Enumerated(List<String> symbols) implements AvroNode {}

  record Array(AvroNode element) implements AvroNode {}

  record Mapped(AvroNode value) implements AvroNode {}

  record Union(List<AvroNode> branches) implements AvroNode {}

  /** Its fields are filled in once all names are known: a record may hold itself. */
  record Struct(List<Field> fields) implements AvroNode {}

  record Field(String name, AvroNode node) {}

  /**
   * @throws BadRecord if that is no schema
   */
  static AvroNode parse(String json) {
    try {
      return new Parser().node(new ObjectMapper().readTree(json), "");
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new BadRecord("the schema that it was written with cannot be read");
    }
  }

  /** One schema's names. */
  final class Parser {
    private final Map<String, AvroNode> named = new HashMap<>();

    private AvroNode node(JsonNode json, String space) {
      if (json.isArray()) {
        List<AvroNode> branches = new ArrayList<>();
        json.forEach(branch -> branches.add(node(branch, space)));
        return new Union(branches);
      }
      if (json.isTextual()) {
        return byName(json.asText(), json, space);
      }
      JsonNode type = json.path("type");
      if (!type.isTextual()) {
        return node(type, space);
      }
      return switch (type.asText()) {
        case "record", "error" -> struct(json, space);
        case "enum" -> {
          List<String> symbols = new ArrayList<>();
          json.path("symbols").forEach(symbol -> symbols.add(symbol.asText()));
          yield named(json, space, new Enumerated(List.copyOf(symbols)));
        }
        case "fixed" ->
            named(json, space, new Fixed(json.path("size").asInt(), logical(json), scale(json)));
        case "array" -> new Array(node(json.path("items"), space));
        case "map" -> new Mapped(node(json.path("values"), space));
        default -> byName(type.asText(), json, space);
      };
    }

    private AvroNode byName(String name, JsonNode json, String space) {
      for (Primitive primitive : Primitive.values()) {
        if (primitive.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
          return new Scalar(primitive, logical(json), scale(json));
        }
      }
      AvroNode known = named.get(full(name, space));
      if (known == null) {
        throw new IllegalArgumentException(name);
      }
      return known;
    }

    private AvroNode struct(JsonNode json, String space) {
      List<Field> fields = new ArrayList<>();
      AvroNode struct = named(json, space, new Struct(fields));
      String inside = spaceOf(json, space);
      json.path("fields")
          .forEach(
              f -> fields.add(new Field(f.path("name").asText(), node(f.path("type"), inside))));
      return struct;
    }

    private AvroNode named(JsonNode json, String space, AvroNode node) {
      String name = json.path("name").asText();
      named.put(name.contains(".") ? name : full(name, spaceOf(json, space)), node);
      return node;
    }

    private static String spaceOf(JsonNode json, String space) {
      String name = json.path("name").asText();
      int dot = name.lastIndexOf('.');
      return dot >= 0 ? name.substring(0, dot) : json.path("namespace").asText(space);
    }

    private static String full(String name, String space) {
      return name.contains(".") || space.isEmpty() ? name : space + "." + name;
    }

    private static String logical(JsonNode json) {
      boolean holdsJson = json.path("connect.name").asText("").equals("io.debezium.data.Json");
      return holdsJson ? JSON : json.path("logicalType").asText("");
    }

    private static int scale(JsonNode json) {
      return json.path("scale").asInt(0);
    }
  }
}
