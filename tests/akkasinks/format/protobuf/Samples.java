package akkasinks.format.protobuf;

import static akkasinks.change.Type.Scalar.*;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.testing.Seeds;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Values at random: a text as PostgreSQL writes it, and what a reader must see. */
record Samples(Type type, @Nullable String text, @Nullable Object seen) {

  static Samples any(Random random) {
    var sample = notNull(random, 2);
    return random.nextInt(6) == 0 ? new Samples(sample.type(), null, null) : sample;
  }

  private static Samples notNull(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 11 : 14)) {
      case 0 -> {
        boolean value = random.nextBoolean();
        yield new Samples(BOOL, value ? "t" : "f", value);
      }
      case 1 -> {
        int value = random.nextInt() >> random.nextInt(32);
        yield new Samples(INT4, Integer.toString(value), value);
      }
      case 2 -> {
        long value = random.nextLong() >> random.nextInt(64);
        yield new Samples(INT8, Long.toString(value), value);
      }
      case 3 -> {
        double value =
            random.nextBoolean()
                ? random.nextInt(2_000_000) / 1000.0 - 1000
                : Double.longBitsToDouble(random.nextLong());
        yield new Samples(FLOAT8, postgres(Double.toString(value)), value);
      }
      case 4 -> {
        float value = Float.intBitsToFloat(random.nextInt());
        yield new Samples(FLOAT4, postgres(Float.toString(value)), value);
      }
      case 5 -> {
        var value = new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(40));
        yield new Samples(NUMERIC, value.toPlainString(), value.toPlainString());
      }
      case 6 -> {
        int value = random.nextInt();
        yield new Samples(OID, Integer.toUnsignedString(value), value);
      }
      case 7 -> {
        byte[] value = new byte[random.nextInt(300)];
        random.nextBytes(value);
        var hex = HexFormat.of().formatHex(value);
        yield new Samples(BYTEA, "\\x" + hex, hex);
      }
      case 8 -> timestamp(random);
      case 9 -> {
        var text = "{\"a\": [1, \"b c\"]}";
        yield new Samples(JSONB, text, "{\"a\":[1,\"b c\"]}");
      }
      case 10 -> {
        var text = Seeds.text(random, 200);
        yield new Samples(
            Seeds.oneOf(random, TEXT, VARCHAR, INET, UUID, DATE, UNKNOWN), text, text);
      }
      case 11 -> array(random);
      case 12 -> map(random);
      default -> composite(random, depth);
    };
  }

  private static Samples timestamp(Random random) {
    long seconds = random.nextLong(-62_000_000_000L, 253_000_000_000L);
    int micros = random.nextBoolean() ? 0 : random.nextInt(1_000_000);
    var text =
        LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC)
                .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"))
            + (micros == 0 ? "" : ".%06d".formatted(micros));
    Map<String, Object> seen = new HashMap<>();
    seen.put("seconds", seconds);
    seen.put("nanos", micros * 1_000);
    return new Samples(TIMESTAMP, text, seen);
  }

  private static Samples array(Random random) {
    var element = notNull(random, 0);
    int size = random.nextInt(4);
    var texts = java.util.Collections.nCopies(size, quoted(element.text()));
    Map<String, Object> seen = new HashMap<>();
    seen.put("values", java.util.Collections.nCopies(size, element.seen()));
    return new Samples(
        new Type.Array(element.type(), ','), "{" + String.join(",", texts) + "}", seen);
  }

  private static Samples map(Random random) {
    Map<String, Object> entries = new HashMap<>();
    List<String> texts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var key = i + Seeds.text(random, 5);
      var value = Seeds.text(random, 5);
      entries.put(key, value);
      texts.add(quoted(key) + "=>" + quoted(value));
    }
    Map<String, Object> seen = new HashMap<>();
    seen.put("entries", entries);
    return new Samples(HSTORE, String.join(", ", texts), seen);
  }

  private static Samples composite(Random random, int depth) {
    List<Type.Field> fields = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    Map<String, Object> seen = new HashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      var field = notNull(random, depth - 1);
      boolean isNull = random.nextInt(3) == 0;
      fields.add(new Type.Field("f" + i, field.type()));
      var text = String.valueOf(field.text());
      texts.add(isNull ? "" : "\"" + text.replace("\\", "\\\\").replace("\"", "\"\"") + "\"");
      if (!isNull) {
        seen.put("f" + i, field.seen());
      }
    }
    return new Samples(
        new Type.Composite("some_pair", fields), "(" + String.join(",", texts) + ")", seen);
  }

  private static String quoted(@Nullable String text) {
    return "\"" + String.valueOf(text).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** PostgreSQL's way to write a float; Java's differs in the exponent alone. */
  private static String postgres(String java) {
    return java.replaceFirst("\\.0$", "").replaceFirst("\\.0E", "e").replace('E', 'e');
  }

  static Relation relation(List<Samples> samples) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      columns.add(Column.of("c" + i, samples.get(i).type()));
    }
    return new Relation(1, "public", "t", columns);
  }

  static @Nullable String[] texts(List<Samples> samples) {
    return samples.stream().map(Samples::text).toArray(String[]::new);
  }

  /** A batch with an INSERT of each row of texts. */
  static Batch batch(Relation relation, @Nullable String[]... rows) {
    var builder = new BatchBuilder(relation, rows.length, 64);
    for (String[] texts : rows) {
      int row = builder.row();
      for (String text : texts) {
        if (text == null) {
          builder.nothing(Batch.NULL);
        } else {
          byte[] bytes = (">>>" + text + "<<<").getBytes(StandardCharsets.UTF_8);
          builder.value(bytes, 3, bytes.length - 6);
        }
      }
      builder.change(Op.INSERT, Batch.NO_ROW, row, 1);
    }
    return builder.build(PostgresPosition.of("1", 1, "slot", 1), rows.length, false);
  }

  /** What a message says, as values that can be compared; absent fields are not there. */
  static Map<String, Object> plain(DynamicMessage message) {
    Map<String, Object> seen = new HashMap<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        Map<String, Object> entries = new HashMap<>();
        for (Object entry : (List<?>) message.getField(field)) {
          var parts = plain((DynamicMessage) entry);
          entries.put(String.valueOf(parts.get("key")), parts.get("value"));
        }
        seen.put(field.getName(), entries);
      } else if (field.isRepeated()) {
        seen.put(
            field.getName(),
            ((List<?>) message.getField(field)).stream().map(Samples::plain).toList());
      } else if (!field.hasPresence() || message.hasField(field)) {
        seen.put(field.getName(), plain(message.getField(field)));
      }
    }
    return seen;
  }

  private static Object plain(Object value) {
    return switch (value) {
      case ByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
      case DynamicMessage message -> plain(message);
      default -> value;
    };
  }
}
