package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import akkasinks.catalog.KafkaSource.Declared;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.change.Type;
import akkasinks.command.Command.ColumnDeclaration;
import akkasinks.command.Command.Name;
import akkasinks.format.input.SchemaColumns;
import akkasinks.format.protobuf.ProtobufMessages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The columns of a Kafka source's values: as declared, or as the format has them. */
final class KafkaSourceColumns {
  static final Declared DATA = new Declared("data", Type.Scalar.JSONB, true);

  private static final Map<String, Type.Scalar> TYPES =
      Map.ofEntries(
          Map.entry("bool", Type.Scalar.BOOL),
          Map.entry("boolean", Type.Scalar.BOOL),
          Map.entry("int2", Type.Scalar.INT2),
          Map.entry("smallint", Type.Scalar.INT2),
          Map.entry("int", Type.Scalar.INT4),
          Map.entry("int4", Type.Scalar.INT4),
          Map.entry("integer", Type.Scalar.INT4),
          Map.entry("int8", Type.Scalar.INT8),
          Map.entry("bigint", Type.Scalar.INT8),
          Map.entry("float4", Type.Scalar.FLOAT4),
          Map.entry("real", Type.Scalar.FLOAT4),
          Map.entry("float8", Type.Scalar.FLOAT8),
          Map.entry("double precision", Type.Scalar.FLOAT8),
          Map.entry("numeric", Type.Scalar.NUMERIC),
          Map.entry("decimal", Type.Scalar.NUMERIC),
          Map.entry("text", Type.Scalar.TEXT),
          Map.entry("varchar", Type.Scalar.VARCHAR),
          Map.entry("character varying", Type.Scalar.VARCHAR),
          Map.entry("bytea", Type.Scalar.BYTEA),
          Map.entry("uuid", Type.Scalar.UUID),
          Map.entry("date", Type.Scalar.DATE),
          Map.entry("time", Type.Scalar.TIME),
          Map.entry("timestamp", Type.Scalar.TIMESTAMP),
          Map.entry("timestamp without time zone", Type.Scalar.TIMESTAMP),
          Map.entry("timestamptz", Type.Scalar.TIMESTAMPTZ),
          Map.entry("timestamp with time zone", Type.Scalar.TIMESTAMPTZ),
          Map.entry("json", Type.Scalar.JSON),
          Map.entry("jsonb", Type.Scalar.JSONB));

  private KafkaSourceColumns() {}

  static List<Declared> declared(List<ColumnDeclaration> written) {
    Set<String> seen = new HashSet<>();
    List<Declared> columns = new ArrayList<>();
    for (ColumnDeclaration each : written) {
      if (!seen.add(each.name().text())) {
        throw duplicate(each.name());
      }
      columns.add(new Declared(each.name().text(), type(each.type()), !each.notNull()));
    }
    return columns;
  }

  private static Type.Scalar type(Name written) {
    Type.Scalar type = TYPES.get(written.text());
    if (type == null) {
      throw Failure.of(
              Code.UNDEFINED_OBJECT,
              "type \"" + OptionNames.shortened(written.text()) + "\" cannot be declared here")
          .detail("Possible: " + String.join(", ", new TreeSet<>(TYPES.keySet())) + ".")
          .hint(Nearest.hint(written.text(), TYPES.keySet().stream()))
          .at(written.position())
          .exception();
    }
    return type;
  }

  /**
   * @param csvColumns how many a CSV record has
   * @param debezium whether the columns are those of a record's {@code after}
   */
  static List<Declared> undeclared(Encoding encoding, int csvColumns, boolean debezium) {
    return switch (encoding) {
      case Encoding.Json _ -> List.of(DATA);
      case Encoding.Text _ -> List.of(new Declared("text", Type.Scalar.TEXT, true));
      case Encoding.Bytes _ -> List.of(new Declared("data", Type.Scalar.BYTEA, true));
      // Refused before: its registry tells them, and is not asked here.
      case Encoding.Avro _, Encoding.Protobuf _ -> List.of();
      case Encoding.Message(var message, var schema) ->
          SchemaColumns.of(ProtobufMessages.find(schema, message), debezium).stream()
              .map(c -> new Declared(c.name(), c.type(), c.nullable()))
              .toList();
      case Encoding.Csv _ ->
          IntStream.rangeClosed(1, csvColumns)
              .mapToObj(i -> new Declared("column" + i, Type.Scalar.TEXT, true))
              .toList();
    };
  }

  static RuntimeException duplicate(Name column) {
    return Failure.of(
            Code.DUPLICATE_COLUMN, "column \"" + column.text() + "\" specified more than once")
        .at(column.position())
        .exception();
  }
}
