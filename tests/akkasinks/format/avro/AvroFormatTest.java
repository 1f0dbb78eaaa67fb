package akkasinks.format.avro;

import static akkasinks.change.Type.Scalar.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Representation;
import akkasinks.change.Type;
import akkasinks.testing.Seeds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What our encoder wrote, as Apache Avro's own reader sees it. */
class AvroFormatTest {
  /** Of a text as PostgreSQL writes it, what a reader must see. */
  private record Sample(Type type, int modifier, @Nullable String text, @Nullable Object seen) {}

  @Test
  void anyRowsAreReadBackByAvrosOwnReader() {
    Seeds.forAll(
        400,
        random -> {
          List<Sample> samples = Seeds.list(random, 12, AvroFormatTest::sample);
          List<Column> columns = new ArrayList<>();
          for (int i = 0; i < samples.size(); i++) {
            var sample = samples.get(i);
            boolean nullable = sample.text() == null || random.nextBoolean();
            columns.add(
                new Column(
                    "c" + i,
                    sample.type(),
                    sample.modifier(),
                    nullable,
                    Representation.POSTGRES_TEXT));
          }
          var relation = new Relation(1, "public", "t", columns);
          var texts = samples.stream().map(Sample::text).toArray(String[]::new);
          GenericRecord row = Decoded.row(relation, AvroOptions.DEFAULT, texts);
          for (int i = 0; i < samples.size(); i++) {
            assertThat(plain(row.get("c" + i)))
                .as("%s: %s", samples.get(i).type(), samples.get(i).text())
                .isEqualTo(samples.get(i).seen());
          }
        });
  }

  private static Sample sample(Random random) {
    var sample = notNull(random, 2);
    return random.nextInt(6) == 0
        ? new Sample(sample.type(), sample.modifier(), null, null)
        : sample;
  }

  private static Sample notNull(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 11 : 14)) {
      case 0 -> {
        boolean value = random.nextBoolean();
        yield new Sample(BOOL, -1, value ? "t" : "f", value);
      }
      case 1 -> {
        int value = random.nextInt() >> random.nextInt(32);
        yield new Sample(INT4, -1, Integer.toString(value), value);
      }
      case 2 -> {
        long value = random.nextLong() >> random.nextInt(64);
        yield new Sample(INT8, -1, Long.toString(value), value);
      }
      case 3 -> {
        double value =
            random.nextBoolean()
                ? random.nextInt(2_000_000) / 1000.0 - 1000
                : Double.longBitsToDouble(random.nextLong());
        yield new Sample(FLOAT8, -1, postgres(Double.toString(value)), value);
      }
      case 4 -> {
        float value = Float.intBitsToFloat(random.nextInt());
        yield new Sample(FLOAT4, -1, postgres(Float.toString(value)), value);
      }
      case 5 -> {
        int scale = random.nextInt(12);
        var value = new BigDecimal(new BigInteger(random.nextInt(120), random), scale);
        value = random.nextBoolean() ? value.negate() : value;
        int modifier = (38 << 16 | scale) + 4;
        yield new Sample(NUMERIC, modifier, value.toPlainString(), value.unscaledValue());
      }
      case 6 -> {
        var value = new BigDecimal(new BigInteger(random.nextInt(130), random), random.nextInt(39));
        var unscaled = value.setScale(39).unscaledValue();
        yield new Sample(NUMERIC, -1, value.toPlainString(), unscaled);
      }
      case 7 -> {
        byte[] value = new byte[random.nextInt(16)];
        random.nextBytes(value);
        var text = "\\x" + HexFormat.of().formatHex(value);
        yield new Sample(BYTEA, -1, text, HexFormat.of().formatHex(value));
      }
      case 8 -> {
        int value = random.nextInt();
        yield new Sample(OID, -1, Integer.toUnsignedString(value), "%08x".formatted(value));
      }
      case 9 -> {
        var micros = random.nextLong(86_400_000_000L);
        var time = java.time.LocalTime.ofNanoOfDay(micros * 1000);
        yield new Sample(
            TIME,
            -1,
            time.toString() + (time.getSecond() == 0 && time.getNano() == 0 ? ":00" : ""),
            micros);
      }
      case 10 -> {
        var text = Seeds.text(random, 20);
        yield new Sample(Seeds.oneOf(random, TEXT, VARCHAR, INET, UNKNOWN), -1, text, text);
      }
      case 11 -> array(random, depth);
      case 12 -> map(random);
      default -> composite(random, depth);
    };
  }

  private static Sample array(Random random, int depth) {
    var element = notNull(random, 0);
    List<String> texts = new ArrayList<>();
    List<Object> seen = new ArrayList<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      boolean isNull = random.nextInt(3) == 0;
      texts.add(isNull ? "NULL" : quoted(element.text()));
      seen.add(isNull ? null : element.seen());
    }
    var type = new Type.Array(element.type(), ',');
    return new Sample(type, element.modifier(), "{" + String.join(",", texts) + "}", seen);
  }

  private static Sample map(Random random) {
    Map<String, Object> seen = new HashMap<>();
    List<String> texts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var key = i + Seeds.text(random, 5);
      var value = random.nextBoolean() ? Seeds.text(random, 5) : null;
      seen.put(key, value);
      texts.add(quoted(key) + "=>" + (value == null ? "NULL" : quoted(value)));
    }
    return new Sample(HSTORE, -1, String.join(", ", texts), seen);
  }

  private static Sample composite(Random random, int depth) {
    List<Type.Field> fields = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    Map<String, Object> seen = new HashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      var field = notNull(random, depth - 1);
      if (field.modifier() >= 0) {
        continue; // An attribute's modifier is not known.
      }
      boolean isNull = random.nextInt(3) == 0;
      fields.add(new Type.Field("f" + i, field.type()));
      var text = String.valueOf(field.text());
      texts.add(isNull ? "" : "\"" + text.replace("\\", "\\\\").replace("\"", "\"\"") + "\"");
      seen.put("f" + i, isNull ? null : field.seen());
    }
    var type = new Type.Composite("pair", fields);
    return new Sample(type, -1, "(" + String.join(",", texts) + ")", seen);
  }

  private static String quoted(@Nullable String text) {
    return "\"" + String.valueOf(text).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** PostgreSQL's way to write a float; Java's differs in the exponent alone. */
  private static String postgres(String java) {
    return java.replaceFirst("\\.0$", "").replaceFirst("\\.0E", "e").replace('E', 'e');
  }

  /** What the reader gave as values that can be compared. */
  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Utf8 text -> text.toString();
      case ByteBuffer bytes -> bytesOrNumber(bytes);
      case GenericData.Fixed fixed -> HexFormat.of().formatHex(fixed.bytes());
      case GenericData.Array<?> array -> array.stream().map(AvroFormatTest::plain).toList();
      case Map<?, ?> map -> {
        Map<String, Object> seen = new HashMap<>();
        map.forEach((k, v) -> seen.put(k.toString(), plain(v)));
        yield seen;
      }
      case GenericRecord row -> {
        Map<String, Object> seen = new HashMap<>();
        for (Schema.Field field : row.getSchema().getFields()) {
          seen.put(field.name(), plain(row.get(field.pos())));
        }
        yield seen;
      }
      default -> value;
    };
  }

  /** Decimals are 17 or 33 bytes; no other sample's bytes are as long. */
  private static Object bytesOrNumber(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.duplicate().get(array);
    return array.length == 17 || array.length == 33
        ? new BigInteger(array)
        : HexFormat.of().formatHex(array);
  }

  @Test
  void thePublishedValuesComeOut() {
    assertThat(Decoded.value(TIMESTAMP, -1, "1969-12-31 23:59:59.5")).isEqualTo(-500_000L);
    assertThat(Decoded.value(TIME, -1, "01:02:03")).isEqualTo(3_723_000_000L);
    assertThat(Decoded.value(TIME, -1, "24:00:00")).isEqualTo(86_400_000_000L);
    assertThat(Decoded.value(DATE, -1, "4714-11-24 BC")).isEqualTo(-2_440_588);
    assertThat(Decoded.value(DATE, -1, "10000-01-01")).isEqualTo(2_932_897);
    assertThat(Decoded.value(DATE, -1, "262142-12-31"))
        .isEqualTo((int) java.time.LocalDate.of(262_142, 12, 31).toEpochDay());
    assertThat(interval("1 mon 1 day 00:00:00.000001")).containsExactly(1L, 1L, 1L);
    assertThat(interval("-178000000 years")).containsExactly(-2_136_000_000L, 0L, 0L);
    assertThat(interval("-1 years -2 mons +3 days -04:05:06.7"))
        .containsExactly(-14L, 3L, -14_706_700_000L);
    assertThat(interval("00:00:00")).containsExactly(0L, 0L, 0L);
  }

  private static List<Long> interval(String text) {
    var fixed = (GenericData.Fixed) Decoded.value(INTERVAL, -1, text);
    var numbers = ByteBuffer.wrap(fixed.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    return List.of((long) numbers.getInt(), (long) numbers.getInt(), numbers.getLong());
  }

  @Test
  void infinitiesAreTheFirstAndTheLastNumber() {
    assertThat(Decoded.value(DATE, -1, "infinity")).isEqualTo(Integer.MAX_VALUE);
    assertThat(Decoded.value(DATE, -1, "-infinity")).isEqualTo(Integer.MIN_VALUE);
    assertThat(Decoded.value(TIMESTAMPTZ, -1, "infinity")).isEqualTo(Long.MAX_VALUE);
    assertThat(Decoded.value(TIMESTAMP, 3, "-infinity")).isEqualTo(Long.MIN_VALUE);
    assertThat(Decoded.value(FLOAT8, -1, "-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Decoded.value(FLOAT4, -1, "NaN")).isEqualTo(Float.NaN);
    assertThat(interval("infinity"))
        .containsExactly((long) Integer.MAX_VALUE, (long) Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  @Test
  void aTimestampOfFewDigitsIsInMilliseconds() {
    assertThat(Decoded.value(TIMESTAMP, 3, "2011-11-11 11:11:11.123")).isEqualTo(1321009871123L);
    assertThat(Decoded.value(TIMESTAMP, 6, "2011-11-11 11:11:11.123")).isEqualTo(1321009871123000L);
  }

  @Test
  void whatASchemaCannotHoldIsAnErrorThatNamesTheColumnAndNeverAnotherValue() {
    refused(NUMERIC, -1, "NaN", "NaN");
    refused(NUMERIC, -1, "-Infinity", "infinity");
    refused(NUMERIC, -1, "0." + "0".repeat(39) + "1", "39 of them after the point");
    refused(NUMERIC, -1, "1" + "0".repeat(60), "81 digits");
    refused(new Type.Array(INT4, ','), -1, "{{1,2},{3,4}}", "one dimension");
    refused(TIMESTAMP, -1, "294276-12-31 23:59:59.999999", "294247");
    refused(INT4, -1, "12x", "a whole number");
    refused(BOOL, -1, "true", "t or f");
  }

  private static void refused(Type type, int modifier, String text, String why) {
    assertThatThrownBy(() -> Decoded.value(type, modifier, text))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message()).contains("column \"c\" of table \"public\".\"t\"");
              assertThat(e.failure().detail()).contains(why);
            });
  }

  @Test
  void aNumberOfAnyDeclaredSizeFits() {
    int modifier = (1000 << 16 | 5) + 4;
    var text = "-" + "9".repeat(995) + ".12345";
    var bytes = (ByteBuffer) Decoded.value(NUMERIC, modifier, text);
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    assertThat(new BigDecimal(new BigInteger(array), 5)).isEqualTo(new BigDecimal(text));
    int negativeScale = (2 << 16 | (-3 & 0x7FF)) + 4;
    assertThat(plain(Decoded.value(NUMERIC, negativeScale, "99000")))
        .isEqualTo(BigInteger.valueOf(99_000));
  }

  @Test
  void equalNumbersGiveEqualKeysWhateverTheirScale() {
    var relation = relation(new Column("n", NUMERIC, -1, false, Representation.POSTGRES_TEXT));
    assertThat(key(relation, "1.5")).isEqualTo(key(relation, "1.500"));
  }

  @Test
  void aKeysBytesAreThosePublished() {
    var relation = relation(Column.of("key", TEXT));
    assertThat(key(relation, "v1")).containsExactly(0, 1, 2, 3, 4, 2, 4, 0x76, 0x31);
  }

  @Test
  void keysAreReadBackAsPostgresTexts() {
    for (var sample :
        List.of(
            new Sample(INT8, -1, "-9223372036854775808", null),
            new Sample(TEXT, -1, "a 'b' ü😀", null),
            new Sample(UUID, -1, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", null),
            new Sample(BOOL, -1, "t", null),
            new Sample(OID, -1, "4294967295", null),
            new Sample(NUMERIC, -1, "-1.5", null),
            new Sample(DATE, -1, "0044-03-15 BC", null),
            new Sample(DATE, -1, "infinity", null),
            new Sample(TIME, -1, "24:00:00", null),
            new Sample(TIME, -1, "11:10:00", null),
            new Sample(TIMESTAMP, -1, "1969-12-31 23:59:59.5", null),
            new Sample(TIMESTAMPTZ, 3, "2011-11-11 11:11:10.12+00", null),
            new Sample(BYTEA, -1, "\\xd18200ff", null),
            new Sample(FLOAT8, -1, "1.25", null))) {
      var relation =
          relation(
              new Column(
                  "k", sample.type(), sample.modifier(), false, Representation.POSTGRES_TEXT));
      var format = AvroFormat.key(relation, new int[] {0}, AvroOptions.DEFAULT);
      assertThat(format.key(key(relation, sample.text()))).containsExactly(sample.text());
    }
  }

  @Test
  void theRowAfterAChangeIsCutOutOfAnyPair() {
    Seeds.forAll(
        100,
        random -> {
          List<Sample> samples = Seeds.list(random, 6, AvroFormatTest::sample);
          List<Column> columns = new ArrayList<>();
          for (int i = 0; i < samples.size(); i++) {
            columns.add(
                new Column(
                    "c" + i,
                    samples.get(i).type(),
                    samples.get(i).modifier(),
                    true,
                    Representation.POSTGRES_TEXT));
          }
          var relation = new Relation(1, "public", "t", columns);
          var all = Decoded.columns(samples.size());
          var format = AvroFormat.pair(relation, all, AvroOptions.DEFAULT);
          var texts = samples.stream().map(Sample::text).toArray(String[]::new);
          var batch = Decoded.batch(relation, texts, new String[texts.length]);
          var alone = new Buffer(0);
          AvroFormat.row(relation, all, AvroOptions.DEFAULT).rows(7).encode(batch, 0, alone);
          var after = new AvroAfter(_ -> format.schema().text());
          assertThat(after.of(pair(format, batch, 1, 0))).isEqualTo(alone.toBytes());
          assertThat(after.of(pair(format, batch, -1, 0))).isEqualTo(alone.toBytes());
          assertThat(after.of(pair(format, batch, 0, -1))).isNull();
        });
  }

  private static byte[] pair(
      AvroFormat format, akkasinks.change.Batch batch, int before, int after) {
    var out = new Buffer(0);
    format.pairs(7).encode(batch, before, after, out);
    return out.toBytes();
  }

  private static Relation relation(Column... columns) {
    return new Relation(1, "public", "t", List.of(columns));
  }

  private static byte[] key(Relation relation, @Nullable String... texts) {
    var out = new Buffer(0);
    AvroFormat.key(relation, Decoded.columns(texts.length), AvroOptions.DEFAULT)
        .rows(Decoded.SCHEMA_ID)
        .encode(Decoded.batch(relation, new String[][] {texts}), 0, out);
    return out.toBytes();
  }
}
