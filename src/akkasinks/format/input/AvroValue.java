package akkasinks.format.input;

import akkasinks.change.Buffer;
import akkasinks.change.Type;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Base64;

/** One Avro value as a column of a type: as its text would be read. One thread. */
final class AvroValue {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEEPEST = 256;

  private final TypedText text = new TypedText();

  /** Takes the value that is next. */
  void read(AvroNode written, Type.Scalar type, AvroCursor from, Fields out, int column) {
    AvroNode node = branch(written, from);
    if (node instanceof AvroNode.Scalar(var primitive, _, _)
        && primitive == AvroNode.Primitive.NULL) {
      out.setNull(column);
      return;
    }
    switch (type) {
      case JSON, JSONB -> json(node, from, out, column);
      case BYTEA -> bytea(node, from, out, column);
      case TEXT, VARCHAR -> {
        TypedText.demand(isText(node), type);
        put(type, scalar(node, from), out, column);
      }
      case TIMESTAMP, TIMESTAMPTZ -> timestamp(type, node, from, out, column);
      default -> {
        TypedText.demand(!isBytes(node) && !isNested(node), type);
        put(type, scalar(node, from), out, column);
      }
    }
  }

  /** Passes over it. */
  void skip(AvroNode written, AvroCursor from) {
    tree(written, from, 0);
  }

  static AvroNode branch(AvroNode written, AvroCursor from) {
    if (!(written instanceof AvroNode.Union(var branches))) {
      return written;
    }
    long index = from.number();
    if (index < 0 || index >= branches.size()) {
      throw new BadRecord("it does not follow its schema");
    }
    return branches.get((int) index);
  }

  private static boolean isText(AvroNode node) {
    return node instanceof AvroNode.Enumerated
        || (node instanceof AvroNode.Scalar(var primitive, _, _)
            && primitive == AvroNode.Primitive.STRING);
  }

  private static boolean isBytes(AvroNode node) {
    return switch (node) {
      case AvroNode.Scalar(var primitive, var logical, _) ->
          primitive == AvroNode.Primitive.BYTES && !logical.equals("decimal");
      case AvroNode.Fixed(_, var logical, _) -> logical.isEmpty();
      default -> false;
    };
  }

  private static boolean isNested(AvroNode node) {
    return switch (node) {
      case AvroNode.Array _, AvroNode.Mapped _, AvroNode.Struct _, AvroNode.Union _ -> true;
      case AvroNode.Scalar _, AvroNode.Fixed _, AvroNode.Enumerated _ -> false;
    };
  }

  private void put(Type.Scalar type, String value, Fields out, int column) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    text.typed(type, bytes, 0, bytes.length, out, column);
  }

  /** A text is JSON by itself, as this product and Debezium write it; else what it holds. */
  private void json(AvroNode node, AvroCursor from, Fields out, int column) {
    put(
        Type.Scalar.JSONB,
        isText(node) ? scalar(node, from) : tree(node, from, 0).toString(),
        out,
        column);
  }

  private static void bytea(AvroNode node, AvroCursor from, Fields out, int column) {
    TypedText.demand(isBytes(node), Type.Scalar.BYTEA);
    int length = node instanceof AvroNode.Fixed(int size, _, _) ? size : from.length();
    int begin = from.take(length);
    TypedText.hex(from.bytes(), begin, begin + length, out, column);
  }

  private void timestamp(Type.Scalar type, AvroNode node, AvroCursor from, Fields out, int column) {
    if (node instanceof AvroNode.Scalar(var primitive, var logical, _)
        && primitive == AvroNode.Primitive.LONG
        && logical.endsWith("-micros")) {
      long micros = from.number();
      Buffer made = out.made();
      int mark = made.size();
      Times.put(type, Math.floorDiv(micros, 1_000), Math.floorMod(micros, 1_000), made);
      out.setMade(column, mark);
    } else {
      TypedText.demand(!isBytes(node) && !isNested(node), type);
      put(type, scalar(node, from), out, column);
    }
  }

  /** What has no parts, as text. */
  private static String scalar(AvroNode node, AvroCursor from) {
    return switch (node) {
      case AvroNode.Enumerated(var symbols) -> {
        long index = from.number();
        if (index < 0 || index >= symbols.size()) {
          throw new BadRecord("it does not follow its schema");
        }
        yield symbols.get((int) index);
      }
      case AvroNode.Fixed(int size, var logical, int scale) ->
          logical.equals("decimal") ? decimal(from, size, scale) : uuid(from, size);
      case AvroNode.Scalar(var primitive, var logical, int scale) ->
          switch (primitive) {
            case BOOLEAN -> Boolean.toString(from.bool());
            case INT, LONG -> whole(from.number(), logical);
            case FLOAT -> Float.toString(from.float4());
            case DOUBLE -> Double.toString(from.float8());
            case BYTES -> decimal(from, from.length(), scale);
            case STRING -> from.text();
            case NULL -> throw new BadRecord("it does not follow its schema");
          };
      case AvroNode.Array _, AvroNode.Mapped _, AvroNode.Struct _, AvroNode.Union _ ->
          throw new BadRecord("it does not follow its schema");
    };
  }

  private static String whole(long value, String logical) {
    try {
      return switch (logical) {
        case "date" -> LocalDate.ofEpochDay(value).toString();
        case "time-millis" -> time(Math.multiplyExact(value, 1_000_000L));
        case "time-micros" -> time(Math.multiplyExact(value, 1_000L));
        default -> Long.toString(value);
      };
    } catch (java.time.DateTimeException | ArithmeticException e) {
      throw new BadRecord("it holds no " + logical);
    }
  }

  private static String time(long nanos) {
    var time = LocalTime.ofNanoOfDay(nanos);
    String text = time.toString();
    return text.length() == 5 ? text + ":00" : text;
  }

  private static String decimal(AvroCursor from, int size, int scale) {
    int begin = from.take(size);
    TypedText.demand(size > 0, Type.Scalar.NUMERIC);
    return new BigDecimal(
            new BigInteger(Arrays.copyOfRange(from.bytes(), begin, begin + size)), scale)
        .toPlainString();
  }

  private static String uuid(AvroCursor from, int size) {
    int begin = from.take(size);
    TypedText.demand(size == 16, Type.Scalar.UUID);
    var bits = java.nio.ByteBuffer.wrap(from.bytes(), begin, size);
    return new java.util.UUID(bits.getLong(), bits.getLong()).toString();
  }

  private static JsonNode tree(AvroNode written, AvroCursor from, int depth) {
    if (depth > DEEPEST) {
      throw new BadRecord("it is nested deeper than " + DEEPEST);
    }
    AvroNode node = branch(written, from);
    return switch (node) {
      case AvroNode.Struct(var fields) -> {
        ObjectNode object = JSON.objectNode();
        fields.forEach(f -> object.set(f.name(), tree(f.node(), from, depth + 1)));
        yield object;
      }
      case AvroNode.Array(var element) -> {
        ArrayNode array = JSON.arrayNode();
        for (long left = from.block(); left > 0; left = from.block()) {
          for (long i = 0; i < left; i++) {
            array.add(tree(element, from, depth + 1));
          }
        }
        yield array;
      }
      case AvroNode.Mapped(var value) -> {
        ObjectNode object = JSON.objectNode();
        for (long left = from.block(); left > 0; left = from.block()) {
          for (long i = 0; i < left; i++) {
            object.set(from.text(), tree(value, from, depth + 1));
          }
        }
        yield object;
      }
      case AvroNode.Union _ -> throw new BadRecord("its schema has a union in a union");
      case AvroNode.Scalar _, AvroNode.Fixed _, AvroNode.Enumerated _ -> leaf(node, from);
    };
  }

  private static JsonNode leaf(AvroNode node, AvroCursor from) {
    if (isBytes(node)) {
      int length = node instanceof AvroNode.Fixed(int size, _, _) ? size : from.length();
      int begin = from.take(length);
      return JSON.textNode(
          Base64.getEncoder()
              .encodeToString(Arrays.copyOfRange(from.bytes(), begin, begin + length)));
    }
    if (node instanceof AvroNode.Scalar(var primitive, var logical, _)) {
      switch (primitive) {
        case NULL -> {
          return JSON.nullNode();
        }
        case BOOLEAN -> {
          return JSON.booleanNode(from.bool());
        }
        case INT, LONG -> {
          if (logical.isEmpty()) {
            return JSON.numberNode(from.number());
          }
        }
        case DOUBLE -> {
          double value = from.float8();
          return Double.isFinite(value)
              ? JSON.numberNode(value)
              : JSON.textNode(Double.toString(value));
        }
        case FLOAT, BYTES, STRING -> {}
      }
    }
    return JSON.textNode(scalar(node, from));
  }
}
