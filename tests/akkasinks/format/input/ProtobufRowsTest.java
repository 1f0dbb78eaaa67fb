package akkasinks.format.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Op;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.protobuf.ProtoSchema;
import akkasinks.format.protobuf.ProtobufMessages;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.testing.Seeds;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What Google's own library wrote, as our reader sees it. */
class ProtobufRowsTest {
  private static final String SCHEMA =
      """
      // Orders, as somebody else writes them.
      syntax = "proto3";
      package shop;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";

      message Line {
        string sku = 1;
        int32 count = 2;
      }

      message Order {
        option deprecated = false;
        enum State { option allow_alias = false; OPEN = 0; PAID = 1 [deprecated = true]; }
        message Place { string street = 1; optional Place next = 2; }
        int64 id = 1;
        optional string note = 2;
        State state = 3;
        repeated .shop.Line lines = 4;
        map<string, int32> tags = 5;
        google.protobuf.Timestamp at = 6;
        repeated int32 nums = 7;
        oneof payment { string card = 8; bool cash = 9; }
        bytes raw = 10;
        double total = 11;
        sint64 delta = 12;
        fixed64 big = 13;
        Place place = 14;
        google.protobuf.Int64Value maybe = 15;
        uint32 unsigned = 16;
        float ratio = 17;
        reserved 100 to 200, 300;
        reserved "old";
      }
      """;

  /** The same, as a compiler has it. */
  private static final String COMPILED =
      """
      name: "t.proto" package: "shop" syntax: "proto3"
      dependency: "google/protobuf/timestamp.proto"
      dependency: "google/protobuf/wrappers.proto"
      message_type { name: "Line"
        field { name: "sku" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
        field { name: "count" number: 2 type: TYPE_INT32 label: LABEL_OPTIONAL } }
      message_type { name: "Order"
        enum_type { name: "State" value { name: "OPEN" number: 0 } value { name: "PAID" number: 1 } }
        nested_type { name: "Place"
          field { name: "street" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
          field { name: "next" number: 2 type: TYPE_MESSAGE type_name: ".shop.Order.Place"
            label: LABEL_OPTIONAL proto3_optional: true oneof_index: 0 }
          oneof_decl { name: "_next" } }
        nested_type { name: "TagsEntry" options { map_entry: true }
          field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
          field { name: "value" number: 2 type: TYPE_INT32 label: LABEL_OPTIONAL } }
        field { name: "id" number: 1 type: TYPE_INT64 label: LABEL_OPTIONAL }
        field { name: "note" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL
          proto3_optional: true oneof_index: 1 }
        field { name: "state" number: 3 type: TYPE_ENUM type_name: ".shop.Order.State"
          label: LABEL_OPTIONAL }
        field { name: "lines" number: 4 type: TYPE_MESSAGE type_name: ".shop.Line"
          label: LABEL_REPEATED }
        field { name: "tags" number: 5 type: TYPE_MESSAGE type_name: ".shop.Order.TagsEntry"
          label: LABEL_REPEATED }
        field { name: "at" number: 6 type: TYPE_MESSAGE
          type_name: ".google.protobuf.Timestamp" label: LABEL_OPTIONAL }
        field { name: "nums" number: 7 type: TYPE_INT32 label: LABEL_REPEATED }
        field { name: "card" number: 8 type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0 }
        field { name: "cash" number: 9 type: TYPE_BOOL label: LABEL_OPTIONAL oneof_index: 0 }
        field { name: "raw" number: 10 type: TYPE_BYTES label: LABEL_OPTIONAL }
        field { name: "total" number: 11 type: TYPE_DOUBLE label: LABEL_OPTIONAL }
        field { name: "delta" number: 12 type: TYPE_SINT64 label: LABEL_OPTIONAL }
        field { name: "big" number: 13 type: TYPE_FIXED64 label: LABEL_OPTIONAL }
        field { name: "place" number: 14 type: TYPE_MESSAGE type_name: ".shop.Order.Place"
          label: LABEL_OPTIONAL }
        field { name: "maybe" number: 15 type: TYPE_MESSAGE
          type_name: ".google.protobuf.Int64Value" label: LABEL_OPTIONAL }
        field { name: "unsigned" number: 16 type: TYPE_UINT32 label: LABEL_OPTIONAL }
        field { name: "ratio" number: 17 type: TYPE_FLOAT label: LABEL_OPTIONAL }
        oneof_decl { name: "payment" } oneof_decl { name: "_note" } }
      """;

  private static final String FULL =
      """
      id: -5 note: "\\303\\274" state: PAID lines { sku: "a" count: 2 } lines { }
      tags { key: "x" value: 1 } tags { key: "y" }
      at { seconds: 1321009871 nanos: 123456000 } nums: 1 nums: -1 cash: true raw: "\\001\\377"
      total: 1.5 delta: -3 big: 18446744073709551615
      place { street: "High" next { street: "Low" } } maybe { value: 7 } unsigned: 4294967295
      ratio: 0.25
      """;

  private static FileDescriptorProto file() {
    try {
      return TextFormat.parse(COMPILED, FileDescriptorProto.class);
    } catch (TextFormat.ParseException e) {
      throw new AssertionError(e);
    }
  }

  private static Descriptor order() {
    try {
      return FileDescriptor.buildFrom(
              file(),
              new FileDescriptor[] {TimestampProto.getDescriptor(), WrappersProto.getDescriptor()})
          .findMessageTypeByName("Order");
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] written(String text) {
    var message = DynamicMessage.newBuilder(order());
    try {
      TextFormat.merge(text, message);
    } catch (TextFormat.ParseException e) {
      throw new AssertionError(e);
    }
    return message.build().toByteArray();
  }

  private static List<InputColumn> columns() {
    List<InputColumn> columns = new ArrayList<>();
    for (var found : SchemaColumns.of(ProtobufMessages.find(SCHEMA, "shop.Order"), false)) {
      columns.add(new InputColumn(found.name(), found.type(), found.nullable(), columns.size()));
    }
    return columns;
  }

  private static Map<String, String> read(RowReader reader, byte[] bytes) {
    var out = new Fields(columns().size());
    reader.read(bytes, out);
    return texts(columns(), out);
  }

  /** As a batch would hold them. */
  private static Map<String, String> texts(List<InputColumn> columns, Fields fields) {
    var relation =
        new Relation(0, "", "t", columns.stream().map(c -> Column.of(c.name(), c.type())).toList());
    var builder = new BatchBuilder(relation, 1, 64);
    int row = builder.row();
    for (int column = 0; column < columns.size(); column++) {
      fields.copy(column, builder);
    }
    builder.change(Op.INSERT, Batch.NO_ROW, row, 1);
    var batch = builder.build(KafkaPosition.of("t", List.of()), 1, true);
    Map<String, String> texts = new TreeMap<>();
    for (int column = 0; column < columns.size(); column++) {
      texts.put(
          columns.get(column).name(),
          batch.length(0, column) == Batch.NULL ? "NULL" : batch.text(0, column));
    }
    return texts;
  }

  private static ProtobufRows rows() {
    return ProtobufRows.of(columns(), ProtobufMessages.find(SCHEMA, "shop.Order"));
  }

  @Test
  void everyTypeIsReadAsItsColumn() {
    assertThat(read(rows(), written(FULL)))
        .containsEntry("id", "-5")
        .containsEntry("note", "ü")
        .containsEntry("state", "PAID")
        .containsEntry("lines", "[{\"sku\":\"a\",\"count\":2},{\"sku\":\"\",\"count\":0}]")
        .containsEntry("tags", "{\"x\":1,\"y\":0}")
        .containsEntry("at", "2011-11-11 11:11:11.123456+00")
        .containsEntry("nums", "[1,-1]")
        .containsEntry("card", "NULL")
        .containsEntry("cash", "t")
        .containsEntry("raw", "\\x01ff")
        .containsEntry("total", "1.5")
        .containsEntry("delta", "-3")
        .containsEntry("big", "18446744073709551615")
        .containsEntry("place", "{\"street\":\"High\",\"next\":{\"street\":\"Low\"}}")
        .containsEntry("maybe", "7")
        .containsEntry("unsigned", "4294967295")
        .containsEntry("ratio", "0.25");
  }

  @Test
  void whatARecordLacksIsZeroOrNullAsItsSchemaHasIt() {
    assertThat(read(rows(), new byte[0]))
        .containsEntry("id", "0")
        .containsEntry("note", "NULL")
        .containsEntry("state", "OPEN")
        .containsEntry("lines", "[]")
        .containsEntry("tags", "{}")
        .containsEntry("at", "NULL")
        .containsEntry("cash", "NULL")
        .containsEntry("raw", "\\x")
        .containsEntry("total", "0")
        .containsEntry("place", "NULL")
        .containsEntry("maybe", "NULL");
  }

  @Test
  void aCompiledSchemaSaysTheSameAsItsText() {
    var set =
        FileDescriptorSet.newBuilder()
            .addFile(TimestampProto.getDescriptor().toProto())
            .addFile(WrappersProto.getDescriptor().toProto())
            .addFile(file())
            .build()
            .toByteArray();
    var compiled = ProtobufMessages.find("\\x" + HexFormat.of().formatHex(set), "shop.Order");
    assertThat(SchemaColumns.of(compiled, false))
        .isEqualTo(SchemaColumns.of(ProtobufMessages.find(SCHEMA, "shop.Order"), false));
    for (byte[] bytes : List.of(written(FULL), new byte[0])) {
      assertThat(read(ProtobufRows.of(columns(), compiled), bytes)).isEqualTo(read(rows(), bytes));
    }
    assertThatThrownBy(() -> ProtobufMessages.find("\\x0102", "shop.Order"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ProtobufMessages.find(SCHEMA, "shop.Ordr"))
        .hasMessage("it has no message \"shop.Ordr\"");
  }

  /** Confluent's framing: the schema's id, and which message of it. */
  @Test
  void aFrameNamesTheSchemaAndTheMessageInIt() {
    var registered = ProtobufRows.registered(columns(), id -> id == 7 ? SCHEMA : "");
    assertThat(read(registered, framed(written(FULL), 2, 2)))
        .isEqualTo(read(rows(), written(FULL)));
    // [1, 0]: the first message within the second one.
    var street = List.of(new InputColumn("street", Type.Scalar.TEXT, true, 0));
    var out = new Fields(1);
    ProtobufRows.registered(street, _ -> SCHEMA)
        .read(framed(new byte[] {0x0A, 1, 'S'}, 4, 2, 0), out);
    assertThat(texts(street, out)).containsEntry("street", "S");
    assertThatThrownBy(() -> read(registered, framed(new byte[0], 2, 10)))
        .hasMessage("its schema has no such message");
    assertThatThrownBy(() -> read(registered, written(FULL)))
        .hasMessage("it is not Protobuf as a schema registry's clients write it");
  }

  private static byte[] framed(byte[] message, int... path) {
    var out = new Buffer(64);
    out.put(new byte[] {0, 0, 0, 0, 7});
    for (int part : path) {
      out.put(part);
    }
    out.put(message);
    return out.toBytes();
  }

  @Test
  void bytesThatAreNoSuchMessageAreABadRecordAndNeverAnythingElse() {
    Seeds.forAll(
        300,
        random -> {
          byte[] bytes = written(FULL);
          for (int i = 0; i < 3; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          }
          try {
            read(rows(), bytes);
          } catch (BadRecord e) {
            assertThat(e.why()).isNotEmpty();
          }
        });
    assertThatThrownBy(() -> read(rows(), "{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(BadRecord.class);
  }

  @Test
  void aChangeIsReadByBeforeAfterAndOp() {
    var schema =
        ProtoSchema.parse(
            """
            syntax = "proto3";
            message Envelope {
              optional Row before = 1;
              optional Row after = 2;
              optional string op = 4;
            }
            message Row { int32 id = 1; }
            """);
    var envelope = schema.message("Envelope").orElseThrow();
    var id = List.of(new InputColumn("id", Type.Scalar.INT4, false, 0));
    var rows = ProtobufRows.of(id, envelope);
    var before = new Fields(1);
    var after = new Fields(1);
    byte[] update = {0x0A, 2, 8, 1, 0x12, 2, 8, 2, 0x22, 1, 'u'};
    assertThat(rows.read(update, before, after)).isEqualTo(ChangeReader.Kind.UPDATE);
    assertThat(texts(id, before)).containsEntry("id", "1");
    assertThat(texts(id, after)).containsEntry("id", "2");
    assertThat(SchemaColumns.of(envelope, true))
        .containsExactly(new SchemaColumns.Found("id", Type.Scalar.INT4, false));
  }

  @Test
  void anAvroRecordTellsItsColumns() {
    assertThat(
            SchemaColumns.of(
                RegisteredSchema.avro(
                    """
                    {"type":"record","name":"r","fields":[
                      {"name":"a","type":["null","int"]},
                      {"name":"b","type":{"type":"bytes","logicalType":"decimal"}},
                      {"name":"c","type":{"type":"long","logicalType":"timestamp-micros"}},
                      {"name":"d","type":{"type":"string","connect.name":"io.debezium.data.Json"}},
                      {"name":"e","type":["int","string"]},
                      {"name":"f","type":{"type":"string","logicalType":"uuid"}}]}
                    """),
                false))
        .containsExactly(
            new SchemaColumns.Found("a", Type.Scalar.INT4, true),
            new SchemaColumns.Found("b", Type.Scalar.NUMERIC, false),
            new SchemaColumns.Found("c", Type.Scalar.TIMESTAMP, false),
            new SchemaColumns.Found("d", Type.Scalar.JSONB, false),
            new SchemaColumns.Found("e", Type.Scalar.JSONB, true),
            new SchemaColumns.Found("f", Type.Scalar.UUID, false));
  }
}
