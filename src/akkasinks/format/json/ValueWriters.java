package akkasinks.format.json;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Type;
import java.nio.charset.StandardCharsets;

/** Chooses the writer for a type and a representation: the one place that says what is what. */
final class ValueWriters {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

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
      case Type.Enumerated _ -> JsonText::write;
      case Type.Domain domain -> fromText(domain.base(), options);
      case Type.Array array ->
          new ArrayWriter(fromText(array.element(), options), array.delimiter());
      case Type.Composite composite -> new CompositeWriter(composite, options);
      case Type.Range _ -> JsonText::write;
    };
  }

  private static ValueWriter scalar(Type.Scalar type, JsonOptions options) {
    return switch (type) {
      case BOOL -> ValueWriters::bool;
      case INT2, INT4, INT8, OID -> ValueWriters::number;
      case FLOAT4, FLOAT8 -> ValueWriters::floating;
      case NUMERIC, UUID, DATE, INTERVAL, INET, CIDR, MACADDR -> ValueWriters::plain;
      case TEXT, VARCHAR, CHAR, NAME, UNKNOWN -> JsonText::write;
      case BYTEA ->
          switch (options.bytes()) {
            case ARRAY -> ByteaWriters::array;
            case BASE64 -> ByteaWriters::base64;
          };
      case TIME, TIMETZ -> TimeWriters::time;
      case TIMESTAMP -> timestamp(options, "");
      case TIMESTAMPTZ -> timestamp(options, "Z");
      case JSON, JSONB -> JsonText::compact;
      case HSTORE -> new HstoreWriter();
    };
  }

  private static ValueWriter timestamp(JsonOptions options, String zone) {
    return switch (options.timestamps()) {
      case EPOCH -> TimeWriters::epoch;
      case ISO -> (bytes, from, to, out) -> TimeWriters.iso(bytes, from, to, zone, out);
    };
  }

  private static void bool(byte[] bytes, int from, int to, Buffer out) {
    if (to - from != 1 || (bytes[from] != 't' && bytes[from] != 'f')) {
      throw new MalformedText("t or f");
    }
    out.put(bytes[from] == 't' ? TRUE : FALSE);
  }

  private static void number(byte[] bytes, int from, int to, Buffer out) {
    out.put(bytes, from, to - from);
  }

  /** NaN and the infinities have no JSON number; null would be silent loss. */
  private static void floating(byte[] bytes, int from, int to, Buffer out) {
    if (from < to && bytes[to - 1] > '9') {
      plain(bytes, from, to, out);
    } else {
      number(bytes, from, to, out);
    }
  }

  /** A string of characters that need no escape. */
  private static void plain(byte[] bytes, int from, int to, Buffer out) {
    out.put('"');
    out.put(bytes, from, to - from);
    out.put('"');
  }
}
