package akkasinks.format.protobuf;

import static akkasinks.change.Type.Scalar.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.protobuf.ProtobufFormat.Subject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProtobufSchemaTest {
  private static String schema(List<String> history, Column... columns) {
    return ProtobufFormat.row(
            new Relation(1, "public", "t", List.of(columns)),
            IntStream.range(0, columns.length).toArray(),
            "shop.Order",
            new Subject("orders-value", history))
        .shown();
  }

  @Test
  void aTableIsAMessageAndItsPartsAreMessagesBehindIt() {
    var place =
        new Type.Composite(
            "delivery_place",
            List.of(new Type.Field("street", TEXT), new Type.Field("since", DATE)));
    assertThat(
            schema(
                List.of(),
                Column.of("id", INT8),
                Column.of("price", NUMERIC),
                Column.of("at", TIMESTAMPTZ),
                Column.of("place", place),
                Column.of("tags", new Type.Array(TEXT, ',')),
                Column.of("attrs", HSTORE)))
        .isEqualTo(
            """
            syntax = "proto3";

            package shop;

            import "google/protobuf/timestamp.proto";

            message Order {
              optional int64 id = 1;
              optional string price = 2;
              optional google.protobuf.Timestamp at = 3;
              optional DeliveryPlace place = 4;
              optional StringArray tags = 5;
              optional StringMap attrs = 6;
            }

            message DeliveryPlace {
              optional string street = 1;
              optional string since = 2;
            }

            message StringArray {
              repeated string values = 1;
            }

            message StringMap {
              map<string, string> entries = 1;
            }
            """);
  }

  @Test
  void aChangeHasTheRowBeforeAndAfter() {
    var relation = new Relation(1, "public", "t", List.of(Column.of("id", INT4)));
    assertThat(
            ProtobufFormat.pair(relation, new int[] {0}, "Row", new Subject("t", List.of()))
                .shown())
        .endsWith(
            """
            message Row {
              optional Row1 before = 1;
              optional Row1 after = 2;
            }

            message Row1 {
              optional int32 id = 1;
            }
            """);
  }

  @Test
  void aNewColumnGetsTheNextNumberAndADroppedOnesIsReserved() {
    var first = schema(List.of(), Column.of("a", INT4), Column.of("b", TEXT));
    var second = schema(List.of(first), Column.of("c", TEXT), Column.of("a", INT4));
    assertThat(second)
        .contains(
            """
            message Order {
              reserved 2;
              reserved "b";
              optional int32 a = 1;
              optional string c = 3;
            }
            """);
    var third =
        schema(
            List.of(first, second),
            Column.of("d", TEXT),
            Column.of("a", INT4),
            Column.of("b", TEXT));
    assertThat(third).contains("reserved 3;", "reserved \"c\"", "string b = 2", "string d = 4");
  }

  @Test
  void aTableAsItWasHasTheSchemaThatItHad() {
    var first = schema(List.of(), Column.of("a", INT4));
    var second = schema(List.of(first), Column.of("a", INT8), Column.of("b", TEXT));
    assertThat(second).contains("int64 a = 1", "string b = 2");
    assertThat(schema(List.of(first, second), Column.of("a", INT4))).isEqualTo(first);
    assertThat(schema(List.of(first, second), Column.of("b", TEXT), Column.of("a", INT8)))
        .isEqualTo(second);
  }

  @Test
  void aSchemaAsARegistryWritesItAnewIsReadBackToo() {
    var anew =
        """
        // Made anew. message No { }
        syntax = "proto3"; package shop;
        import "google/protobuf/timestamp.proto";
        option java_package = "x;y";
        ;
        message Order {
          reserved 2, 5 to 7; reserved "b", 'c';
          /* } */ optional .google.protobuf.Timestamp at = 4 [json_name = "at;"];
          optional shop.StringArray tags = 0x8;
          oneof choice { string one = 9; int32 two = 10; }
          enum Color { NONE = 0; }
          message Inner { string x = 1; }
          map<string,shop.Inner> more = 11;
        }
        message StringArray { repeated string values = 3; }
        """;
    assertThat(
            schema(
                List.of(anew),
                Column.of("at", TIMESTAMP),
                Column.of("b", TEXT),
                Column.of("tags", new Type.Array(TEXT, ','))))
        .contains(
            """
            message Order {
              reserved 2, 5, 6, 7, 9, 10, 11;
              reserved "c", "more", "one", "two";
              optional google.protobuf.Timestamp at = 4;
              optional StringArray tags = 8;
              optional string b = 12;
            }
            """,
            "repeated string values = 3;");
  }

  @Test
  void aTypeThatCannotHaveTheFieldsNumberIsRefused() {
    var first = schema(List.of(), Column.of("a", TEXT), Column.of("n", INT8));
    assertThatThrownBy(() -> schema(List.of(first), Column.of("a", INT4), Column.of("n", INT8)))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message())
                  .isEqualTo(
                      "in the schemas of subject \"orders-value\" field \"a\" of message Order was"
                          + " optional string and is now optional int32");
              assertThat(e.failure().hint()).contains("another name", "another topic");
            });
    assertThatThrownBy(() -> schema(List.of(first), Column.of("a", TEXT), Column.of("n", INT4)))
        .hasMessageContaining("was optional int64 and is now optional int32");
    assertThatThrownBy(() -> schema(List.of("message Order {"), Column.of("a", TEXT)))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aMessageThatNothingUsesStaysBecauseRegistriesTakeNoSchemaWithoutIt() {
    var first = schema(List.of(), Column.of("a", INT4), Column.of("t", new Type.Array(TEXT, ',')));
    assertThat(schema(List.of(first), Column.of("a", INT4)))
        .contains("reserved \"t\"", "message StringArray {\n  repeated string values = 1;\n}");
  }

  @Test
  void numbersThatProtobufKeepsForItselfAreNotGiven() {
    var last = "syntax = \"proto3\"; package shop; message Order { string a = 18999; }";
    assertThat(schema(List.of(last), Column.of("b", TEXT))).contains("optional string b = 20000;");
    var full = "syntax = \"proto3\"; package shop; message Order { reserved 20000 to max; }";
    assertThatThrownBy(() -> schema(List.of(full), Column.of("b", TEXT)))
        .hasMessageContaining("no field number is left");
  }

  @Test
  void namesAreMadeLegalAndDifferInProtobufsJsonToo() {
    assertThat(
            ProtobufNames.fields(
                List.of(
                    "id", "tricky name", "tricky-name", "trickyName", "1st", "цена", "", "_id")))
        .containsExactly(
            "id",
            "tricky_name",
            "tricky_name1",
            "trickyName2",
            "field1st",
            "field____",
            "field1",
            "_id1");
    assertThat(ProtobufNames.message("order_line")).isEqualTo("OrderLine");
    assertThat(ProtobufNames.isFullName("shop.v1.Order")).isTrue();
    assertThat(ProtobufNames.isFullName("shop.google.Order")).isFalse();
    assertThat(ProtobufNames.isFullName("_x")).isFalse();
    assertThat(ProtobufNames.isFullName("a..B")).isFalse();
  }

  @Test
  void typesOfOneNameAndTablesOfATypesNameDoNotMeet() {
    var one = new Type.Composite("order", List.of(new Type.Field("x", INT4)));
    var two = new Type.Composite("order", List.of(new Type.Field("y", INT4)));
    assertThat(schema(List.of(), Column.of("a", one), Column.of("b", two), Column.of("c", one)))
        .contains(
            "optional Order1 a = 1",
            "optional Order2 b = 2",
            "optional Order1 c = 3",
            "message Order1 {",
            "message Order2 {");
  }
}
