package akkasinks.format.avro;

import static akkasinks.change.Type.Scalar.*;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Representation;
import akkasinks.change.Type;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class AvroSchemaTest {
  private static final Type PAIR =
      new Type.Composite(
          "pair", List.of(new Type.Field("a", INTERVAL), new Type.Field("b c", TEXT)));

  private static final Relation RELATION =
      new Relation(
          1,
          "public",
          "orders",
          List.of(
              new Column("id", INT4, -1, false, Representation.POSTGRES_TEXT),
              Column.of("note", TEXT)));

  private static final int[] KEY = {0};

  private static String key(AvroOptions options) {
    return AvroFormat.key(RELATION, KEY, options).schema().text();
  }

  private static String row(AvroOptions options, Relation relation) {
    return AvroFormat.row(relation, all(relation), options).schema().text();
  }

  private static String pair(AvroOptions options, Relation relation) {
    return AvroFormat.pair(relation, all(relation), options).schema().text();
  }

  private static int[] all(Relation relation) {
    return Decoded.columns(relation.columns().size());
  }

  private static Relation relation(Column... columns) {
    return new Relation(1, "public", "t", List.of(columns));
  }

  @Test
  void namesAndShapesAreMaterializes() {
    assertThat(key(AvroOptions.DEFAULT))
        .isEqualTo(
            "{'type':'record','name':'row','fields':[{'name':'id','type':'int'}]}"
                .replace('\'', '"'));
    assertThat(row(AvroOptions.DEFAULT, RELATION))
        .isEqualTo(
            ("{'type':'record','name':'envelope','fields':[{'name':'id','type':'int'},"
                    + "{'name':'note','type':['null','string']}]}")
                .replace('\'', '"'));
    assertThat(pair(AvroOptions.DEFAULT, RELATION))
        .isEqualTo(
            ("{'type':'record','name':'envelope','fields':[{'name':'before','type':['null',"
                    + "{'type':'record','name':'row','fields':[{'name':'id','type':'int'},"
                    + "{'name':'note','type':['null','string']}]}]},"
                    + "{'name':'after','type':['null','row']}]}")
                .replace('\'', '"'));
  }

  @Test
  void aFullNameIsPartedAndItsNamespaceHoldsForTheRowWithin() {
    var options = new AvroOptions("k.key", "abc.def.ghi", true, List.of());
    assertThat(new Schema.Parser().parse(key(options)).getFullName()).isEqualTo("k.key");
    var pair = new Schema.Parser().parse(pair(options, RELATION));
    assertThat(pair.getFullName()).isEqualTo("abc.def.ghi");
    var row = pair.getField("after").schema().getTypes().get(1);
    assertThat(row.getFullName()).isEqualTo("abc.def.row");
    assertThat(row.getField("note").hasDefaultValue()).isTrue();
    assertThat(row.getField("id").hasDefaultValue()).isFalse();
    assertThat(pair.getField("before").hasDefaultValue()).isTrue();
  }

  @Test
  void anEnvelopeThatIsNamedRowHasARowOfAnotherName() {
    var pair = pair(new AvroOptions("k", "x.row", false, List.of()), RELATION);
    assertThat(new Schema.Parser().parse(pair).getFullName()).isEqualTo("x.row");
  }

  @Test
  void namesThatAvroDoesNotAllowAreMadeLegalAndStayApart() {
    assertThat(AvroNames.of(List.of("tricky name", "tricky-name", "tricky+name", "666", "ü", "")))
        .containsExactly("tricky_name", "tricky_name1", "tricky_name2", "_666", "_", "_1");
    assertThat(AvroNames.of(List.of("f 3", "f-3", "ok"))).containsExactly("f_3", "f_3_1", "ok");
  }

  @Test
  void aTypeWithANameIsWrittenOutOnceAndEachCompositeHasItsOwn() {
    var schema =
        new Schema.Parser()
            .parse(
                pair(
                    AvroOptions.DEFAULT,
                    relation(
                        Column.of("i", INTERVAL),
                        Column.of("o", OID),
                        Column.of("p", PAIR),
                        Column.of("q", new Type.Array(PAIR, ',')))));
    var row = schema.getField("after").schema().getTypes().get(1);
    assertThat(row.getField("i").schema().getTypes().get(1).getFullName())
        .isEqualTo("com.materialize.sink.interval");
    assertThat(row.getField("p").schema().getTypes().get(1).getFullName())
        .isEqualTo("com.materialize.sink.record0");
    assertThat(
            row.getField("q")
                .schema()
                .getTypes()
                .get(1)
                .getElementType()
                .getTypes()
                .get(1)
                .getFullName())
        .isEqualTo("com.materialize.sink.record1");
  }

  @Test
  void logicalTypesSayWhatTheNumbersAre() {
    int money = (10 << 16 | 2) + 4;
    var text =
        row(
            AvroOptions.DEFAULT,
            relation(
                new Column("m", NUMERIC, money, false, Representation.POSTGRES_TEXT),
                new Column("n", NUMERIC, -1, false, Representation.POSTGRES_TEXT),
                new Column("d", DATE, -1, false, Representation.POSTGRES_TEXT),
                new Column("t", TIMESTAMPTZ, 3, false, Representation.POSTGRES_TEXT),
                new Column("u", TIMESTAMP, -1, false, Representation.POSTGRES_TEXT),
                new Column("v", UUID, -1, false, Representation.POSTGRES_TEXT),
                new Column("j", JSONB, -1, false, Representation.POSTGRES_TEXT)));
    assertThat(text)
        .contains(
            "\"decimal\",\"precision\":39,\"scale\":2}",
            "\"decimal\",\"precision\":81,\"scale\":39}",
            "{\"type\":\"int\",\"logicalType\":\"date\"}",
            "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}",
            "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
            "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
            "{\"type\":\"string\",\"connect.name\":\"io.debezium.data.Json\"}");
    new Schema.Parser().parse(text);
  }

  @Test
  void whatIsWrittenForOneSchemaGoesBeforeWhatIsForBoth() {
    var docs =
        List.of(
            new AvroOptions.Doc(AvroOptions.Side.BOTH, Optional.empty(), Optional.empty(), "both"),
            new AvroOptions.Doc(AvroOptions.Side.KEY, Optional.empty(), Optional.empty(), "key"),
            new AvroOptions.Doc(
                AvroOptions.Side.VALUE, Optional.empty(), Optional.of("note"), "a \"note\" ü\\"));
    var options = new AvroOptions("row", "envelope", false, docs);
    assertThat(new Schema.Parser().parse(key(options)).getDoc()).isEqualTo("key");
    var value = new Schema.Parser().parse(row(options, RELATION));
    assertThat(value.getDoc()).isEqualTo("both");
    assertThat(value.getField("note").doc()).isEqualTo("a \"note\" ü\\");
    var pair = new Schema.Parser().parse(pair(options, RELATION));
    assertThat(pair.getDoc()).isNull();
    assertThat(pair.getField("after").schema().getTypes().get(1).getDoc()).isEqualTo("both");
  }

  @Test
  void nullDefaultsReachTheFieldsOfRecordsWithinButNoElement() {
    var relation =
        relation(
            Column.of("p", PAIR),
            Column.of("list", new Type.Array(PAIR, ',')),
            Column.of("attrs", HSTORE));
    var options = new AvroOptions("row", "envelope", true, List.of());
    var row = new Schema.Parser().parse(row(options, relation));
    var inner = row.getField("p").schema().getTypes().get(1);
    var element =
        row.getField("list").schema().getTypes().get(1).getElementType().getTypes().get(1);
    for (var record : List.of(row, inner, element)) {
      assertThat(record.getFields()).allMatch(Schema.Field::hasDefaultValue);
    }
    var without = new Schema.Parser().parse(row(AvroOptions.DEFAULT, relation));
    assertThat(without.getFields()).noneMatch(Schema.Field::hasDefaultValue);
  }
}
