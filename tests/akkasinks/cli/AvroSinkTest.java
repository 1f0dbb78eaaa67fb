package akkasinks.cli;

import static akkasinks.cli.AvroShop.REGISTRY;
import static akkasinks.cli.AvroShop.USING;
import static akkasinks.cli.AvroShop.decoded;
import static akkasinks.cli.AvroShop.fold;
import static akkasinks.cli.AvroShop.id;
import static akkasinks.cli.AvroShop.sink;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.partition.Partitioner;
import akkasinks.testing.Npm;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealRegistry;
import akkasinks.testing.TopicReader.Entry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Avro sinks by SQL, against a real registry, a real broker and a real Postgres. */
final class AvroSinkTest {
  @TempDir static Path dir;
  private static AvroShop shop;
  private static RealNode node;
  private static RealPostgres.Database database;

  @BeforeAll
  static void start() throws SQLException {
    shop = AvroShop.start(dir, "avro");
    node = shop.node();
    database = shop.database();
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @Test
  void anUpsertSinkKeepsTheTopicInStepAndVerifyProvesIt() throws SQLException {
    shop.table("ups");
    node.sql(sink("ups", "", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("ups", 50);
    database.execute(
        "UPDATE ups SET note = NULL WHERE id = 7",
        "DELETE FROM ups WHERE id = 8",
        "UPDATE ups SET id = 100 WHERE id = 9");
    var records = RealKafka.shared().reader().awaitCommitted("ups", 54);
    var fold = fold(records);
    assertThat(fold).hasSize(49).doesNotContainKeys("{\"id\": 8}", "{\"id\": 9}");
    assertThat(fold.get("{\"id\": 100}")).contains("\"id\": 100", "\"note\": \"n9\"");
    assertThat(fold.get("{\"id\": 7}")).contains("\"note\": null");
    for (Entry record : records) {
      byte[] key = record.keyBytes();
      assertThat(record.partition())
          .as("a key's place does not depend on the schema's id")
          .isEqualTo(Partitioner.seahash().partition(Arrays.copyOfRange(key, 5, key.length), 5));
    }
    assertThat(node.sql("VERIFY SINK ups").toString()).contains("[\"result\",\"equal\"]");
  }

  @Test
  void aDebeziumSinkHasBeforeAndAfterAndVerifyProvesIt() throws SQLException {
    shop.table("dbz");
    node.sql(
        sink(
            "dbz",
            "(AVRO KEY FULLNAME 'shop.key', AVRO VALUE FULLNAME 'shop.change')",
            "DEBEZIUM"));
    RealKafka.shared().reader().awaitCommitted("dbz", 50);
    database.execute(
        "UPDATE dbz SET note = 'changed' WHERE id = 7", "DELETE FROM dbz WHERE id = 8");
    var records = RealKafka.shared().reader().awaitCommitted("dbz", 52);
    var changed =
        records.stream()
            .map(r -> decoded(r.valueBytes()))
            .filter(value -> value.get("before") != null)
            .toList();
    assertThat(changed).hasSize(2);
    assertThat(changed.getFirst().getSchema().getFullName()).isEqualTo("shop.change");
    assertThat(changed.toString())
        .contains("\"after\": null")
        .contains("\"note\": \"n7\"")
        .contains("\"note\": \"changed\"");
    assertThat(node.sql("VERIFY SINK dbz").toString()).contains("[\"result\",\"equal\"]");
  }

  @Test
  void aTruncatedTablesKeysAreReadBackAndGetTombstones() throws SQLException {
    shop.table("avro_cut");
    node.sql(sink("avro_cut", "", "UPSERT") + " WITH (ON TRUNCATE = TOMBSTONE)");
    RealKafka.shared().reader().awaitCommitted("avro_cut", 50);
    database.execute("TRUNCATE avro_cut", "INSERT INTO avro_cut VALUES (7, 'after', 1)");
    var records = RealKafka.shared().reader().awaitCommitted("avro_cut", 101);
    assertThat(fold(records)).containsOnlyKeys("{\"id\": 7}");
    assertThat(node.sql("VERIFY SINK avro_cut").toString()).contains("[\"result\",\"equal\"]");
  }

  @Test
  void aSinkReadAgainGoesOnFromItsKeysInTheTopic() throws SQLException {
    shop.table("avro_again");
    node.sql(sink("avro_again", "", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("avro_again", 50);
    node.sql("ALTER SINK avro_again RESNAPSHOT");
    var records = RealKafka.shared().reader().awaitCommitted("avro_again", 100);
    assertThat(fold(records)).hasSize(50);
    assertThat(node.sql("VERIFY SINK avro_again").toString()).contains("[\"result\",\"equal\"]");
  }

  @Test
  void aColumnAddedWhileTheSinkRunsHasANewSchemaForWhatFollows() throws SQLException {
    shop.table("evo");
    node.sql(sink("evo", "(NULL DEFAULTS, VALUE COMPATIBILITY LEVEL 'BACKWARD')", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("evo", 50);
    database.execute(
        "ALTER TABLE evo ADD COLUMN extra text", "UPDATE evo SET extra = 'new' WHERE id = 1");
    var records = RealKafka.shared().reader().awaitCommitted("evo", 51);
    var last =
        records.stream()
            .map(r -> decoded(r.valueBytes()))
            .filter(row -> row.getSchema().getField("extra") != null)
            .toList();
    assertThat(last).hasSize(1);
    assertThat(last.getFirst().get("extra").toString()).isEqualTo("new");
    assertThat(records.stream().map(r -> id(r.valueBytes())).distinct()).hasSize(2);
    assertThat(records.stream().map(r -> id(r.keyBytes())).distinct()).hasSize(1);
    assertThat(REGISTRY.request("GET", "/subjects/evo-value/versions", "").body())
        .isEqualTo("[1,2]");
  }

  @Test
  void explainShowsTheSchemasAndCommentsOfTheTableAreInThem() throws SQLException {
    shop.table("explained");
    database.execute(
        "COMMENT ON TABLE explained IS 'it''s all'", "COMMENT ON COLUMN explained.id IS 'which'");
    assertThat(explain("KEY", "(DOC ON COLUMN explained.id = 'mine')", "UPSERT"))
        .isEqualTo(
            """
            {
              "type": "record",
              "name": "row",
              "doc": "it's all",
              "fields": [
                {
                  "name": "id",
                  "type": "int",
                  "doc": "mine"
                }
              ]
            }\
            """);
    assertThat(explain("VALUE", "(NULL DEFAULTS)", "DEBEZIUM"))
        .contains("\"name\": \"before\"", "\"default\": null", "\"doc\": \"which\"");
    assertThat(
            node.refused(
                    "EXPLAIN KEY SCHEMA FOR CREATE SINK FROM shop.public.explained INTO KAFKA"
                        + " CONNECTION kafka (TOPIC 'x') FORMAT JSON ENVELOPE DEBEZIUM")
                .toString())
        .contains("CREATE SINK does not have a key");
    assertThat(
            node.refused(
                    "EXPLAIN VALUE SCHEMA FOR CREATE SINK FROM shop.public.explained INTO KAFKA"
                        + " CONNECTION kafka (TOPIC 'x') FORMAT JSON ENVELOPE DEBEZIUM")
                .toString())
        .contains("EXPLAIN SCHEMA is only available for Kafka sinks with Avro schemas");
    // As CREATE SINK would take it.
    assertThat(
            node.rows(
                "EXPLAIN KEY SCHEMA FOR "
                    + sink("explained", "", "UPSERT").replace(" KEY (id)", "")))
        .isEqualTo(node.rows("EXPLAIN KEY SCHEMA FOR " + sink("explained", "", "UPSERT")));
    node.sql(sink("explained", "", "UPSERT"));
    assertThat(node.sql("SHOW CREATE SINK explained").toString())
        .contains("(DOC ON TYPE explained = 'it''s all', DOC ON COLUMN explained.id = 'which')");
    node.sql("DROP SINK explained");
    assertThat(REGISTRY.request("GET", "/subjects", "").body()).doesNotContain("\"x-value\"");
  }

  private static String explain(String part, String options, String envelope) {
    String sql = sink("explained", options, envelope).replace("SINK explained FROM", "SINK FROM");
    return node.rows("EXPLAIN " + part + " SCHEMA AS JSON FOR " + sql)
        .getFirst()
        .getOrDefault("schema", "");
  }

  @Test
  void aClientOfAnotherLanguageReadsWhatWeWroteByTheRegistry() throws SQLException {
    database.execute(
        "CREATE TYPE pair AS (a int, b text)",
        "CREATE TABLE others (id bigint PRIMARY KEY, t text, u uuid, f float8, n numeric(10,2),"
            + " at timestamptz, j jsonb, l int[], p pair, b bytea, d date)",
        "ALTER TABLE others REPLICA IDENTITY FULL",
        "INSERT INTO others VALUES (900719925474099, 'ü😀 \"x\"',"
            + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 0.1, -12.34, '2011-11-11 11:11:11.123456Z',"
            + " '{\"a\": [1, null]}', '{1,NULL,3}', (7, NULL), '\\xd182', '2011-11-11'),"
            + " (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    node.sql(
        "CREATE SINK others FROM shop.public.others INTO KAFKA CONNECTION kafka (TOPIC 'others',"
            + " COMPRESSION TYPE gzip) KEY (id)"
            + USING
            + "ENVELOPE UPSERT");
    RealKafka.shared().reader().awaitCommitted("others", 2);
    database.execute("DELETE FROM others WHERE id = 2");
    RealKafka.shared().reader().awaitCommitted("others", 3);
    var ran =
        Npm.with("kafkajs", "kafkajs@2.2.4", "@kafkajs/confluent-schema-registry@4.1.0")
            .run(
                KAFKAJS,
                RealKafka.shared().bootstrap(),
                REGISTRY.url(),
                RealRegistry.USER,
                RealRegistry.PASSWORD,
                "others",
                "3");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines())
        .containsExactlyInAnyOrder(
            "{\"id\":900719925474099} {\"id\":900719925474099,\"t\":\"ü😀 \\\"x\\\"\","
                + "\"u\":\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\",\"f\":0.1,"
                + "\"n\":\"fffffffffffffffffffffffffffffffb2e\",\"at\":1321009871123456,"
                + "\"j\":\"{\\\"a\\\":[1,null]}\",\"l\":[1,null,3],"
                + "\"p\":{\"a\":7,\"b\":null},\"b\":\"d182\",\"d\":15289}",
            "{\"id\":2} {\"id\":2,\"t\":null,\"u\":null,\"f\":null,\"n\":null,\"at\":null,"
                + "\"j\":null,\"l\":null,\"p\":null,\"b\":null,\"d\":null}",
            "{\"id\":2} null");
    assertThat(node.sql("VERIFY SINK others").toString()).contains("[\"result\",\"equal\"]");
  }

  /** Prints each record's key and value as JSON; bytes as hex. */
  private static final String KAFKAJS =
      """
      const { Kafka, logLevel } = require('kafkajs');
      const { SchemaRegistry } = require('@kafkajs/confluent-schema-registry');
      const [broker, host, username, password, topic, count] = process.argv.slice(2);
      const plain = v => v === null || typeof v !== 'object' ? v
        : Buffer.isBuffer(v) ? v.toString('hex')
        : Array.isArray(v) ? v.map(plain)
        : Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)]));
      (async () => {
        const registry = new SchemaRegistry({ host, auth: { username, password } });
        const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
        const consumer = kafka.consumer({ groupId: 'other-language' });
        const fail = why => { console.error(why); process.exit(1); };
        consumer.on(consumer.events.CRASH, event => fail(event.payload.error));
        setTimeout(() => fail('not all records came'), 60000);
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        let left = +count;
        await consumer.run({
          eachMessage: async ({ message }) => { try {
            const read = async bytes => bytes === null ? null : plain(await registry.decode(bytes));
            const record = [await read(message.key), await read(message.value)].map(v => JSON.stringify(v));
            console.log(record.join(' '));
            if (--left === 0) process.exit(0);
          } catch (e) { fail(e); } },
        });
      })().catch(e => { console.error(e); process.exit(1); });
      """;
}
