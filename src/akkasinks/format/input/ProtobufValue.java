package akkasinks.format.input;

import akkasinks.change.Type;
import akkasinks.format.protobuf.ProtoType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** One Protobuf value as a column of a type: as its text would be read. One thread. */
final class ProtobufValue {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEEPEST = 100;

  private final TypedText text = new TypedText();

  /** Takes the value that is next; of a repeated field one element. */
  void read(ProtoType type, Type.Scalar into, ProtobufCursor from, Fields out, int column) {
    switch (type) {
      case ProtoType.Wrapped(var scalar) -> {
        int outer = from.enter();
        boolean found = false;
        while (from.more()) {
          long tag = from.varint();
          if (tag >>> 3 == 1) {
            read(scalar, into, from, out, column);
            found = true;
          } else {
            from.skip((int) (tag & 7));
          }
        }
        from.leave(outer);
        if (!found) {
          zero(scalar, into, out, column);
        }
      }
      case ProtoType.Moment _
          when into == Type.Scalar.TIMESTAMP || into == Type.Scalar.TIMESTAMPTZ ->
          moment(into, from, out, column);
      case ProtoType.Scalar scalar when scalar == ProtoType.Scalar.BYTES && !isJson(into) -> {
        TypedText.demand(into == Type.Scalar.BYTEA, into);
        int begin = from.take();
        TypedText.hex(from.bytes(), begin, from.at(), out, column);
      }
      case ProtoType.Scalar scalar when scalar == ProtoType.Scalar.STRING ->
          put(into, from.text(), out, column);
      case ProtoType.Scalar _, ProtoType.Enumerated _, ProtoType.Moment _ -> {
        var node = tree(type, from, 0);
        boolean fits = isJson(into) || !isText(into) || !(type instanceof ProtoType.Scalar);
        TypedText.demand(fits, into);
        put(into, isJson(into) ? node.toString() : node.asText(), out, column);
      }
      case ProtoType.Mapped _, ProtoType.Struct _, ProtoType.Foreign _ ->
          json(tree(type, from, 0), into, out, column);
    }
  }

  /** What a record means that does not hold the field. */
  void zero(ProtoType type, Type.Scalar into, Fields out, int column) {
    switch (type) {
      case ProtoType.Scalar scalar when scalar == ProtoType.Scalar.STRING ->
          put(into, isJson(into) ? "\"\"" : "", out, column);
      case ProtoType.Scalar scalar when scalar == ProtoType.Scalar.BYTES ->
          put(into, isJson(into) ? "\"\"" : "\\x", out, column);
      case ProtoType.Scalar scalar when scalar == ProtoType.Scalar.BOOL ->
          put(into, "false", out, column);
      case ProtoType.Enumerated(var names) -> {
        var name = JSON.textNode(names.getOrDefault(0, "0"));
        put(into, isJson(into) ? name.toString() : name.asText(), out, column);
      }
      default -> {
        TypedText.demand(!isText(into), into);
        put(into, "0", out, column);
      }
    }
  }

  /** What repeated fields and maps hold. */
  void json(JsonNode node, Type.Scalar into, Fields out, int column) {
    TypedText.demand(isJson(into), into);
    put(into, node.toString(), out, column);
  }

  private static boolean isJson(Type.Scalar type) {
    return type == Type.Scalar.JSON || type == Type.Scalar.JSONB;
  }

  private static boolean isText(Type.Scalar type) {
    return type == Type.Scalar.TEXT || type == Type.Scalar.VARCHAR;
  }

  private void put(Type.Scalar type, String value, Fields out, int column) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    text.typed(type, bytes, 0, bytes.length, out, column);
  }

  private static void moment(Type.Scalar into, ProtobufCursor from, Fields out, int column) {
    var at = instant(from);
    int mark = out.made().size();
    long millis = Math.floorDiv(at.getNano(), 1_000_000) + at.getEpochSecond() * 1_000;
    Times.put(into, millis, at.getNano() / 1_000 % 1_000, out.made());
    out.setMade(column, mark);
  }

  private static Instant instant(ProtobufCursor from) {
    int outer = from.enter();
    long seconds = 0;
    long nanos = 0;
    while (from.more()) {
      long tag = from.varint();
      if (tag == 1 << 3) {
        seconds = from.varint();
      } else if (tag == 2 << 3) {
        nanos = from.varint();
      } else {
        from.skip((int) (tag & 7));
      }
    }
    from.leave(outer);
    if (Math.abs(seconds) > 253_402_300_800L || nanos < 0 || nanos > 999_999_999) {
      throw new BadRecord("it holds no time that could be told");
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  /** Adds a value of a repeated field: one, or packed ones. */
  void add(ProtoType type, int wire, ProtobufCursor from, ArrayNode to) {
    boolean packed = wire == ProtobufCursor.LENGTH && wire(type) != ProtobufCursor.LENGTH;
    if (!packed) {
      to.add(tree(type, from, 0));
      return;
    }
    int outer = from.enter();
    while (from.more()) {
      to.add(tree(type, from, 0));
    }
    from.leave(outer);
  }

  /** Adds an entry of a map. */
  void add(ProtoType.Mapped map, ProtobufCursor from, ObjectNode to) {
    entry(map, from, to, 0);
  }

  private static void entry(ProtoType.Mapped map, ProtobufCursor from, ObjectNode to, int depth) {
    int outer = from.enter();
    String key = map.key() == ProtoType.Scalar.STRING ? "" : zeroTree(map.key()).asText();
    @Nullable JsonNode value = null;
    while (from.more()) {
      long tag = from.varint();
      switch ((int) (tag >>> 3)) {
        case 1 -> key = tree(map.key(), from, depth + 1).asText();
        case 2 -> value = tree(map.value(), from, depth + 1);
        default -> from.skip((int) (tag & 7));
      }
    }
    from.leave(outer);
    to.set(key, value == null ? zeroTree(map.value()) : value);
  }

  private static JsonNode zeroTree(ProtoType type) {
    return switch (type) {
      case ProtoType.Scalar scalar ->
          switch (scalar) {
            case STRING, BYTES -> JSON.textNode("");
            case BOOL -> JSON.booleanNode(false);
            default -> JSON.numberNode(0);
          };
      case ProtoType.Enumerated(var names) -> JSON.textNode(names.getOrDefault(0, "0"));
      case ProtoType.Struct _ -> JSON.objectNode();
      case ProtoType.Moment _, ProtoType.Wrapped _, ProtoType.Mapped _, ProtoType.Foreign _ ->
          JSON.nullNode();
    };
  }

  /** How values of the type lie on the wire. */
  static int wire(ProtoType type) {
    return switch (type) {
      case ProtoType.Scalar scalar ->
          switch (scalar) {
            case DOUBLE, FIXED64, SFIXED64 -> ProtobufCursor.FIXED64;
            case FLOAT, FIXED32, SFIXED32 -> ProtobufCursor.FIXED32;
            case STRING, BYTES -> ProtobufCursor.LENGTH;
            default -> ProtobufCursor.VARINT;
          };
      case ProtoType.Enumerated _ -> ProtobufCursor.VARINT;
      default -> ProtobufCursor.LENGTH;
    };
  }

  private static JsonNode tree(ProtoType type, ProtobufCursor from, int depth) {
    if (depth > DEEPEST) {
      throw new BadRecord("it is nested deeper than " + DEEPEST);
    }
    return switch (type) {
      case ProtoType.Scalar scalar -> scalar(scalar, from);
      case ProtoType.Enumerated(var names) -> {
        int number = (int) from.varint();
        var name = names.get(number);
        yield name == null ? JSON.textNode(Integer.toString(number)) : JSON.textNode(name);
      }
      case ProtoType.Moment _ -> JSON.textNode(instant(from).toString());
      case ProtoType.Wrapped(var value) -> {
        int outer = from.enter();
        JsonNode node = zeroTree(value);
        while (from.more()) {
          long tag = from.varint();
          if (tag >>> 3 == 1) {
            node = scalar(value, from);
          } else {
            from.skip((int) (tag & 7));
          }
        }
        from.leave(outer);
        yield node;
      }
      case ProtoType.Struct struct -> struct(struct, from, depth);
      case ProtoType.Mapped _ -> throw new BadRecord("it does not follow its schema");
      case ProtoType.Foreign(var name) ->
          throw new BadRecord("its schema has type " + name + " from a file that is not here");
    };
  }

  /** What is left of a message that was entered. */
  JsonNode whole(ProtoType.Struct struct, ProtobufCursor from) {
    return members(struct, from, 0);
  }

  private static ObjectNode struct(ProtoType.Struct struct, ProtobufCursor from, int depth) {
    int outer = from.enter();
    var object = members(struct, from, depth);
    from.leave(outer);
    return object;
  }

  private static ObjectNode members(ProtoType.Struct struct, ProtobufCursor from, int depth) {
    var object = JSON.objectNode();
    while (from.more()) {
      long tag = from.varint();
      int wire = (int) (tag & 7);
      var field = struct.field((int) (tag >>> 3));
      if (field == null) {
        from.skip(wire);
      } else if (field.type() instanceof ProtoType.Mapped map) {
        entry(map, from, object.withObjectProperty(field.name()), depth + 1);
      } else if (field.repeated()) {
        var array = object.withArrayProperty(field.name());
        boolean packed = wire == ProtobufCursor.LENGTH && wire(field.type()) != wire;
        int within = packed ? from.enter() : 0;
        do {
          array.add(tree(field.type(), from, depth + 1));
        } while (packed && from.more());
        if (packed) {
          from.leave(within);
        }
      } else {
        object.set(field.name(), tree(field.type(), from, depth + 1));
      }
    }
    for (var field : struct.fields()) {
      if (field.implicit() && !object.has(field.name())) {
        object.set(field.name(), zeroTree(field.type()));
      }
    }
    return object;
  }

  private static JsonNode scalar(ProtoType.Scalar scalar, ProtobufCursor from) {
    return switch (scalar) {
      case BOOL -> JSON.booleanNode(from.varint() != 0);
      case INT32 -> JSON.numberNode((int) from.varint());
      case INT64 -> JSON.numberNode(from.varint());
      case UINT32 -> JSON.numberNode(from.varint() & 0xFFFF_FFFFL);
      case UINT64 -> JSON.numberNode(unsigned(from.varint()));
      case SINT32 -> {
        int value = (int) from.varint();
        yield JSON.numberNode(value >>> 1 ^ -(value & 1));
      }
      case SINT64 -> {
        long value = from.varint();
        yield JSON.numberNode(value >>> 1 ^ -(value & 1));
      }
      case FIXED32 -> JSON.numberNode(from.fixed32() & 0xFFFF_FFFFL);
      case FIXED64 -> JSON.numberNode(unsigned(from.fixed64()));
      case SFIXED32 -> JSON.numberNode(from.fixed32());
      case SFIXED64 -> JSON.numberNode(from.fixed64());
      case FLOAT -> {
        float value = Float.intBitsToFloat(from.fixed32());
        yield Float.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Float.toString(value));
      }
      case DOUBLE -> {
        double value = Double.longBitsToDouble(from.fixed64());
        yield Double.isFinite(value)
            ? JSON.numberNode(value)
            : JSON.textNode(Double.toString(value));
      }
      case STRING -> JSON.textNode(from.text());
      case BYTES -> {
        int begin = from.take();
        yield JSON.textNode(
            Base64.getEncoder().encodeToString(Arrays.copyOfRange(from.bytes(), begin, from.at())));
      }
    };
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
