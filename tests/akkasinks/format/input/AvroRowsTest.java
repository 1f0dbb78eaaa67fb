package akkasinks.format.input;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Op;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.testing.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Avro that Apache's own library wrote. */
class AvroRowsTest {
  private static final String ROW =
      """
      {"type":"record","name":"Row","namespace":"shop","fields":[
        {"name":"unknown","type":{"type":"map","values":{"type":"array","items":"string"}}},
        {"name":"id","type":"long"},
        {"name":"name","type":["null","string"]},
        {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}},
        {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
        {"name":"day","type":{"type":"int","logicalType":"date"}},
        {"name":"clock","type":{"type":"long","logicalType":"time-micros"}},
        {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
        {"name":"tz","type":{"type":"long","logicalType":"timestamp-millis"}},
        {"name":"ok","type":"boolean"},
        {"name":"x","type":"double"},
        {"name":"raw","type":{"type":"fixed","name":"Two","size":2}},
        {"name":"doc","type":{"type":"record","name":"Doc","fields":[
          {"name":"next","type":["null","Doc"]},{"name":"n","type":"int"}]}}]}\
      """;

  private static final Schema SCHEMA = new Schema.Parser().parse(ROW);

  private static final List<InputColumn> COLUMNS =
      columns(
          Map.entry("id", Type.Scalar.INT4),
          Map.entry("name", Type.Scalar.TEXT),
          Map.entry("kind", Type.Scalar.TEXT),
          Map.entry("amount", Type.Scalar.NUMERIC),
          Map.entry("day", Type.Scalar.DATE),
          Map.entry("clock", Type.Scalar.TIME),
          Map.entry("at", Type.Scalar.TIMESTAMP),
          Map.entry("tz", Type.Scalar.TIMESTAMPTZ),
          Map.entry("ok", Type.Scalar.BOOL),
          Map.entry("x", Type.Scalar.FLOAT8),
          Map.entry("raw", Type.Scalar.BYTEA),
          Map.entry("doc", Type.Scalar.JSONB),
          Map.entry("absent", Type.Scalar.INT8));

  @SafeVarargs
  private static List<InputColumn> columns(Map.Entry<String, Type.Scalar>... named) {
    List<InputColumn> columns = new ArrayList<>();
    for (var each : named) {
      columns.add(new InputColumn(each.getKey(), each.getValue(), true, columns.size()));
    }
    return columns;
  }

  private static GenericData.Record row(long id) {
    var inner = new GenericData.Record(SCHEMA.getField("doc").schema());
    inner.put("n", 2);
    var doc = new GenericData.Record(SCHEMA.getField("doc").schema());
    doc.put("n", 1);
    doc.put("next", inner);
    var row = new GenericData.Record(SCHEMA);
    row.put("unknown", Map.of("a", List.of("x", "y")));
    row.put("id", id);
    row.put("name", "ü");
    row.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), "B"));
    row.put("amount", ByteBuffer.wrap(BigInteger.valueOf(-1_205).toByteArray()));
    row.put("day", (int) LocalDate.parse("2026-01-31").toEpochDay());
    row.put("clock", 3_600_000_001L);
    row.put("at", 1_321_009_871_123_456L);
    row.put("tz", 1_321_009_871_123L);
    row.put("ok", true);
    row.put("x", 1.5);
    row.put("raw", new GenericData.Fixed(SCHEMA.getField("raw").schema(), new byte[] {1, -1}));
    row.put("doc", doc);
    return row;
  }

  private static byte[] written(Schema schema, Object value) {
    try {
      var out = new ByteArrayOutputStream();
      out.write(new byte[] {0, 0, 0, 1, 7});
      var encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<>(schema).write(value, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String schema(int id) {
    assertThat(id).isEqualTo(263);
    return ROW;
  }

  @Test
  void eachLogicalTypeBecomesItsColumnAndOtherFieldsArePassedOver() {
    assertThat(read(new AvroRows(COLUMNS, AvroRowsTest::schema), written(SCHEMA, row(7))))
        .containsExactly(
            "7",
            "ü",
            "B",
            "-12.05",
            "2026-01-31",
            "01:00:00.000001",
            "2011-11-11 11:11:11.123456",
            "2011-11-11 11:11:11.123000+00",
            "t",
            "1.5",
            "\\x01ff",
            "{\"next\":{\"next\":null,\"n\":2},\"n\":1}",
            "NULL");
  }

  @Test
  void aValueOutOfItsColumnsRangeIsABadRecordAndSoIsAnyCutOrChangedOne() {
    var rows = new AvroRows(COLUMNS, AvroRowsTest::schema);
    assertThat(bad(rows, written(SCHEMA, row(1L << 40)))).isEqualTo("column \"id\": it is no int4");
    byte[] whole = written(SCHEMA, row(7));
    for (int length = 0; length < whole.length; length++) {
      assertThat(bad(rows, Arrays.copyOf(whole, length))).isNotEmpty();
    }
    Seeds.forAll(
        3_000,
        random -> {
          byte[] changed = whole.clone();
          changed[5 + random.nextInt(changed.length - 5)] = (byte) random.nextInt(256);
          try {
            read(rows, changed);
          } catch (BadRecord expected) {
            assertThat(expected.why()).isNotEmpty();
          }
        });
  }

  @Test
  void aDebeziumEnvelopeTellsItsRows() {
    var envelope =
        "{\"type\":\"record\",\"name\":\"Envelope\",\"fields\":[{\"name\":\"before\",\"type\":"
            + "[\"null\","
            + ROW
            + "]},{\"name\":\"after\",\"type\":[\"null\",\"shop.Row\"]},{\"name\":\"op\",\"type\":"
            + "\"string\"},{\"name\":\"ts\",\"type\":[\"null\",\"long\"]}]}";
    var schema = new Schema.Parser().parse(envelope);
    var change = new GenericData.Record(schema);
    change.put("before", row(1));
    change.put("after", row(2));
    change.put("op", "u");
    var before = new Fields(COLUMNS.size());
    var after = new Fields(COLUMNS.size());
    var rows = new AvroRows(COLUMNS, _ -> envelope);
    assertThat(rows.read(written(schema, change), before, after))
        .isEqualTo(ChangeReader.Kind.UPDATE);
    assertThat(texts(before).getFirst()).isEqualTo("1");
    assertThat(texts(after).getFirst()).isEqualTo("2");
    change.put("after", null);
    change.put("op", "d");
    assertThat(rows.read(written(schema, change), before, after))
        .isEqualTo(ChangeReader.Kind.DELETE);
  }

  private static String bad(RowReader reader, byte[] bytes) {
    try {
      return "it was read: " + read(reader, bytes);
    } catch (BadRecord e) {
      return e.why();
    }
  }

  private static List<String> read(RowReader reader, byte[] bytes) {
    var fields = new Fields(COLUMNS.size());
    reader.read(bytes, fields);
    return texts(fields);
  }

  private static List<String> texts(Fields fields) {
    var relation =
        new Relation(0, "", "t", COLUMNS.stream().map(c -> Column.of(c.name(), c.type())).toList());
    var builder = new BatchBuilder(relation, 1, 64);
    int row = builder.row();
    for (int column = 0; column < COLUMNS.size(); column++) {
      fields.copy(column, builder);
    }
    builder.change(Op.INSERT, Batch.NO_ROW, row, 1);
    var batch = builder.build(KafkaPosition.of("t", List.of()), 1, true);
    List<String> texts = new ArrayList<>();
    for (int column = 0; column < COLUMNS.size(); column++) {
      texts.add(batch.length(0, column) == Batch.NULL ? "NULL" : batch.text(0, column));
    }
    return texts;
  }
}
