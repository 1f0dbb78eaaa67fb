package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.format.protobuf.Descriptors;
import akkasinks.partition.Partitioner;
import akkasinks.testing.Await;
import akkasinks.testing.Npm;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealRegistry;
import akkasinks.testing.TopicReader.Entry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.DynamicMessage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protobuf sinks by SQL, against a real registry, a real broker and a real Postgres. */
final class ProtobufSinkTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final RealRegistry REGISTRY = RealRegistry.shared();

  @TempDir static Path dir;
  private static RealNode node;
  private static RealPostgres.Database database;

  @BeforeAll
  static void start() throws SQLException {
    database = RealPostgres.shared().createDatabase("protobuf");
    node = RealNode.start(dir, Map.of());
    node.connect(database);
    node.sql(
        """
        CREATE SECRET csr_password AS '%s';
        CREATE CONNECTION kafka TO KAFKA (BROKERS ('%s'), SECURITY PROTOCOL = 'PLAINTEXT');
        CREATE CONNECTION csr TO CONFLUENT SCHEMA REGISTRY (URL '%s', USERNAME = 'alice',
          PASSWORD = SECRET csr_password);
        CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
        """
            .formatted(RealRegistry.PASSWORD, RealKafka.shared().bootstrap(), REGISTRY.url()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static void table(String name) throws SQLException {
    database.execute(
        "CREATE TABLE " + name + " (id int PRIMARY KEY, note text, price numeric(10,2) NOT NULL)",
        "ALTER TABLE " + name + " REPLICA IDENTITY FULL",
        "INSERT INTO " + name + " SELECT i, 'n' || i, i / 2.0 FROM generate_series(1, 50) i");
  }

  private static String sink(String name, String options, String envelope) {
    return "CREATE SINK "
        + name
        + " FROM shop.public."
        + name
        + " INTO KAFKA CONNECTION kafka (TOPIC '"
        + name
        + "', TOPIC PARTITION COUNT 5) KEY (id) FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY"
        + " CONNECTION csr "
        + options
        + " ENVELOPE "
        + envelope;
  }

  @Test
  void anUpsertSinkKeepsTheTopicInStepAndVerifyProvesIt() throws SQLException {
    table("pups");
    node.sql(sink("pups", "", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("pups", 50);
    database.execute(
        "UPDATE pups SET note = NULL WHERE id = 7",
        "DELETE FROM pups WHERE id = 8",
        "UPDATE pups SET id = 100 WHERE id = 9");
    var records = RealKafka.shared().reader().awaitCommitted("pups", 54);
    var fold = fold(records);
    assertThat(fold).hasSize(49).doesNotContainKeys("id: 8\n", "id: 9\n");
    assertThat(fold)
        .containsEntry("id: 100\n", "id: 100\nnote: \"n9\"\nprice: \"4.50\"\n")
        .containsEntry("id: 7\n", "id: 7\nprice: \"3.50\"\n");
    for (Entry record : records) {
      byte[] key = record.keyBytes();
      assertThat(record.partition())
          .as("a key's place does not depend on the schema's id")
          .isEqualTo(Partitioner.seahash().partition(Arrays.copyOfRange(key, 6, key.length), 5));
    }
    assertThat(node.sql("VERIFY SINK pups").toString()).contains("[\"result\",\"equal\"]");
    assertThat(node.rows("EXPLAIN VALUE SCHEMA FOR " + sink("pups", "", "UPSERT")).toString())
        .contains("message Value {", "optional string note = 2;");
  }

  @Test
  void aDebeziumSinkHasBeforeAndAfterAndVerifyProvesIt() throws SQLException {
    table("pdbz");
    node.sql(sink("pdbz", "(PROTOBUF VALUE MESSAGE 'shop.Change')", "DEBEZIUM"));
    RealKafka.shared().reader().awaitCommitted("pdbz", 50);
    database.execute(
        "UPDATE pdbz SET note = 'changed' WHERE id = 7", "DELETE FROM pdbz WHERE id = 8");
    var records = RealKafka.shared().reader().awaitCommitted("pdbz", 52);
    var changed =
        records.stream()
            .map(r -> decoded(r.valueBytes()))
            .filter(value -> value.toString().startsWith("before"))
            .toList();
    assertThat(changed.stream().map(DynamicMessage::toString))
        .containsExactlyInAnyOrder(
            """
            before {
              id: 7
              note: "n7"
              price: "3.50"
            }
            after {
              id: 7
              note: "changed"
              price: "3.50"
            }
            """,
            """
            before {
              id: 8
              note: "n8"
              price: "4.00"
            }
            """);
    assertThat(changed.getFirst().getDescriptorForType().getFullName()).isEqualTo("shop.Change");
    assertThat(node.sql("VERIFY SINK pdbz").toString()).contains("[\"result\",\"equal\"]");
  }

  @Test
  void columnsThatComeAndGoLeaveTheNumbersOfOthers() throws SQLException {
    table("pevo");
    node.sql(sink("pevo", "(VALUE COMPATIBILITY LEVEL 'BACKWARD')", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("pevo", 50);
    database.execute(
        "ALTER TABLE pevo ADD COLUMN extra text", "UPDATE pevo SET extra = 'new' WHERE id = 1");
    RealKafka.shared().reader().awaitCommitted("pevo", 51);
    database.execute(
        "ALTER TABLE pevo DROP COLUMN note",
        "ALTER TABLE pevo ADD COLUMN at timestamptz",
        "UPDATE pevo SET at = '2026-01-02 03:04:05+00' WHERE id = 2");
    var records = RealKafka.shared().reader().awaitCommitted("pevo", 52);
    assertThat(records.stream().map(r -> id(r.keyBytes())).distinct()).hasSize(1);
    var ids = records.stream().map(r -> id(r.valueBytes())).distinct().sorted().toList();
    assertThat(ids).hasSize(3);
    assertThat(schema(ids.getLast()))
        .contains(
            "reserved 2;",
            "int32 id = 1;",
            "string price = 3;",
            "string extra = 4;",
            "google.protobuf.Timestamp at = 5;");
    assertThat(fold(records).get("id: 1\n")).contains("extra: \"new\"");
    assertThat(fold(records).get("id: 2\n")).contains("seconds: 1767323045");
    assertThat(node.state("pevo")).isEqualTo("running");
  }

  @Test
  void aTypeThatCannotHaveTheFieldsNumberStallsTheSinkAndIsRefusedAtCreate() throws SQLException {
    table("ptype");
    node.sql(sink("ptype", "", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("ptype", 50);
    database.execute(
        "ALTER TABLE ptype ALTER COLUMN note TYPE bigint USING 0",
        "UPDATE ptype SET note = 5 WHERE id = 1");
    Await.until("it stalls", () -> node.state("ptype"), "stalled"::equals);
    String why =
        "field \\\"note\\\" of message Value was optional string and is now optional int64";
    assertThat(node.sql("DESCRIBE SINK ptype").toString()).contains(why);
    assertThat(RealKafka.shared().reader().committed("ptype")).hasSize(50);
    node.sql("DROP SINK ptype");
    assertThat(node.refused(sink("ptype", "", "UPSERT")).toString()).contains(why);
  }

  @Test
  void aSinkWhoseRegistryIsDownStallsAndGoesOnWithTheSameIdsWhenItIsBack() throws SQLException {
    table("pdown");
    node.sql(sink("pdown", "", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("pdown", 50);
    node.sql("ALTER SINK pdown PAUSE");
    Await.until("it rests", () -> node.state("pdown"), "paused"::equals);
    database.execute("UPDATE pdown SET note = 'later' WHERE id = 1");
    REGISTRY.proxy().down();
    try {
      node.sql("ALTER SINK pdown RESUME");
      Await.until(
          "it says why it does not run",
          () -> node.sql("DESCRIBE SINK pdown").toString(),
          text -> text.contains("schema registry"));
    } finally {
      REGISTRY.proxy().pass();
    }
    var records = RealKafka.shared().reader().awaitCommitted("pdown", 51);
    assertThat(records.stream().map(r -> id(r.valueBytes())).distinct()).hasSize(1);
    assertThat(fold(records).get("id: 1\n")).contains("later");
  }

  /** Parser and reader of another language, which know nothing of ours. */
  @Test
  void protobufJsReadsEveryTypeByTheRegisteredSchemaAlone() throws Exception {
    database.execute(
        "CREATE EXTENSION IF NOT EXISTS hstore",
        "CREATE TYPE delivery_place AS (street text, number int, at timestamp)",
        "CREATE TABLE ptypes (id bigint PRIMARY KEY, ok bool, r real, d double precision, n"
            + " numeric, t text, b bytea, day date, at timestamptz, u uuid, j jsonb, tags text[],"
            + " nums int[], place delivery_place, attrs hstore, o oid, nothing text)",
        "ALTER TABLE ptypes REPLICA IDENTITY FULL",
        "INSERT INTO ptypes VALUES (-1, false, 1.5, -2.25, 123456789012345678901234567890.5, 'ä',"
            + " '\\x00ff', '2026-01-02', '2026-01-02 03:04:05.5+00',"
            + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{\"a\": [1, null]}', '{\"a b\",c}',"
            + " '{-1,0,300}', ROW('High \"St\"', 7, '1970-01-01 00:00:01'), 'k=>v', 4294967295,"
            + " NULL)");
    node.sql(sink("ptypes", "(PROTOBUF VALUE MESSAGE 'shop.v1.Everything')", "UPSERT"));
    var record = RealKafka.shared().reader().awaitCommitted("ptypes", 1).getFirst();
    byte[] value = record.valueBytes();
    String read = readByProtobufJs("shop.v1.Everything", value);
    assertThat(JSON.readTree(read))
        .isEqualTo(
            JSON.readTree(
                """
                {"id": "-1", "ok": false, "r": 1.5, "d": -2.25,
                 "n": "123456789012345678901234567890.5", "t": "ä", "b": "AP8=",
                 "day": "2026-01-02", "at": {"seconds": "1767323045", "nanos": 500000000},
                 "u": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "j": "{\\"a\\":[1,null]}",
                 "tags": {"values": ["a b", "c"]}, "nums": {"values": [-1, 0, 300]},
                 "place": {"street": "High \\"St\\"", "number": 7, "at": {"seconds": "1"}},
                 "attrs": {"entries": {"k": "v"}}, "o": 4294967295}
                """));
  }

  private static String readByProtobufJs(String type, byte[] value) {
    var ran =
        Npm.with("protobuf", "protobufjs@7.5.4")
            .run(
                """
                const protobuf = require('protobufjs');
                const [type, hex, schema] = process.argv.slice(2);
                const root = protobuf.Root.fromJSON({ nested: protobuf.common.get(
                  'google/protobuf/timestamp.proto').nested });
                const message = protobuf.parse(schema, root).root.lookupType(type)
                  .decode(Buffer.from(hex, 'hex').subarray(6));
                console.log(JSON.stringify(
                  message.$type.toObject(message, { longs: String, bytes: String })));
                """,
                type,
                HexFormat.of().formatHex(value),
                schema(id(value)));
    assertThat(ran.err()).isEmpty();
    return ran.out();
  }

  private static Map<String, String> fold(List<Entry> records) {
    Map<String, String> fold = new TreeMap<>();
    for (Entry record : records) {
      var key = decoded(record.keyBytes()).toString();
      if (record.valueBytes() == null) {
        fold.remove(key);
      } else {
        fold.put(key, decoded(record.valueBytes()).toString());
      }
    }
    return fold;
  }

  private static int id(byte @Nullable [] message) {
    return ByteBuffer.wrap(message).getInt(1);
  }

  /** By the schema that the registry has under the id in the message. */
  private static DynamicMessage decoded(byte @Nullable [] message) {
    return Descriptors.read(schema(id(message)), id(message), message);
  }

  private static String schema(int id) {
    try {
      var answer = JSON.readTree(REGISTRY.request("GET", "/schemas/ids/" + id, "").body());
      assertThat(answer.path("schemaType").asText()).isEqualTo("PROTOBUF");
      return answer.path("schema").asText();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
