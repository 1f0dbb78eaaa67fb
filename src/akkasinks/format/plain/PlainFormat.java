package akkasinks.format.plain;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.change.Type;
import akkasinks.change.Type.Scalar;

/** Compiles encoders of one column. NULL becomes no bytes at all. */
public final class PlainFormat {
  private PlainFormat() {}

  /** PostgreSQL's text output. */
  public static RowEncoder text(Relation relation, int column) {
    return new Column(relation, column, PlainFormat::copy);
  }

  /**
   * PostgreSQL's binary output.
   *
   * @throws FailureException NOT_SUPPORTED for types whose binary form is not known here
   */
  public static RowEncoder binary(Relation relation, int column) {
    var type = relation.columns().get(column).type().base();
    return new Column(relation, column, writer(type));
  }

  /** Writes one value from its text in {@code bytes[from, to)}. */
  @FunctionalInterface
  private interface Writer {
    void write(byte[] bytes, int from, int to, Buffer out);
  }

  private static Writer writer(Type type) {
    if (type instanceof Type.Enumerated) {
      return PlainFormat::copy;
    }
    if (type instanceof Scalar scalar) {
      switch (scalar) {
        case TEXT, VARCHAR, CHAR, NAME, JSON -> {
          return PlainFormat::copy;
        }
        case BOOL -> {
          return (bytes, from, to, out) -> out.put(bytes[from] == 't' ? 1 : 0);
        }
        case INT2 -> {
          return (bytes, from, to, out) -> number(Decimal.whole(bytes, from, to), 2, out);
        }
        case INT4, OID -> {
          return (bytes, from, to, out) -> number(Decimal.whole(bytes, from, to), 4, out);
        }
        case INT8 -> {
          return (bytes, from, to, out) -> number(Decimal.whole(bytes, from, to), 8, out);
        }
        case FLOAT4 -> {
          return (bytes, from, to, out) ->
              number(Float.floatToIntBits((float) Decimal.floating(bytes, from, to)), 4, out);
        }
        case FLOAT8 -> {
          return (bytes, from, to, out) ->
              number(Double.doubleToLongBits(Decimal.floating(bytes, from, to)), 8, out);
        }
        case BYTEA -> {
          return (bytes, from, to, out) -> hex(bytes, from + 2, to, out);
        }
        case UUID -> {
          return PlainFormat::hex;
        }
        case JSONB -> {
          return (bytes, from, to, out) -> {
            out.put(1);
            copy(bytes, from, to, out);
          };
        }
        default -> {}
      }
    }
    throw Failure.of(
            Code.NOT_SUPPORTED, "BYTES format with non-encodable type: " + type.described())
        .hint("FORMAT TEXT and FORMAT JSON carry it.")
        .exception();
  }

  private static void copy(byte[] bytes, int from, int to, Buffer out) {
    out.put(bytes, from, to - from);
  }

  /** Big endian. */
  private static void number(long value, int length, Buffer out) {
    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
      out.put((int) (value >> shift));
    }
  }

  /** Pairs of hexadecimal digits; hyphens between them are passed over. */
  private static void hex(byte[] bytes, int from, int to, Buffer out) {
    int at = from;
    while (at + 1 < to) {
      if (bytes[at] == '-') {
        at++;
      } else {
        out.put(Character.digit(bytes[at], 16) << 4 | Character.digit(bytes[at + 1], 16));
        at += 2;
      }
    }
  }

  private record Column(Relation relation, int column, Writer writer) implements RowEncoder {
    @Override
    public void encode(Batch batch, int row, Buffer out) {
      int length = batch.length(row, column);
      if (length == Batch.ABSENT) {
        throw notSent();
      }
      if (length != Batch.NULL) {
        int from = batch.offset(row, column);
        try {
          writer.write(batch.bytes(), from, from + length, out);
        } catch (NumberFormatException e) {
          throw malformed(e);
        }
      }
    }

    private FailureException notSent() {
      return Failure.of(
              Code.DATA,
              "the source did not send the value of column \"%s\" of table \"%s\".\"%s\""
                  .formatted(name(), relation.schema(), relation.name()))
          .hint(
              "ALTER TABLE \"%s\".\"%s\" REPLICA IDENTITY FULL"
                  .formatted(relation.schema(), relation.name()))
          .exception();
    }

    private FailureException malformed(NumberFormatException cause) {
      return Failure.of(
              Code.DATA,
              "the value of column \"%s\" is not text that PostgreSQL writes for %s"
                  .formatted(name(), relation.columns().get(column).type().described()))
          .exception(cause);
    }

    private String name() {
      return relation.columns().get(column).name();
    }
  }
}
