package akkasinks.format.json;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Column;
import akkasinks.change.Type;

/** Chooses the writer for a type and a representation: the one place that says what is what. */
final class ValueWriters {
  private ValueWriters() {}

  static ValueWriter of(Column column, JsonOptions options) {
    return switch (column.representation()) {
      case POSTGRES_TEXT -> fromText(column.type(), options);
      case POSTGRES_BINARY ->
          throw Failure.of(
                  Code.NOT_SUPPORTED,
                  "column \"%s\" is in PostgreSQL's binary form, which FORMAT JSON cannot read"
                      .formatted(column.name()))
              .hint("Let the source send text")
              .exception();
    };
  }

  static ValueWriter fromText(Type type, JsonOptions options) {
    return switch (type) {
      case Type.Scalar scalar -> scalar(scalar, options);
      case Type.Enumerated _ -> ScalarWriter.TEXT;
      case Type.Domain domain -> fromText(domain.base(), options);
      case Type.Array array ->
          new ArrayWriter(fromText(array.element(), options), array.delimiter());
      case Type.Composite composite -> new CompositeWriter(composite, options);
      case Type.Range _ -> ScalarWriter.TEXT;
    };
  }

  private static ValueWriter scalar(Type.Scalar type, JsonOptions options) {
    return switch (type) {
      case BOOL -> ScalarWriter.BOOL;
      case INT2, INT4, INT8, OID -> ScalarWriter.NUMBER;
      case FLOAT4, FLOAT8 -> ScalarWriter.FLOATING;
      case NUMERIC, UUID, DATE, INTERVAL, INET, CIDR, MACADDR -> ScalarWriter.PLAIN;
      case TEXT, VARCHAR, CHAR, NAME, UNKNOWN -> ScalarWriter.TEXT;
      case BYTEA ->
          switch (options.bytes()) {
            case ARRAY -> ScalarWriter.BYTEA_ARRAY;
            case BASE64 -> ScalarWriter.BYTEA_BASE64;
          };
      case TIME, TIMETZ -> ScalarWriter.TIME;
      case TIMESTAMP -> timestamp(options, ScalarWriter.ISO);
      case TIMESTAMPTZ -> timestamp(options, ScalarWriter.ISO_UTC);
      case JSON, JSONB -> ScalarWriter.JSON;
      case HSTORE -> new HstoreWriter();
    };
  }

  private static ScalarWriter timestamp(JsonOptions options, ScalarWriter iso) {
    return switch (options.timestamps()) {
      case EPOCH -> ScalarWriter.EPOCH;
      case ISO -> iso;
    };
  }
}
