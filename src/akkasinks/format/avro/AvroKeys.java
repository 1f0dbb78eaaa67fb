package akkasinks.format.avro;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.text.TimeText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads keys that {@link AvroFormat} wrote, for what must ask the source about them. */
final class AvroKeys {
  private final List<AvroType.Field> fields;
  private final List<Type> types = new ArrayList<>();

  /**
   * @param columns those of the key, in the order in which they were written
   * @param row what they are written as
   */
  AvroKeys(Relation relation, int[] columns, AvroType.Row row) {
    this.fields = row.fields();
    for (int column : columns) {
      types.add(relation.columns().get(column).type().base());
    }
  }

  /**
   * One PostgreSQL text per key column.
   *
   * @throws akkasinks.base.FailureException DATA if the key is not of this form or holds a null;
   *     NOT_SUPPORTED for types with parts
   */
  List<String> decode(byte[] key) {
    var in = new AvroReader(key);
    in.header();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      var field = fields.get(i);
      if (field.nullable() && in.whole() == 0) {
        throw AvroReader.broken();
      }
      texts.add(text(field, types.get(i), in));
    }
    if (!in.atEnd()) {
      throw AvroReader.broken();
    }
    return texts;
  }

  private static String text(AvroType.Field field, Type type, AvroReader in) {
    return switch (field.type()) {
      case AvroType.Decimal(int _, int scale, int _) ->
          decimal(new BigDecimal(new BigInteger(in.take(in.whole())), scale), scale);
      case AvroType.Scalar scalar -> scalar(field, scalar, type, in);
      case AvroType.Array _, AvroType.TextMap _, AvroType.Row _ -> throw unsupported(field);
    };
  }

  /** The scale of an unconstrained number is not kept; equal numbers are one key all the same. */
  private static String decimal(BigDecimal number, int scale) {
    return number
        .setScale(Math.max(0, Math.min(scale, number.stripTrailingZeros().scale())))
        .toPlainString();
  }

  private static String scalar(
      AvroType.Field field, AvroType.Scalar scalar, Type type, AvroReader in) {
    return switch (scalar) {
      case BOOLEAN -> in.take(1)[0] == 0 ? "f" : "t";
      case INT, LONG -> Long.toString(in.whole());
      case FLOAT -> real(Float.toString(little(in.take(Float.BYTES)).getFloat()));
      case DOUBLE -> real(Double.toString(little(in.take(Double.BYTES)).getDouble()));
      case STRING, UUID -> new String(in.take(in.whole()), StandardCharsets.UTF_8);
      case BYTES -> "\\x" + HexFormat.of().formatHex(in.take(in.whole()));
      case DATE -> date(in.whole());
      case TIME_MICROS -> TimeText.time(in.whole());
      case TIMESTAMP_MILLIS -> timestamp(in.whole(), 1_000, type);
      case TIMESTAMP_MICROS -> timestamp(in.whole(), 1_000_000, type);
      case UINT4 -> Integer.toUnsignedString(ByteBuffer.wrap(in.take(Integer.BYTES)).getInt());
      case JSON, INTERVAL -> throw unsupported(field);
    };
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String real(String java) {
    return java.replaceFirst("\\.0$", "").replace("E", "e");
  }

  private static String date(long days) {
    if (days == Integer.MAX_VALUE) {
      return "infinity";
    }
    if (days == Integer.MIN_VALUE) {
      return "-infinity";
    }
    return TimeText.date(days);
  }

  private static String timestamp(long count, int unit, Type type) {
    if (count == Long.MAX_VALUE) {
      return "infinity";
    }
    if (count == Long.MIN_VALUE) {
      return "-infinity";
    }
    int nanos = (int) Math.floorMod(count, (long) unit) * (1_000_000_000 / unit);
    return TimeText.timestamp(Math.floorDiv(count, unit), nanos, type == Type.Scalar.TIMESTAMPTZ);
  }

  private static RuntimeException unsupported(AvroType.Field field) {
    return Failure.of(
            Code.NOT_SUPPORTED,
            "keys of field \"%s\" cannot be read back from the topic".formatted(field.name()))
        .hint("Create the sink with ON TRUNCATE = STALL or IGNORE, or without the column in KEY")
        .exception();
  }
}
