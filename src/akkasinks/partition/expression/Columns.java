package akkasinks.partition.expression;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.change.Type.Scalar;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Reads columns in place, from PostgreSQL's text. */
final class Columns {
  private static final int LONGEST_NUMBER = 20;

  private Columns() {}

  static Kind kind(Type type) {
    return switch (type.base()) {
      case Scalar scalar ->
          switch (scalar) {
            case BOOL -> Kind.BOOL;
            case INT2 -> Kind.INT2;
            case INT4 -> Kind.INT4;
            case INT8 -> Kind.INT8;
            case OID -> Kind.UINT4;
            case NUMERIC -> Kind.NUMERIC;
            case FLOAT4, FLOAT8 -> Kind.FLOAT8;
            case TEXT, VARCHAR, CHAR, NAME -> Kind.TEXT;
            case BYTEA -> Kind.BYTEA;
            case UUID, DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> Kind.OTHER;
            case JSON, JSONB, INET, CIDR, MACADDR, HSTORE, UNKNOWN -> Kind.OTHER;
          };
      case Type.Enumerated _ -> Kind.TEXT;
      default -> Kind.OTHER;
    };
  }

  /** The column as its kind. */
  static Node read(Relation relation, int column) {
    return switch (kind(relation.columns().get(column).type())) {
      case INT2, INT4, INT8, UINT4, UINT8 ->
          (batch, row) -> has(batch, row, column) ? (Object) whole(batch, row, column) : null;
      case NUMERIC ->
          (batch, row) -> has(batch, row, column) ? number(text(batch, row, column)) : null;
      case FLOAT8 ->
          (batch, row) -> has(batch, row, column) ? Double.valueOf(text(batch, row, column)) : null;
      case BOOL ->
          (batch, row) ->
              has(batch, row, column)
                  ? (Object) (batch.bytes()[batch.offset(row, column)] == 't')
                  : null;
      case BYTEA -> (batch, row) -> has(batch, row, column) ? bytes(batch, row, column) : null;
      case TEXT, OTHER, NULL -> text(column);
    };
  }

  /** The column's text, whatever its type. */
  static Node text(int column) {
    return (batch, row) -> has(batch, row, column) ? slice(batch, row, column) : null;
  }

  /** False for NULL. */
  static boolean has(Batch batch, int row, int column) {
    int length = batch.length(row, column);
    if (length == Batch.ABSENT) {
      throw notSent(batch.relation(), column);
    }
    return length >= 0;
  }

  static long whole(Batch batch, int row, int column) {
    byte[] bytes = batch.bytes();
    int at = batch.offset(row, column);
    int to = at + batch.length(row, column);
    boolean negative = at < to && bytes[at] == '-';
    if (negative) {
      at++;
    }
    if (at == to || to - at > LONGEST_NUMBER) {
      throw NoValue.HERE;
    }
    long value = 0;
    for (; at < to; at++) {
      value = value * 10 - (bytes[at] - '0');
    }
    return negative ? value : -value;
  }

  private static Slice slice(Batch batch, int row, int column) {
    int from = batch.offset(row, column);
    return new Slice(batch.bytes(), from, from + batch.length(row, column));
  }

  /** From {@code \x00ff}. */
  private static Slice bytes(Batch batch, int row, int column) {
    byte[] text = batch.bytes();
    int from = batch.offset(row, column) + 2;
    byte[] octets = new byte[(batch.length(row, column) - 2) / 2];
    for (int i = 0; i < octets.length; i++) {
      octets[i] =
          (byte)
              (Character.digit(text[from + 2 * i], 16) << 4
                  | Character.digit(text[from + 2 * i + 1], 16));
    }
    return Slice.of(octets);
  }

  private static String text(Batch batch, int row, int column) {
    return new String(
        batch.bytes(),
        batch.offset(row, column),
        batch.length(row, column),
        StandardCharsets.US_ASCII);
  }

  static BigDecimal number(String text) {
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException notFinite) {
      throw NoValue.HERE;
    }
  }

  private static FailureException notSent(Relation relation, int column) {
    return Failure.of(
            Code.DATA,
            "PARTITION BY needs column \"%s\" of the row before, which the source did not send"
                .formatted(relation.columns().get(column).name()))
        .hint(
            "ALTER TABLE \"%s\".\"%s\" REPLICA IDENTITY FULL"
                .formatted(relation.schema(), relation.name()))
        .exception();
  }
}
