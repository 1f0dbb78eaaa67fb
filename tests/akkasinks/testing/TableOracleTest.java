package akkasinks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.testing.RealPostgres.Database;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A judge that accepts everything is worse than none: each fault it is there for, it must see. */
class TableOracleTest {
  private static final AtomicInteger TOPICS = new AtomicInteger();

  private final RealKafka kafka = RealKafka.shared();
  private final Database database = RealPostgres.shared().createDatabase("oracle");
  private final String topic = "oracle-" + TOPICS.incrementAndGet();

  @BeforeEach
  void table() throws SQLException {
    kafka.createTopic(topic, 1, Map.of());
    database.execute(
        "CREATE TABLE t (id int8 PRIMARY KEY, v int4)", "INSERT INTO t VALUES (1, 10), (2, 20)");
  }

  @Test
  void anUpsertTopicThatFoldsToTheTableIsEqual() throws SQLException {
    put("{\"id\":1}", "{\"id\":1,\"v\":9}");
    put("{\"id\":3}", "{\"id\":3,\"v\":9}");
    put("{\"id\":1}", "{\"id\":1,\"v\":10}");
    put("{\"id\":3}", null);
    assertThatThrownBy(this::upsert).as("lost").hasMessageContaining("{id: 2}");
    put("{\"id\":2}", "{\"id\":2,\"v\":20}");
    upsert();
    put("{\"id\":1}", "{\"v\":10,\"id\":1}");
    assertThatThrownBy(this::upsert).as("columns out of order").isInstanceOf(AssertionError.class);
    put("{\"id\":1}", "{\"id\":1,\"v\":\"10\"}");
    assertThatThrownBy(this::upsert).as("a string for a number").isInstanceOf(AssertionError.class);
    put("{\"id\":1}", "{\"id\":1,\"v\":10}");
    put("{\"id\":4}", "{\"id\":4,\"v\":1}");
    assertThatThrownBy(this::upsert).as("extra").hasMessageContaining("{id: 4}");
  }

  @Test
  void aDebeziumChainMustBeUnbroken() throws SQLException {
    put("{\"id\":1}", "{\"before\":null,\"after\":{\"id\":1,\"v\":9}}");
    put("{\"id\":1}", "{\"before\":{\"id\":1,\"v\":9},\"after\":{\"id\":1,\"v\":10}}");
    put("{\"id\":3}", "{\"before\":null,\"after\":{\"id\":3,\"v\":9}}");
    put("{\"id\":3}", "{\"before\":{\"id\":3,\"v\":9},\"after\":null}");
    assertThatThrownBy(() -> debezium(true)).as("lost").isInstanceOf(AssertionError.class);
    debezium(false);
    put("{\"id\":2}", "{\"before\":null,\"after\":{\"id\":2,\"v\":20}}");
    debezium(true);
    put("{\"id\":1}", "{\"before\":{\"id\":1,\"v\":9},\"after\":{\"id\":1,\"v\":10}}");
    assertThatThrownBy(() -> debezium(true)).as("twice").hasMessageContaining("broken chains");
  }

  @Test
  void aVersionThatComesTwiceIsADuplicate() {
    put("{\"id\":1}", "{\"id\":1,\"v\":1}");
    put("{\"id\":2}", "{\"id\":2,\"v\":1}");
    put("{\"id\":1}", "{\"id\":1,\"v\":2}");
    TableOracle.assertVersionsIncrease(kafka.reader(), topic, "v");
    put("{\"id\":1}", "{\"id\":1,\"v\":2}");
    assertThatThrownBy(() -> TableOracle.assertVersionsIncrease(kafka.reader(), topic, "v"))
        .hasMessageContaining("comes after version 2");
  }

  @Test
  void postgresItselfMakesTheForms() throws SQLException {
    database.execute("CREATE DOMAIN money2 AS numeric(10, 2)");
    var row =
        RowsAsJson.of(
                database,
                """
                SELECT true AS a, 1.50::money2 AS b, 'NaN'::float8 AS c, '\\xd182'::bytea AS d,
                  ''::bytea AS e, '2011-11-11 11:11:11.12345'::timestamp AS f,
                  '1969-12-31 23:59:59.999999+00'::timestamptz AS g, 'infinity'::timestamp AS h,
                  '11:11:11.12'::time AS i, '11:11:11'::time AS j, '1 year'::interval AS k,
                  '{"x": [1, 2.0]}'::jsonb AS l, '{{1,2},{3,4}}'::int4[] AS m, NULL::text AS n,
                  'ab'::char(4) AS o, 'é"'::text AS p, '2011-11-11'::date AS q
                """)
            .getFirst();
    assertThat(row.toString())
        .isEqualTo(
            """
            {"a":true,"b":"1.50","c":"NaN","d":[209,130],"e":[],"f":"1321009871123.450",\
            "g":"-1.999","h":"infinity","i":"11:11:11.120","j":"11:11:11","k":"1 year",\
            "l":{"x":[1,2]},"m":[[1,2],[3,4]],"n":null,"o":"ab  ","p":"é\\"",\
            "q":"2011-11-11"}\
            """);
  }

  private void upsert() throws SQLException {
    TableOracle.assertUpsertTopicEquals(database, "SELECT * FROM t", kafka.reader(), topic, "id");
  }

  private void debezium(boolean snapshot) throws SQLException {
    TableOracle.assertDebeziumTopicEquals(
        database, "SELECT * FROM t", kafka.reader(), topic, snapshot, "id");
  }

  private void put(String key, @Nullable String value) {
    try (var producer =
        new KafkaProducer<byte[], byte[]>(
            Map.of("bootstrap.servers", kafka.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              topic,
              key.getBytes(StandardCharsets.UTF_8),
              value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
