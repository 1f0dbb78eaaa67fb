package akkasinks.format.protobuf;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.text.TimeText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads keys of one schema back, for what must ask the source about them. */
final class ProtobufKeys {
  private final List<ProtobufType.Field> fields;
  private final int[] tags;
  private final List<Type> types = new ArrayList<>();

  ProtobufKeys(Relation relation, int[] columns, ProtobufType.Message row, MessageFields written) {
    this.fields = row.fields();
    this.tags = written.tags();
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
    var in = ProtobufReader.framed(key);
    @Nullable String[] texts = new String[fields.size()];
    while (!in.atEnd()) {
      int field = field(in.varint());
      texts[field] = text(fields.get(field), types.get(field), in);
    }
    return Arrays.stream(texts).map(ProtobufKeys::present).toList();
  }

  private static String present(@Nullable String text) {
    if (text == null) {
      throw ProtobufReader.broken();
    }
    return text;
  }

  private int field(long tag) {
    for (int i = 0; i < tags.length; i++) {
      if (tags[i] == tag) {
        return i;
      }
    }
    throw ProtobufReader.broken();
  }

  private static String text(ProtobufType.Field field, Type type, ProtobufReader in) {
    if (!(field.type() instanceof ProtobufType.Scalar scalar)) {
      throw unsupported(field);
    }
    return switch (scalar) {
      case BOOL -> in.varint() == 0 ? "f" : "t";
      case INT32, INT64, UINT32 -> Long.toString(in.varint());
      case FLOAT -> real(Float.toString(Float.intBitsToFloat(in.fixed32())));
      case DOUBLE -> real(Double.toString(Double.longBitsToDouble(in.fixed64())));
      case STRING, SHORTEST_NUMERIC -> new String(in.take(), StandardCharsets.UTF_8);
      case BYTES -> "\\x" + HexFormat.of().formatHex(in.take());
      case TIMESTAMP -> timestamp(ProtobufReader.body(in.take()), type);
      case JSON -> throw unsupported(field);
    };
  }

  private static String real(String java) {
    return java.replaceFirst("\\.0$", "").replace("E", "e");
  }

  private static String timestamp(ProtobufReader in, Type type) {
    long seconds = 0;
    long nanos = 0;
    while (!in.atEnd()) {
      long tag = in.varint();
      if (tag == ScalarWriter.SECONDS) {
        seconds = in.varint();
      } else if (tag == ScalarWriter.NANOS) {
        nanos = in.varint();
      } else {
        throw ProtobufReader.broken();
      }
    }
    if (seconds == Long.MAX_VALUE) {
      return "infinity";
    }
    if (seconds == Long.MIN_VALUE) {
      return "-infinity";
    }
    return TimeText.timestamp(seconds, (int) nanos, type == Type.Scalar.TIMESTAMPTZ);
  }

  private static RuntimeException unsupported(ProtobufType.Field field) {
    return Failure.of(
            Code.NOT_SUPPORTED,
            "keys of field \"%s\" cannot be read back from the topic".formatted(field.name()))
        .hint("Create the sink with ON TRUNCATE = STALL or IGNORE, or without the column in KEY")
        .exception();
  }
}
