package akkasinks.format.avro;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Representation;
import akkasinks.change.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the Avro type for a PostgreSQL type: the one place that says what is what. One instance
 * for each schema, since it numbers the records in it.
 */
final class AvroTypes {
  private static final int NO_MODIFIER = -1;
  private static final int MODIFIER_HEADER = 4;

  /** Materialize's numeric has at most 39 digits; any numeric(p, s) within takes 17 bytes. */
  private static final int DIGITS = 39;

  private static final AvroType.Decimal UNCONSTRAINED = new AvroType.Decimal(81, 39, 33);

  private final AvroOptions options;
  private final AvroOptions.Side side;
  private int records;

  AvroTypes(AvroOptions options, AvroOptions.Side side) {
    this.options = options;
    this.side = side;
  }

  /**
   * A record of those columns, in the order given. A column has one name in keys and values.
   *
   * @throws akkasinks.base.FailureException NOT_SUPPORTED for a column in PostgreSQL's binary form
   */
  AvroType.Row row(String name, Relation relation, int[] columns) {
    var names = AvroNames.of(relation.columns().stream().map(Column::name).toList());
    List<AvroType.Field> fields = new ArrayList<>();
    for (int index : columns) {
      var column = relation.columns().get(index);
      fields.add(
          new AvroType.Field(
              names.get(index),
              of(column),
              column.nullable(),
              options.doc(side, Optional.empty(), Optional.of(column.name()))));
    }
    return new AvroType.Row(name, options.doc(side, Optional.empty(), Optional.empty()), fields);
  }

  private AvroType of(Column column) {
    if (column.representation() == Representation.POSTGRES_BINARY) {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "column \"%s\" is in PostgreSQL's binary form, which FORMAT AVRO cannot read"
                  .formatted(column.name()))
          .hint("Let the source send text")
          .exception();
    }
    return of(column.type(), column.modifier());
  }

  private AvroType of(Type type, int modifier) {
    return switch (type) {
      case Type.Scalar scalar -> scalar(scalar, modifier);
      case Type.Enumerated _, Type.Range _ -> AvroType.Scalar.STRING;
      case Type.Domain domain -> of(domain.base(), modifier);
      case Type.Array array -> new AvroType.Array(of(array.element(), modifier), array.delimiter());
      case Type.Composite composite -> composite(composite);
    };
  }

  private static AvroType scalar(Type.Scalar type, int modifier) {
    return switch (type) {
      case BOOL -> AvroType.Scalar.BOOLEAN;
      case INT2, INT4 -> AvroType.Scalar.INT;
      case INT8 -> AvroType.Scalar.LONG;
      case OID -> AvroType.Scalar.UINT4;
      case FLOAT4 -> AvroType.Scalar.FLOAT;
      case FLOAT8 -> AvroType.Scalar.DOUBLE;
      case NUMERIC -> decimal(modifier);
      case BYTEA -> AvroType.Scalar.BYTES;
      case UUID -> AvroType.Scalar.UUID;
      case DATE -> AvroType.Scalar.DATE;
      case TIME -> AvroType.Scalar.TIME_MICROS;
      case TIMESTAMP, TIMESTAMPTZ ->
          modifier >= 0 && modifier <= 3
              ? AvroType.Scalar.TIMESTAMP_MILLIS
              : AvroType.Scalar.TIMESTAMP_MICROS;
      case INTERVAL -> AvroType.Scalar.INTERVAL;
      case JSON, JSONB -> AvroType.Scalar.JSON;
      case HSTORE -> new AvroType.TextMap();
      case TEXT, VARCHAR, CHAR, NAME, TIMETZ, INET, CIDR, MACADDR, UNKNOWN ->
          AvroType.Scalar.STRING;
    };
  }

  /** numeric(p, s), with s from -1000 to 1000: eleven bits of the modifier. */
  private static AvroType.Decimal decimal(int modifier) {
    if (modifier == NO_MODIFIER) {
      return UNCONSTRAINED;
    }
    int precision = (modifier - MODIFIER_HEADER) >>> 16 & 0xFFFF;
    int scale = (((modifier - MODIFIER_HEADER) & 0x7FF) ^ 0x400) - 0x400;
    int digits = Math.max(precision - Math.min(scale, 0), scale);
    int decimals = Math.max(scale, 0);
    if (digits <= DIGITS) {
      return new AvroType.Decimal(DIGITS, decimals, bytes(DIGITS));
    }
    return new AvroType.Decimal(digits, decimals, bytes(digits));
  }

  /** Enough for any number of so many digits, and its sign. */
  private static int bytes(int digits) {
    return BigInteger.TEN.pow(digits).bitLength() / 8 + 1;
  }

  private AvroType.Row composite(Type.Composite type) {
    String name = "com.materialize.sink.record" + records++;
    var names = AvroNames.of(type.fields().stream().map(Type.Field::name).toList());
    List<AvroType.Field> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      var field = type.fields().get(i);
      fields.add(
          new AvroType.Field(
              names.get(i),
              of(field.type(), NO_MODIFIER),
              true,
              options.doc(side, Optional.of(type.name()), Optional.of(field.name()))));
    }
    return new AvroType.Row(
        name, options.doc(side, Optional.of(type.name()), Optional.empty()), fields);
  }
}
