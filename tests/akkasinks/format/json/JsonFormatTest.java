package akkasinks.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.Relation;
import akkasinks.change.Representation;
import akkasinks.change.Type;
import akkasinks.format.text.SpecialBytes;
import akkasinks.testing.Seeds;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonFormatTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();
  private static final JsonFormat FORMAT = new JsonFormat(JsonOptions.DEFAULT);
  private static final Relation TABLE =
      new Relation(
          1,
          "public",
          "t",
          List.of(
              Column.of("id", Type.Scalar.INT8),
              Column.of("na\"me", Type.Scalar.TEXT),
              Column.of("on", Type.Scalar.BOOL)));

  @Test
  void aRowIsACompactObjectInTheOrderAskedFor() {
    var batch = Encoded.batch(TABLE, "7", "x", null);
    assertThat(row(batch, 0, 1, 2)).isEqualTo("{\"id\":7,\"na\\\"me\":\"x\",\"on\":null}");
    assertThat(row(batch, 2, 0)).isEqualTo("{\"on\":null,\"id\":7}");
    assertThat(row(batch)).isEqualTo("{}");
  }

  @Test
  void aPairHoldsBeforeAndAfterOrNull() {
    var batch = Encoded.batch(TABLE, "7", "x", "t");
    var pair = FORMAT.pair(TABLE, new int[] {0, 2});
    var out = new Buffer(0);
    pair.encode(batch, Batch.NO_ROW, 0, out);
    pair.encode(batch, 0, Batch.NO_ROW, out);
    assertThat(new String(out.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"before\":null,\"after\":{\"id\":7,\"on\":true}}"
                + "{\"before\":{\"id\":7,\"on\":true},\"after\":null}");
  }

  @Test
  void materializesTestRowHasMaterializesBytes() {
    var relation =
        new Relation(
            1,
            "public",
            "types",
            List.of(
                Column.of("c6", Type.Scalar.NUMERIC),
                Column.of("c7", Type.Scalar.TIMESTAMP),
                Column.of("c10", Type.Scalar.INTERVAL),
                Column.of("c12", Type.Scalar.BYTEA)));
    assertThat(
            Encoded.row(
                relation,
                JsonOptions.DEFAULT,
                "1234.5678",
                "2011-11-11 11:11:11.12345",
                "1 year",
                "\\xd182"))
        .isEqualTo(
            "{\"c6\":\"1234.5678\",\"c7\":\"1321009871123.450\",\"c10\":\"1 year\","
                + "\"c12\":[209,130]}");
  }

  @Test
  void aValueThatWasNotSentIsAnErrorThatNamesTheColumn() {
    var builder = new BatchBuilder(TABLE, 1, 16);
    int row = builder.row();
    builder.value(new byte[] {'7'}, 0, 1);
    builder.nothing(Batch.ABSENT);
    builder.nothing(Batch.NULL);
    builder.change(Op.DELETE, row, Batch.NO_ROW, 1);
    var batch = builder.build(Encoded.SOMEWHERE, 1, false);
    assertThat(row(batch, 0)).isEqualTo("{\"id\":7}");
    assertThatThrownBy(() -> row(batch, 0, 1))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Code.DATA);
              assertThat(e).hasMessageContaining("column \"na\"me\" of table \"public\".\"t\"");
              assertThat(e.failure().hint()).contains("REPLICA IDENTITY FULL");
            });
  }

  @Test
  void textThatIsNotOfItsTypeIsAnErrorThatNamesTheColumnButNotTheValue() {
    for (var type :
        List.of(
            Type.Scalar.BOOL,
            Type.Scalar.BYTEA,
            Type.Scalar.TIMESTAMP,
            Type.Scalar.TIMESTAMPTZ,
            Type.Scalar.HSTORE,
            new Type.Array(Type.Scalar.BOOL, ','),
            new Type.Composite("c", List.of(new Type.Field("f", Type.Scalar.INT4))))) {
      for (var text : List.of("secret", "{{secret", "(secret", "\"secret", "2011-11-11 11:1x:11")) {
        assertThatThrownBy(() -> Encoded.value(type, text, JsonOptions.DEFAULT))
            .as("%s as %s", text, type)
            .isInstanceOfSatisfying(
                FailureException.class,
                e -> {
                  assertThat(e.failure().code()).isEqualTo(Code.DATA);
                  assertThat(e).hasMessageContaining("column \"c\"");
                  assertThat(e.failure().toString()).doesNotContain("secret");
                });
      }
    }
  }

  @Test
  void anotherRepresentationIsRefusedWhenCompiling() {
    var binary = new Column("b", Type.Scalar.INT4, -1, true, Representation.POSTGRES_BINARY);
    var relation = new Relation(1, "public", "t", List.of(binary));
    assertThatThrownBy(() -> FORMAT.row(relation, new int[] {0}))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.NOT_SUPPORTED));
  }

  @Test
  void anyTextComesBackFromAnIndependentParser() {
    Seeds.forAll(
        5_000,
        random -> {
          var text = Seeds.text(random, random.nextInt(60));
          var json = Encoded.value(Type.Scalar.TEXT, text, JsonOptions.DEFAULT);
          assertThat(JACKSON.readTree(json).textValue()).isEqualTo(text);
          assertThat(json.chars().filter(c -> c < ' ')).isEmpty();
        });
  }

  @Test
  void anySpecialByteIsFoundWhereverItStands() {
    Seeds.forAll(
        5_000,
        random -> {
          byte[] bytes = new byte[random.nextInt(40)];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] =
                (byte) (random.nextInt(12) == 0 ? random.nextInt(256) : ' ' + random.nextInt(2));
          }
          int from = random.nextInt(bytes.length + 1);
          int expected = from;
          while (expected < bytes.length
              && bytes[expected] != '"'
              && bytes[expected] != '\\'
              && !(bytes[expected] >= 0 && bytes[expected] < ' ')) {
            expected++;
          }
          assertThat(SpecialBytes.next(bytes, from, bytes.length)).isEqualTo(expected);
        });
  }

  @Test
  void nestedTextComesBackFromAnIndependentParser() {
    var pair =
        new Type.Composite(
            "pair",
            List.of(
                new Type.Field("a", Type.Scalar.TEXT),
                new Type.Field("b", new Type.Array(Type.Scalar.TEXT, ','))));
    Seeds.forAll(
        1_000,
        random -> {
          var a = Seeds.text(random, 12);
          var elements = Seeds.list(random, 4, r -> Seeds.text(r, 12));
          var json =
              Encoded.value(
                  new Type.Array(pair, ','),
                  arrayOf(List.of(record(a, arrayOf(elements)))),
                  JsonOptions.DEFAULT);
          var parsed = JACKSON.readTree(json).get(0);
          assertThat(parsed.get("a").textValue()).isEqualTo(a);
          assertThat(parsed.get("b").valueStream().map(node -> node.textValue()).toList())
              .isEqualTo(elements);
        });
  }

  /** As array_out writes, quoting all. */
  private static String arrayOf(List<String> elements) {
    return elements.stream()
        .map(text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
        .collect(java.util.stream.Collectors.joining(",", "{", "}"));
  }

  /** As record_out writes, quoting all. */
  private static String record(String... fields) {
    return java.util.Arrays.stream(fields)
        .map(text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\"\"") + "\"")
        .collect(java.util.stream.Collectors.joining(",", "(", ")"));
  }

  @Test
  void jsonLosesItsSpacesAndNothingElse() {
    Seeds.forAll(
        1_000,
        random -> {
          var text = json(random, 4);
          var compact = Encoded.value(Type.Scalar.JSON, text, JsonOptions.DEFAULT);
          assertThat(JACKSON.readTree(compact)).isEqualTo(JACKSON.readTree(text));
          assertThat(Encoded.value(Type.Scalar.JSON, compact, JsonOptions.DEFAULT))
              .isEqualTo(compact);
        });
  }

  private static String json(Random random, int depth) {
    var space = Seeds.oneOf(random, "", " ", "\n\t", "\r\n  ");
    var value =
        switch (random.nextInt(depth > 0 ? 5 : 3)) {
          case 0 ->
              Seeds.oneOf(random, "1.00", "-0", "1e5", "12345678901234567890", "null", "true");
          case 1, 2 -> Encoded.value(Type.Scalar.TEXT, Seeds.text(random, 8), JsonOptions.DEFAULT);
          case 3 -> "[" + json(random, depth - 1) + "," + json(random, depth - 1) + "]";
          default -> "{\"a \"" + space + ":" + json(random, depth - 1) + "}";
        };
    return space + value + space;
  }

  private static String row(Batch batch, int... columns) {
    var out = new Buffer(0);
    FORMAT.row(TABLE, columns).encode(batch, 0, out);
    return new String(out.toBytes(), StandardCharsets.UTF_8);
  }
}
