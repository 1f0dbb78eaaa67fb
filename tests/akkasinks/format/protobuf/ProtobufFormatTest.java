package akkasinks.format.protobuf;

import static akkasinks.change.Type.Scalar.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.protobuf.ProtobufFormat.Subject;
import akkasinks.testing.Seeds;
import com.google.protobuf.DynamicMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What our encoder wrote, as Google's own library reads it, which knows only the schema. */
class ProtobufFormatTest {
  private static final int ID = 0x01020304;
  private static final Subject FRESH = new Subject("t-value", List.of());

  @Test
  void anyRowsAreReadBackByGooglesOwnLibrary() {
    Seeds.forAll(
        400,
        random -> {
          List<Samples> samples = Seeds.list(random, 12, Samples::any);
          var seen = Samples.plain(row(Samples.relation(samples), Samples.texts(samples)));
          Map<String, Object> expected = new HashMap<>();
          for (int i = 0; i < samples.size(); i++) {
            var value = samples.get(i).seen();
            if (value != null) {
              expected.put("c" + i, value);
            }
          }
          assertThat(seen).isEqualTo(expected);
        });
  }

  private static DynamicMessage row(Relation relation, @Nullable String... texts) {
    var format = ProtobufFormat.row(relation, all(relation), "a.b.Value", FRESH);
    var out = new Buffer(0);
    format.rows(ID).encode(Samples.batch(relation, texts), 0, out);
    return Descriptors.read(format.shown(), ID, out.toBytes());
  }

  private static Map<String, Object> value(Type type, @Nullable String text) {
    return Samples.plain(row(relation(Column.of("c", type)), text));
  }

  private static Relation relation(Column... columns) {
    return new Relation(1, "public", "t", List.of(columns));
  }

  @Test
  void nullIsAbsenceAndZeroIsNot() {
    assertThat(value(INT4, null)).isEmpty();
    assertThat(value(INT4, "0")).containsEntry("c", 0);
    assertThat(value(TEXT, "")).containsEntry("c", "");
    assertThat(value(BOOL, "f")).containsEntry("c", false);
    assertThat(value(new Type.Array(INT4, ','), null)).isEmpty();
    assertThat(value(new Type.Array(INT4, ','), "{}"))
        .containsEntry("c", Map.of("values", List.of()));
    assertThat(value(HSTORE, "")).containsEntry("c", Map.of("entries", Map.of()));
  }

  @Test
  void momentsAreSecondsAndNanosecondsAndInfinitiesTheirEnds() {
    assertThat(value(TIMESTAMP, "1969-12-31 23:59:59.5"))
        .containsEntry("c", Map.of("seconds", -1L, "nanos", 500_000_000));
    assertThat(value(TIMESTAMPTZ, "2011-11-11 11:11:11.123+01"))
        .containsEntry("c", Map.of("seconds", 1321006271L, "nanos", 123_000_000));
    assertThat(value(TIMESTAMP, "294276-12-31 23:59:59"))
        .containsEntry("c", Map.of("seconds", 9224318015999L, "nanos", 0));
    assertThat(value(TIMESTAMP, "infinity"))
        .containsEntry("c", Map.of("seconds", Long.MAX_VALUE, "nanos", 0));
    assertThat(value(TIMESTAMPTZ, "-infinity"))
        .containsEntry("c", Map.of("seconds", Long.MIN_VALUE, "nanos", 0));
  }

  @Test
  void numbersAreTheirTextSoThatNoneIsRoundedOrRefused() {
    for (String text : List.of("NaN", "-Infinity", "0." + "0".repeat(60) + "1", "1.500")) {
      assertThat(value(NUMERIC, text)).containsEntry("c", text);
    }
  }

  @Test
  void whatASchemaCannotHoldIsAnErrorThatNamesTheColumnAndNeverAnotherValue() {
    refused(new Type.Array(INT4, ','), "{{1,2},{3,4}}", "one dimension");
    refused(new Type.Array(TEXT, ','), "{a,NULL}", "NULL among the elements");
    refused(HSTORE, "\"a\"=>NULL", "NULL among the values");
    refused(INT4, "12x", "a whole number");
    refused(BOOL, "true", "t or f");
  }

  private static void refused(Type type, String text, String why) {
    assertThatThrownBy(() -> value(type, text))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message()).contains("column \"c\" of table \"public\".\"t\"");
              assertThat(e.failure().detail()).contains(why);
            });
  }

  @Test
  void aKeysBytesAreThoseOfConfluentsFrameAndEqualNumbersAreOneKey() {
    assertThat(key(relation(Column.of("k", TEXT)), "v1"))
        .containsExactly(0, 1, 2, 3, 4, 0, 0x0A, 2, 0x76, 0x31);
    var number = relation(Column.of("n", NUMERIC));
    assertThat(key(number, "1.5")).isEqualTo(key(number, "1.500"));
    assertThat(key(number, "100")).isEqualTo(key(number, "100.00")).isNotEqualTo(key(number, "1"));
  }

  private static byte[] key(Relation relation, @Nullable String... texts) {
    var out = new Buffer(0);
    keyFormat(relation).rows(ID).encode(Samples.batch(relation, new String[][] {texts}), 0, out);
    return out.toBytes();
  }

  private static ProtobufFormat keyFormat(Relation relation) {
    return ProtobufFormat.key(relation, all(relation), "Key", FRESH);
  }

  private static int[] all(Relation relation) {
    return IntStream.range(0, relation.columns().size()).toArray();
  }

  @Test
  void keysAreReadBackAsPostgresTexts() {
    Map<Type, List<String>> samples =
        Map.of(
            INT8, List.of("-9223372036854775808", "0"),
            TEXT, List.of("a 'b' ü😀", ""),
            BOOL, List.of("t", "f"),
            OID, List.of("4294967295"),
            NUMERIC, List.of("-1.5", "NaN", "1000"),
            DATE, List.of("0044-03-15 BC", "infinity"),
            TIMESTAMP, List.of("1969-12-31 23:59:59.5", "0044-03-15 10:00:00 BC", "-infinity"),
            TIMESTAMPTZ, List.of("2011-11-11 11:11:10.12+00", "1970-01-01 00:00:00+00"),
            BYTEA, List.of("\\xd18200ff"),
            FLOAT8, List.of("1.25", "-3"));
    samples.forEach(
        (type, texts) ->
            texts.forEach(
                text -> {
                  var relation = relation(Column.of("k", type), Column.of("l", INT4));
                  assertThat(keyFormat(relation).key(key(relation, text, "7")))
                      .containsExactly(text, "7");
                }));
    var relation = relation(Column.of("k", INT4));
    assertThatThrownBy(() -> keyFormat(relation).key(key(relation, new String[1])))
        .hasMessageContaining("not one that this sink wrote");
  }

  @Test
  void aPairHoldsBothRowsAndTheRowAfterIsCutOutOfIt() {
    Seeds.forAll(
        100,
        random -> {
          List<Samples> samples = Seeds.list(random, 6, Samples::any);
          var relation = Samples.relation(samples);
          var pair = ProtobufFormat.pair(relation, all(relation), "shop.Change", FRESH);
          var texts = Samples.texts(samples);
          var batch = Samples.batch(relation, texts, new String[texts.length]);
          var alone = new Buffer(0);
          ProtobufFormat.row(relation, all(relation), "Row", FRESH)
              .rows(ID)
              .encode(batch, 0, alone);
          byte[] both = pair(pair, batch, 1, 0);
          var read = Descriptors.read(pair.shown(), ID, both);
          var fields = read.getDescriptorForType();
          assertThat(fields.getFullName()).isEqualTo("shop.Change");
          assertThat(Samples.plain((DynamicMessage) read.getField(fields.findFieldByNumber(1))))
              .isEmpty();
          assertThat(ProtobufAfter.of(both)).isEqualTo(alone.toBytes());
          assertThat(ProtobufAfter.of(pair(pair, batch, Batch.NO_ROW, 0)))
              .isEqualTo(alone.toBytes());
          assertThat(ProtobufAfter.of(pair(pair, batch, 0, Batch.NO_ROW))).isNull();
        });
  }

  private static byte[] pair(ProtobufFormat format, Batch batch, int before, int after) {
    var out = new Buffer(0);
    format.pairs(ID).encode(batch, before, after, out);
    return out.toBytes();
  }

  @Test
  void fieldsAreWrittenByNumberWhateverTheColumnsOrder() {
    var first = relation(Column.of("a", INT4), Column.of("b", INT4));
    var subject =
        new Subject("t", List.of(ProtobufFormat.row(first, all(first), "Value", FRESH).shown()));
    var turned = relation(Column.of("b", INT4), Column.of("c", INT4), Column.of("a", INT4));
    var format = ProtobufFormat.row(turned, all(turned), "Value", subject);
    var out = new Buffer(0);
    format.rows(ID).encode(Samples.batch(turned, new String[] {"2", "3", "1"}), 0, out);
    assertThat(out.toBytes()).endsWith(8, 1, 16, 2, 24, 3);
  }

  @Test
  void anyHistoryOfATableKeepsTheNumbersOfItsColumnsAndGivesNoneToAnother() {
    Seeds.forAll(
        200,
        random -> {
          List<String> history = new ArrayList<>();
          Map<String, Integer> given = new HashMap<>();
          for (int step = 0; step < 8; step++) {
            List<Column> columns = new ArrayList<>();
            for (var name : List.of("a", "b", "c", "d", "e")) {
              if (random.nextBoolean()) {
                columns.add(Column.of(name, name.equals("e") ? new Type.Array(INT4, ',') : TEXT));
              }
            }
            var relation = relation(columns.toArray(Column[]::new));
            var schema =
                ProtobufFormat.row(relation, all(relation), "Value", new Subject("t", history))
                    .shown();
            for (var field : Descriptors.first(schema).getFields()) {
              int number = given.computeIfAbsent(field.getName(), _ -> field.getNumber());
              assertThat(field.getNumber()).as(schema).isEqualTo(number);
            }
            assertThat(given.values()).as(schema).doesNotHaveDuplicates();
            history.remove(schema);
            history.add(schema);
          }
        });
  }
}
