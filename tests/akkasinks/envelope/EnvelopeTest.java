package akkasinks.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Messages;
import akkasinks.change.Op;
import akkasinks.change.PairEncoder;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.change.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final Relation TABLE =
      new Relation(
          1,
          "public",
          "t",
          List.of(Column.of("k", Type.Scalar.TEXT), Column.of("v", Type.Scalar.TEXT)));
  private static final int[] KEY = {0};

  /** A format as simple as can be: texts with a bar between them. */
  private static RowEncoder texts(int... columns) {
    return (batch, row, out) -> {
      for (int column : columns) {
        out.put((column == 0 ? "" : "|") + batch.text(row, column));
      }
    };
  }

  private static void pair(Batch batch, int before, int after, Buffer out) {
    out.put(before == Batch.NO_ROW ? "-" : batch.text(before, 0) + "|" + batch.text(before, 1));
    out.put(" > ");
    out.put(after == Batch.NO_ROW ? "-" : batch.text(after, 0) + "|" + batch.text(after, 1));
  }

  private static final PairEncoder PAIR = EnvelopeTest::pair;
  private final Envelope upsert = new Upsert(texts(0), texts(0, 1), KEY);
  private final Envelope debezium = new Debezium(Optional.of(texts(0)), PAIR, KEY);
  private final Envelope keyless = new Debezium(Optional.empty(), PAIR, new int[0]);

  @Test
  void upsertGivesTheRowForWhateverLeavesOne() {
    assertThat(wrap(upsert, Op.READ, null, "a1")).containsExactly("a = a|1");
    assertThat(wrap(upsert, Op.INSERT, null, "a1")).containsExactly("a = a|1");
    assertThat(wrap(upsert, Op.UPDATE, "a1", "a2")).containsExactly("a = a|2");
    assertThat(wrap(upsert, Op.UPDATE, null, "a2")).containsExactly("a = a|2");
  }

  @Test
  void upsertGivesATombstoneForADelete() {
    assertThat(wrap(upsert, Op.DELETE, "a1", null)).containsExactly("a = null");
  }

  @Test
  void upsertBuriesTheOldKeyBeforeTheNewOneAppears() {
    assertThat(wrap(upsert, Op.UPDATE, "a1", "b1")).containsExactly("a = null", "b = b|1");
  }

  @Test
  void debeziumGivesBeforeAndAfter() {
    assertThat(wrap(debezium, Op.READ, null, "a1")).containsExactly("a = - > a|1");
    assertThat(wrap(debezium, Op.INSERT, null, "a1")).containsExactly("a = - > a|1");
    assertThat(wrap(debezium, Op.UPDATE, "a1", "a2")).containsExactly("a = a|1 > a|2");
  }

  @Test
  void debeziumGivesNoTombstoneForADelete() {
    assertThat(wrap(debezium, Op.DELETE, "a1", null)).containsExactly("a = a|1 > -");
  }

  @Test
  void debeziumTellsAChangeOfTheKeyAsADeleteAndAnInsert() {
    assertThat(wrap(debezium, Op.UPDATE, "a1", "b2")).containsExactly("a = a|1 > -", "b = - > b|2");
  }

  @Test
  void withoutAKeyDebeziumTellsAnyUpdateInOneRecord() {
    assertThat(wrap(keyless, Op.UPDATE, "a1", "b2")).containsExactly("null = a|1 > b|2");
  }

  @Test
  void debeziumRefusesAnUpdateWithoutBeforeAndSaysWhatRepairsIt() {
    assertThatThrownBy(() -> wrap(debezium, Op.UPDATE, null, "a2"))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Code.DATA);
              assertThat(e.failure().hint())
                  .isEqualTo("ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL");
            });
  }

  @Test
  void aNewRelationIsCompiledOnceAndThenKept() {
    var compiled = new ArrayList<Relation>();
    var envelope =
        Envelope.compiling(
            relation -> {
              compiled.add(relation);
              return upsert;
            });
    var wider = new Relation(1, "public", "t", List.of(TABLE.columns().get(0)));
    for (var relation : List.of(TABLE, TABLE, wider, wider, TABLE)) {
      var batch = Batch.empty(relation, position(), false);
      envelope.wrap(batch, new Messages(batch));
    }
    assertThat(compiled).containsExactly(TABLE, wider, TABLE);
  }

  /** Rows are written as key and value, one character each. */
  private static List<String> wrap(
      Envelope envelope, Op op, @Nullable String before, @Nullable String after) {
    var builder = new BatchBuilder(TABLE, 1, 16);
    int beforeRow = before == null ? Batch.NO_ROW : row(builder, before);
    int afterRow = after == null ? Batch.NO_ROW : row(builder, after);
    builder.change(op, beforeRow, afterRow, 1);
    var batch = builder.build(position(), 1, false);
    var out = new Messages(batch);
    envelope.wrap(batch, out);
    var texts = new ArrayList<String>();
    for (int i = 0; i < out.size(); i++) {
      texts.add(text(out.key(i)) + " = " + text(out.value(i)));
    }
    return texts;
  }

  private static int row(BatchBuilder builder, String row) {
    int number = builder.row();
    byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
    builder.value(bytes, 0, 1);
    builder.value(bytes, 1, 1);
    return number;
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static PostgresPosition position() {
    return PostgresPosition.of("1", 1, "slot", 1);
  }
}
