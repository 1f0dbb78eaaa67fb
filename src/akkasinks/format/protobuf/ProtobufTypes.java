package akkasinks.format.protobuf;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Representation;
import akkasinks.change.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the Protobuf type for a PostgreSQL type: the one place that says what is what. One
 * instance for each schema, since it names the messages in it.
 */
final class ProtobufTypes {
  private static final int NO_MODIFIER = -1;

  private final boolean key;
  private final Map<String, Object> names = new HashMap<>();

  /**
   * @param key whether equal numbers must have equal bytes
   * @param taken messages' names that are none of a type's
   */
  ProtobufTypes(boolean key, String... taken) {
    this.key = key;
    for (String name : taken) {
      names.put(name, name);
    }
  }

  /**
   * A message of those columns, in the order given. A column has one name in keys and values.
   *
   * @throws akkasinks.base.FailureException NOT_SUPPORTED for a column in PostgreSQL's binary form
   */
  ProtobufType.Message row(String name, Relation relation, int[] columns) {
    var fieldNames = ProtobufNames.fields(relation.columns().stream().map(Column::name).toList());
    List<ProtobufType.Field> fields = new ArrayList<>();
    for (int index : columns) {
      fields.add(new ProtobufType.Field(fieldNames.get(index), of(relation.columns().get(index))));
    }
    return new ProtobufType.Message(name, fields);
  }

  private ProtobufType of(Column column) {
    if (column.representation() == Representation.POSTGRES_BINARY) {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "column \"%s\" is in PostgreSQL's binary form, which FORMAT PROTOBUF cannot read"
                  .formatted(column.name()))
          .hint("Let the source send text")
          .exception();
    }
    return of(column.type(), column.modifier());
  }

  private ProtobufType of(Type type, int modifier) {
    return switch (type) {
      case Type.Scalar scalar -> scalar(scalar, modifier);
      case Type.Enumerated _, Type.Range _ -> ProtobufType.Scalar.STRING;
      case Type.Domain domain -> of(domain.base(), modifier);
      case Type.Array array -> array(array, modifier);
      case Type.Composite composite -> composite(composite);
    };
  }

  private ProtobufType scalar(Type.Scalar type, int modifier) {
    return switch (type) {
      case BOOL -> ProtobufType.Scalar.BOOL;
      case INT2, INT4 -> ProtobufType.Scalar.INT32;
      case INT8 -> ProtobufType.Scalar.INT64;
      case OID -> ProtobufType.Scalar.UINT32;
      case FLOAT4 -> ProtobufType.Scalar.FLOAT;
      case FLOAT8 -> ProtobufType.Scalar.DOUBLE;
      case NUMERIC ->
          key && modifier == NO_MODIFIER
              ? ProtobufType.Scalar.SHORTEST_NUMERIC
              : ProtobufType.Scalar.STRING;
      case BYTEA -> ProtobufType.Scalar.BYTES;
      case TIMESTAMP, TIMESTAMPTZ -> ProtobufType.Scalar.TIMESTAMP;
      case JSON, JSONB -> ProtobufType.Scalar.JSON;
      case HSTORE -> new ProtobufType.TextMap(free("StringMap", type));
      case TEXT,
          VARCHAR,
          CHAR,
          NAME,
          UUID,
          DATE,
          TIME,
          TIMETZ,
          INTERVAL,
          INET,
          CIDR,
          MACADDR,
          UNKNOWN ->
          ProtobufType.Scalar.STRING;
    };
  }

  private ProtobufType.Array array(Type.Array array, int modifier) {
    var element = of(array.element(), modifier);
    var stem = ProtobufNames.message(ProtobufNames.last(element.text()));
    return new ProtobufType.Array(free(stem + "Array", stem + "Array"), element, array.delimiter());
  }

  private ProtobufType.Message composite(Type.Composite type) {
    var name = free(ProtobufNames.message(type.name()), type);
    var fieldNames = ProtobufNames.fields(type.fields().stream().map(Type.Field::name).toList());
    List<ProtobufType.Field> fields = new ArrayList<>();
    for (int i = 0; i < fieldNames.size(); i++) {
      fields.add(
          new ProtobufType.Field(fieldNames.get(i), of(type.fields().get(i).type(), NO_MODIFIER)));
    }
    return new ProtobufType.Message(name, fields);
  }

  /** One name for equal things, and different names for different ones. */
  private String free(String name, Object what) {
    String free = name;
    for (int number = 1; !names.computeIfAbsent(free, _ -> what).equals(what); number++) {
      free = ProtobufNames.numbered(name, number);
    }
    return free;
  }
}
