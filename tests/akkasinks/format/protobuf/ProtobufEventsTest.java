package akkasinks.format.protobuf;

import static akkasinks.change.Type.Scalar.INT4;
import static akkasinks.change.Type.Scalar.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.format.debezium.Origin;
import akkasinks.format.protobuf.ProtobufFormat.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Debezium's whole event in Protobuf, as Google's own library reads it. */
class ProtobufEventsTest {
  private static final int ID = 7;
  private static final Relation TABLE =
      new Relation(1, "public", "orders", List.of(Column.of("id", INT4), Column.of("note", TEXT)));
  private static final Origin ORIGIN =
      new Origin("shop", "shopdb", () -> Instant.ofEpochMilli(1_700_000_000_999L));
  private static final int[] ALL = {0, 1};

  private static ProtobufFormat format(String name, List<String> history) {
    return ProtobufFormat.event(TABLE, ALL, name, new Subject("t-value", history));
  }

  /** A snapshot's row, then an UPDATE of it: the second change of transaction 77. */
  private static Batch batch() {
    var builder = new BatchBuilder(TABLE, 2, 64);
    for (String note : List.of("a", "b")) {
      builder.row();
      builder.value("1".getBytes(StandardCharsets.UTF_8), 0, 1);
      builder.value(note.getBytes(StandardCharsets.UTF_8), 0, 1);
    }
    builder.change(Op.READ, Batch.NO_ROW, 0, 0);
    builder.transaction(0, 0, 0, 0);
    builder.change(Op.UPDATE, 0, 1, 0x1_6B3748L);
    builder.transaction(0x1_6B3748L, 77, 1_700_000_000_123_456L, 2);
    return builder.build(PostgresPosition.of("1", 1, "slot", 1), 2, false);
  }

  private static byte[] event(ProtobufFormat format, int change, Op op, int before, int after) {
    var out = new Buffer(0);
    format.events(ID, ORIGIN).encode(batch(), change, op, before, after, out);
    return out.toBytes();
  }

  @Test
  void aChangeTellsItsOperationItsPlaceAndItsTransaction() {
    var format = format("shop.Envelope", List.of());
    assertThat(Descriptors.read(format.shown(), ID, event(format, 1, Op.UPDATE, 0, 1)))
        .hasToString(
            """
            before {
              id: 1
              note: "a"
            }
            after {
              id: 1
              note: "b"
            }
            source {
              version: "akkasinks"
              connector: "postgresql"
              name: "shop"
              db: "shopdb"
              schema: "public"
              table: "orders"
              ts_ms: 1700000000123
              snapshot: "false"
              txId: 77
              lsn: 23803720
            }
            op: "u"
            ts_ms: 1700000000999
            transaction {
              id: "77:0/16B3748"
              total_order: 2
            }
            """);
  }

  @Test
  void aSnapshotsRowBelongsToNoTransaction() {
    var format = format("Envelope", List.of());
    assertThat(
            Descriptors.read(format.shown(), ID, event(format, 0, Op.READ, Batch.NO_ROW, 0))
                .toString())
        .contains("op: \"r\"", "snapshot: \"true\"")
        .doesNotContain("transaction", "lsn", "before");
  }

  @Test
  void messagesOfTheNamesThatItNeedsAreNumbered() {
    for (String name : List.of("Source", "Transaction", "Row")) {
      var format = format(name, List.of());
      assertThat(Descriptors.read(format.shown(), ID, event(format, 1, Op.UPDATE, 0, 1)).toString())
          .contains("op: \"u\"", "txId: 77");
    }
  }

  @Test
  void aSubjectThatHadPairsGetsFieldsBehindThem() {
    var pairs = ProtobufFormat.pair(TABLE, ALL, "Envelope", new Subject("t-value", List.of()));
    var format = format("Envelope", List.of(pairs.shown()));
    assertThat(format.shown()).contains("Row before = 1;", "Row after = 2;", "Source source = 3;");
    assertThat(ProtobufAfter.of(event(format, 1, Op.DELETE, 1, Batch.NO_ROW))).isNull();
  }

  @Test
  void theRowAfterTheChangeIsCutOutOfIt() {
    var row = new Buffer(0);
    ProtobufFormat.row(TABLE, ALL, "Row", new Subject("t-value", List.of()))
        .rows(ID)
        .encode(batch(), 1, row);
    var format = format("Envelope", List.of());
    assertThat(ProtobufAfter.of(event(format, 1, Op.UPDATE, 0, 1))).isEqualTo(row.toBytes());
  }
}
