package akkasinks.format.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Op;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.testing.Seeds;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Readers of records, held against Jackson where it can be the judge. */
class RowReadersTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final List<InputColumn> COLUMNS =
      List.of(
          column("id", Type.Scalar.INT8, 0),
          column("name", Type.Scalar.TEXT, 1),
          column("ok", Type.Scalar.BOOL, 2),
          column("data", Type.Scalar.JSONB, 3));

  private static InputColumn column(String name, Type.Scalar type, int place) {
    return new InputColumn(name, type, true, place);
  }

  @Test
  void whatJacksonWritesIsReadAsItWasMeant() {
    var rows = new JsonRows(COLUMNS);
    Seeds.forAll(
        3_000,
        random -> {
          ObjectNode object = JSON.createObjectNode();
          List<String> expected = new ArrayList<>();
          long id = random.nextBoolean() ? random.nextLong() : random.nextInt(100) - 50;
          String name = Seeds.text(random, 20).replaceAll("[\\ud800-\\udfff]", "");
          boolean ok = random.nextBoolean();
          var data = JSON.createObjectNode().put(Seeds.oneOf(random, List.of("a", "\"")), id);
          expected.add(Long.toString(id));
          expected.add(name);
          expected.add(ok ? "t" : "f");
          List<Runnable> members =
              new ArrayList<>(
                  List.of(
                      () -> object.put("id", id),
                      () -> object.put("name", name),
                      () -> object.put("ok", ok),
                      () -> object.set("data", data),
                      () -> object.put("other", "x\\\"" + name)));
          java.util.Collections.shuffle(members, random);
          members.forEach(Runnable::run);
          byte[] bytes =
              (random.nextBoolean() ? object.toPrettyString() : escaped(object, random))
                  .getBytes(StandardCharsets.UTF_8);
          var found = read(rows, bytes);
          assertThat(found.subList(0, 3)).isEqualTo(expected);
          assertThat(JSON.readTree(found.get(3)).toString()).isEqualTo(data.toString());
        });
  }

  /** What is not ASCII may be written as an escape. */
  private static String escaped(ObjectNode object, Random random) {
    return object
        .toString()
        .codePoints()
        .mapToObj(
            c ->
                c > 127 && c < 0x10000 && random.nextBoolean()
                    ? "\\u%04x".formatted(c)
                    : Character.toString(c))
        .collect(Collectors.joining());
  }

  @Test
  void whatJacksonRefusesIsABadRecordAndNothingElseEscapes() {
    var whole = WholeRecords.json(column("data", Type.Scalar.JSONB, 0));
    var rows = new JsonRows(COLUMNS);
    Seeds.forAll(
        5_000,
        random -> {
          byte[] bytes =
              "{\"id\": -17, \"name\": \"a\\u00fc\\n\u00e4\", \"ok\": true, \"data\": [1.5e3, {}, null]}"
                  .getBytes(StandardCharsets.UTF_8);
          for (int i = 0; i <= random.nextInt(3); i++) {
            bytes[random.nextInt(bytes.length)] =
                (byte)
                    (random.nextInt(3) == 0
                        ? random.nextInt(256)
                        : "{}[]\",:0123.eE-+tfn \\u".charAt(random.nextInt(22)));
          }
          boolean valid = jackson(bytes);
          boolean taken = takes(whole, bytes);
          if (isUtf8(bytes)) {
            assertThat(taken).as(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(valid);
          } else {
            assertThat(taken).isFalse();
          }
          if (takes(rows, bytes)) {
            assertThat(valid).isTrue();
          }
        });
  }

  private static boolean jackson(byte[] bytes) {
    try {
      // As text: its reader of bytes guesses encodings.
      return !JSON.readTree(new String(bytes, StandardCharsets.UTF_8)).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean takes(RowReader reader, byte[] bytes) {
    try {
      var fields = new Fields(COLUMNS.size());
      reader.read(bytes, fields);
      return true;
    } catch (BadRecord e) {
      return false;
    }
  }

  @Test
  void csvIsReadAsItWasWritten() {
    var columns =
        List.of(
            column("a", Type.Scalar.TEXT, 0),
            column("b", Type.Scalar.INT4, 1),
            column("c", Type.Scalar.TEXT, 2));
    var rows = new CsvRows(columns, ';');
    Seeds.forAll(
        3_000,
        random -> {
          String a = Seeds.text(random, 12).replaceAll("[\\ud800-\\udfff]", "");
          String c = Seeds.text(random, 12).replaceAll("[\\ud800-\\udfff]", "");
          boolean none = random.nextInt(5) == 0;
          int b = random.nextInt();
          String line =
              quoted(a)
                  + ";"
                  + (none ? "" : Integer.toString(b))
                  + ";"
                  + quoted(c)
                  + Seeds.oneOf(random, List.of("", "\n", "\r\n"));
          assertThat(read(rows, line.getBytes(StandardCharsets.UTF_8)))
              .containsExactly(a, none ? "NULL" : Integer.toString(b), c);
        });
    assertThat(bad(rows, "a;1")).isEqualTo("it has 2 fields, not 3");
    assertThat(bad(rows, "a;1;b;c")).isEqualTo("it has more fields than 3");
    assertThat(bad(rows, "a;x;b")).isEqualTo("column \"b\": it is no int4");
    assertThat(bad(rows, "a;1;\"b")).isEqualTo("a quoted field does not end");
    assertThat(read(rows, "plain;;".getBytes(StandardCharsets.UTF_8)))
        .containsExactly("plain", "NULL", "");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }

  @Test
  void eachTypeTakesItsOwnFormsOnly() {
    assertThat(value(Type.Scalar.INT2, "32767")).isEqualTo("32767");
    assertThat(value(Type.Scalar.INT2, "32768")).isEqualTo("it is no int2");
    assertThat(value(Type.Scalar.INT2, "-32768")).isEqualTo("-32768");
    assertThat(value(Type.Scalar.INT8, "9223372036854775807")).isEqualTo("9223372036854775807");
    assertThat(value(Type.Scalar.INT8, "9223372036854775808")).isEqualTo("it is no int8");
    assertThat(value(Type.Scalar.INT8, "-9223372036854775808")).isEqualTo("-9223372036854775808");
    assertThat(value(Type.Scalar.INT8, "99999999999999999999")).isEqualTo("it is no int8");
    assertThat(value(Type.Scalar.INT8, "1.0")).isEqualTo("it is no int8");
    assertThat(value(Type.Scalar.INT8, "-0")).isEqualTo("0");
    assertThat(value(Type.Scalar.INT8, "\"12\"")).isEqualTo("12");
    assertThat(value(Type.Scalar.INT8, "true")).isEqualTo("it is no int8");
    assertThat(value(Type.Scalar.TEXT, "1")).isEqualTo("it is no text");
    assertThat(value(Type.Scalar.TEXT, "\"\\ud83d\\ude00\"")).isEqualTo("😀");
    assertThat(value(Type.Scalar.TEXT, "\"\\ud83d\""))
        .isEqualTo("it is not JSON: an escape is half of a character");
    assertThat(value(Type.Scalar.NUMERIC, "1.50e3")).isEqualTo("1500");
    assertThat(value(Type.Scalar.NUMERIC, "1e999999999")).isEqualTo("it is no numeric");
    assertThat(value(Type.Scalar.NUMERIC, "\"12.340\"")).isEqualTo("12.340");
    assertThat(value(Type.Scalar.FLOAT8, "1e999")).isEqualTo("it is no float8");
    assertThat(value(Type.Scalar.FLOAT8, "\"NaN\"")).isEqualTo("NaN");
    assertThat(value(Type.Scalar.BOOL, "false")).isEqualTo("f");
    assertThat(value(Type.Scalar.BYTEA, "[209,130]")).isEqualTo("\\xd182");
    assertThat(value(Type.Scalar.BYTEA, "\"0YI=\"")).isEqualTo("\\xd182");
    assertThat(value(Type.Scalar.BYTEA, "\"\\\\xd182\"")).isEqualTo("\\xd182");
    assertThat(value(Type.Scalar.BYTEA, "[256]")).isEqualTo("it is no bytea");
    assertThat(value(Type.Scalar.UUID, "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\""))
        .isEqualTo("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    assertThat(value(Type.Scalar.DATE, "\"2024-02-29\"")).isEqualTo("2024-02-29");
    assertThat(value(Type.Scalar.DATE, "\"2023-02-29\"")).isEqualTo("it is no date");
    assertThat(value(Type.Scalar.TIME, "\"23:59:59.5\"")).isEqualTo("23:59:59.5");
    assertThat(value(Type.Scalar.TIMESTAMP, "\"2011-11-11T11:11:11.123456\""))
        .isEqualTo("2011-11-11 11:11:11.123456");
    assertThat(value(Type.Scalar.TIMESTAMP, "\"1321009871123.450\""))
        .isEqualTo("2011-11-11 11:11:11.123450");
    assertThat(value(Type.Scalar.TIMESTAMP, "1321009871000")).isEqualTo("2011-11-11 11:11:11");
    assertThat(value(Type.Scalar.TIMESTAMP, "\"-1.999\"")).isEqualTo("1969-12-31 23:59:59.999999");
    assertThat(value(Type.Scalar.TIMESTAMPTZ, "\"2011-11-11 00:11:11-05:30\""))
        .isEqualTo("2011-11-11 05:41:11+00");
    assertThat(value(Type.Scalar.TIMESTAMPTZ, "\"2011-11-11 00:11:11Q\""))
        .isEqualTo("it is no timestamptz");
    assertThat(value(Type.Scalar.JSONB, "{\"b\": [ ]}")).isEqualTo("{\"b\": [ ]}");
  }

  @Test
  void aTimestampWithAnOffsetIsTheSameMomentInUtc() {
    var postgres = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    Seeds.forAll(
        3_000,
        random -> {
          var offset = ZoneOffset.ofTotalSeconds(60 * (random.nextInt(18 * 120 + 1) - 18 * 60));
          var moment =
              Instant.ofEpochSecond(random.nextLong(-62_135_000_000L, 253_402_000_000L))
                  .atOffset(offset);
          assertThat(
                  value(
                      Type.Scalar.TIMESTAMPTZ,
                      "\"" + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment) + "\""))
              .isEqualTo(postgres.format(moment.withOffsetSameInstant(ZoneOffset.UTC)) + "+00");
        });
  }

  private static String value(Type.Scalar type, String json) {
    var reader = WholeRecords.jsonScalar(column("x", type, 0));
    try {
      return read(reader, json.getBytes(StandardCharsets.UTF_8)).getFirst();
    } catch (BadRecord e) {
      return e.why();
    }
  }

  @Test
  void aDebeziumRecordTellsWhatHappenedInWhateverFormItComes() {
    var records = new DebeziumRecords(COLUMNS);
    assertThat(debezium(records, "{\"before\":null,\"after\":{\"id\":1},\"op\":\"r\"}"))
        .isEqualTo("INSERT [] [1]");
    assertThat(debezium(records, "{\"op\":\"u\",\"after\":{\"id\":2},\"before\":{\"id\":1}}"))
        .isEqualTo("UPDATE [1] [2]");
    assertThat(debezium(records, "{\"op\":\"u\",\"after\":{\"id\":2},\"before\":null}"))
        .isEqualTo("UPDATE_BLIND [] [2]");
    assertThat(
            debezium(
                records,
                "{\"schema\":{\"before\":{}},\"payload\":{\"before\":{\"id\":1},\"after\":null,"
                    + "\"source\":{\"after\":{}},\"op\":\"d\"}}"))
        .isEqualTo("DELETE [1] []");
    assertThat(debezium(records, "{\"before\":{\"id\":1},\"after\":{\"id\":1}}"))
        .isEqualTo("UPDATE [1] [1]");
    assertThat(debezium(records, "{\"before\":{\"id\":1},\"after\":null}"))
        .isEqualTo("DELETE [1] []");
    assertThat(debezium(records, "{\"op\":\"d\",\"before\":null,\"after\":null}"))
        .isEqualTo("it has no row before");
    assertThat(debezium(records, "{\"op\":\"t\"}")).isEqualTo("it tells of a TRUNCATE");
    assertThat(debezium(records, "{}")).isEqualTo("it has no row before nor after");
  }

  private static String debezium(DebeziumRecords records, String json) {
    var before = new Fields(COLUMNS.size());
    var after = new Fields(COLUMNS.size());
    try {
      var kind = records.read(json.getBytes(StandardCharsets.UTF_8), before, after);
      return kind + " " + ids(before) + " " + ids(after);
    } catch (BadRecord e) {
      return e.why();
    }
  }

  private static List<String> ids(Fields row) {
    return row.length(0) < 0 ? List.of() : texts(row, 1);
  }

  private static String bad(RowReader reader, String text) {
    return catchThrowableOfType(
            BadRecord.class, () -> read(reader, text.getBytes(StandardCharsets.UTF_8)))
        .why();
  }

  private static List<String> read(RowReader reader, byte[] bytes) {
    var fields = new Fields(COLUMNS.size());
    reader.read(bytes, fields);
    int columns = COLUMNS.size();
    while (fields.length(columns - 1) == Batch.ABSENT) {
      columns--;
    }
    return texts(fields, columns);
  }

  /** As a batch would hold them. */
  private static List<String> texts(Fields fields, int columns) {
    var relation =
        new Relation(
            0,
            "",
            "t",
            COLUMNS.subList(0, columns).stream().map(c -> Column.of(c.name(), c.type())).toList());
    var builder = new BatchBuilder(relation, 1, 64);
    int row = builder.row();
    for (int column = 0; column < columns; column++) {
      fields.copy(column, builder);
    }
    builder.change(Op.INSERT, Batch.NO_ROW, row, 1);
    var batch = builder.build(KafkaPosition.of("t", List.of()), 1, true);
    List<String> texts = new ArrayList<>();
    for (int column = 0; column < columns; column++) {
      texts.add(batch.length(0, column) == Batch.NULL ? "NULL" : batch.text(0, column));
    }
    return texts;
  }
}
