package akkasinks.format.avro;

import static akkasinks.change.Type.Scalar.INT4;
import static akkasinks.change.Type.Scalar.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.Relation;
import akkasinks.format.debezium.Origin;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Debezium's whole event in Avro, as Apache Avro's own reader sees it. */
class AvroEventsTest {
  private static final Relation TABLE =
      new Relation(1, "public", "orders", List.of(Column.of("id", INT4), Column.of("note", TEXT)));
  private static final Origin ORIGIN =
      new Origin("shop", "shopdb", () -> Instant.ofEpochMilli(1_700_000_000_999L));

  private final AvroFormat format =
      AvroFormat.event(
          TABLE, Decoded.columns(2), new AvroOptions("k", "shop.Envelope", true, List.of()));
  private final Batch batch = Decoded.told(TABLE, new String[] {"1", "a"}, new String[] {"1", "b"});

  private byte[] event(int change, Op op, int before, int after) {
    var out = new Buffer(0);
    format.events(Decoded.SCHEMA_ID, ORIGIN).encode(batch, change, op, before, after, out);
    return out.toBytes();
  }

  private GenericRecord read(byte[] event) {
    return Decoded.read(format.schema().text(), event);
  }

  @Test
  void aChangeTellsItsOperationItsPlaceAndItsTransaction() {
    assertThat(read(event(1, Op.UPDATE, 0, 1)).toString())
        .isEqualTo(
            "{\"before\": {\"id\": 1, \"note\": \"a\"}, \"after\": {\"id\": 1, \"note\": \"b\"},"
                + " \"source\": {\"version\": \"akkasinks\", \"connector\": \"postgresql\","
                + " \"name\": \"shop\", \"db\": \"shopdb\", \"schema\": \"public\", \"table\":"
                + " \"orders\", \"ts_ms\": 1700000000123, \"snapshot\": \"false\", \"txId\": 77,"
                + " \"lsn\": 23803720}, \"op\": \"u\", \"ts_ms\": 1700000000999, \"transaction\":"
                + " {\"id\": \"77:0/16B3748\", \"total_order\": 2}}");
  }

  @Test
  void aSnapshotsRowBelongsToNoTransaction() {
    var read = read(event(0, Op.READ, Batch.NO_ROW, 0));
    assertThat(read.get("op")).hasToString("r");
    assertThat(read.get("before")).isNull();
    assertThat(read.get("transaction")).isNull();
    var source = (GenericRecord) read.get("source");
    assertThat(source.get("snapshot")).hasToString("true");
    assertThat(source.get("lsn")).isNull();
    assertThat(source.get("ts_ms")).isEqualTo(1_700_000_000_999L);
  }

  @Test
  void itsRecordsHaveTheNamesThatDebeziumGivesThem() {
    var schema = new Schema.Parser().parse(format.schema().text());
    assertThat(schema.getFullName()).isEqualTo("shop.Envelope");
    assertThat(schema.getField("source").schema().getFullName())
        .isEqualTo("io.debezium.connector.postgresql.Source");
    assertThat(schema.getField("transaction").schema().getTypes().get(1).getFullName())
        .isEqualTo("event.block");
    assertThat(schema.getField("after").schema().getTypes().get(1).getFullName())
        .isEqualTo("shop.row");
  }

  @Test
  void theRowAfterTheChangeIsCutOutOfIt() {
    var row = new Buffer(0);
    AvroFormat.row(TABLE, Decoded.columns(2), AvroOptions.DEFAULT)
        .rows(Decoded.SCHEMA_ID)
        .encode(batch, 1, row);
    var after = new AvroAfter(_ -> format.schema().text());
    assertThat(after.of(event(1, Op.UPDATE, 0, 1))).isEqualTo(row.toBytes());
    assertThat(after.of(event(1, Op.DELETE, 1, Batch.NO_ROW))).isNull();
  }
}
