package akkasinks.format.input;

import akkasinks.change.Type;
import akkasinks.format.protobuf.ProtoSchema;
import akkasinks.format.protobuf.ProtoType;
import akkasinks.format.registry.RegisteredSchema;
import java.util.List;
import java.util.Optional;

/** The columns that a schema's record has. */
public final class SchemaColumns {
  /** One column. */
  public record Found(String name, Type.Scalar type, boolean nullable) {}

  private SchemaColumns() {}

  /**
   * Of a schema's record, or its first message.
   *
   * @param debezium whether the columns are those of its field {@code after}
   * @throws IllegalArgumentException if it has none
   */
  public static List<Found> of(RegisteredSchema schema, boolean debezium) {
    return switch (schema.kind()) {
      case "AVRO" -> avro(schema.text(), debezium);
      case "PROTOBUF" ->
          of(
              ProtoSchema.parse(schema.text())
                  .message(List.of(0))
                  .orElseThrow(() -> new IllegalArgumentException("it has no message")),
              debezium);
      default -> throw new IllegalArgumentException("it is of kind " + schema.kind());
    };
  }

  /** Of a message. */
  public static List<Found> of(ProtoType.Struct message, boolean debezium) {
    var row =
        debezium
            ? message.fields().stream()
                .filter(f -> f.name().equals("after") && f.type() instanceof ProtoType.Struct)
                .map(f -> (ProtoType.Struct) f.type())
                .findFirst()
                .orElseThrow(SchemaColumns::noAfter)
            : message;
    return row.fields().stream()
        .map(f -> new Found(f.name(), type(f), !f.implicit() && !f.repeated()))
        .toList();
  }

  private static Type.Scalar type(ProtoType.Field field) {
    return field.repeated() ? Type.Scalar.JSONB : type(field.type());
  }

  private static Type.Scalar type(ProtoType type) {
    return switch (type) {
      case ProtoType.Scalar scalar ->
          switch (scalar) {
            case DOUBLE -> Type.Scalar.FLOAT8;
            case FLOAT -> Type.Scalar.FLOAT4;
            case INT32, SINT32, SFIXED32 -> Type.Scalar.INT4;
            case INT64, SINT64, SFIXED64, UINT32, FIXED32 -> Type.Scalar.INT8;
            case UINT64, FIXED64 -> Type.Scalar.NUMERIC;
            case BOOL -> Type.Scalar.BOOL;
            case STRING -> Type.Scalar.TEXT;
            case BYTES -> Type.Scalar.BYTEA;
          };
      case ProtoType.Wrapped(var value) -> type(value);
      case ProtoType.Enumerated _ -> Type.Scalar.TEXT;
      case ProtoType.Moment _ -> Type.Scalar.TIMESTAMPTZ;
      case ProtoType.Mapped _, ProtoType.Struct _, ProtoType.Foreign _ -> Type.Scalar.JSONB;
    };
  }

  private static List<Found> avro(String text, boolean debezium) {
    AvroNode node = parsed(text);
    AvroNode row =
        debezium && node instanceof AvroNode.Struct(var fields)
            ? fields.stream()
                .filter(f -> f.name().equals("after"))
                .map(f -> alone(f.node()).orElse(f.node()))
                .findFirst()
                .orElseThrow(SchemaColumns::noAfter)
            : node;
    if (!(row instanceof AvroNode.Struct(var fields))) {
      throw new IllegalArgumentException("it is no record");
    }
    return fields.stream()
        .map(
            f ->
                new Found(
                    f.name(),
                    type(alone(f.node()).orElse(f.node())),
                    f.node() instanceof AvroNode.Union))
        .toList();
  }

  private static AvroNode parsed(String text) {
    try {
      return AvroNode.parse(text);
    } catch (BadRecord e) {
      throw new IllegalArgumentException("it cannot be read", e);
    }
  }

  /** The type of a union of it and null. */
  private static Optional<AvroNode> alone(AvroNode node) {
    if (!(node instanceof AvroNode.Union(var branches))) {
      return Optional.empty();
    }
    var rest = branches.stream().filter(b -> !isNull(b)).toList();
    return rest.size() == 1 ? Optional.of(rest.getFirst()) : Optional.empty();
  }

  private static boolean isNull(AvroNode node) {
    return node instanceof AvroNode.Scalar(var primitive, _, _)
        && primitive == AvroNode.Primitive.NULL;
  }

  private static Type.Scalar type(AvroNode node) {
    return switch (node) {
      case AvroNode.Enumerated _ -> Type.Scalar.TEXT;
      case AvroNode.Fixed(_, var logical, _) ->
          switch (logical) {
            case "decimal" -> Type.Scalar.NUMERIC;
            case "uuid" -> Type.Scalar.UUID;
            default -> Type.Scalar.BYTEA;
          };
      case AvroNode.Scalar(var primitive, var logical, _) -> scalar(primitive, logical);
      case AvroNode.Array _, AvroNode.Mapped _, AvroNode.Struct _, AvroNode.Union _ ->
          Type.Scalar.JSONB;
    };
  }

  private static Type.Scalar scalar(AvroNode.Primitive primitive, String logical) {
    return switch (primitive) {
      case BOOLEAN -> Type.Scalar.BOOL;
      case FLOAT -> Type.Scalar.FLOAT4;
      case DOUBLE -> Type.Scalar.FLOAT8;
      case BYTES -> logical.equals("decimal") ? Type.Scalar.NUMERIC : Type.Scalar.BYTEA;
      case STRING ->
          switch (logical) {
            case "uuid" -> Type.Scalar.UUID;
            case AvroNode.JSON -> Type.Scalar.JSONB;
            default -> Type.Scalar.TEXT;
          };
      case INT, LONG -> {
        if (logical.equals("date")) {
          yield Type.Scalar.DATE;
        }
        if (logical.startsWith("time-")) {
          yield Type.Scalar.TIME;
        }
        if (logical.contains("timestamp-")) {
          yield Type.Scalar.TIMESTAMP;
        }
        yield primitive == AvroNode.Primitive.INT ? Type.Scalar.INT4 : Type.Scalar.INT8;
      }
      case NULL -> Type.Scalar.JSONB;
    };
  }

  private static IllegalArgumentException noAfter() {
    return new IllegalArgumentException("it has no field \"after\" that is a record");
  }
}
