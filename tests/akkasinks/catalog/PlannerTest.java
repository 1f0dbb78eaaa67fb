package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.Sink;
import akkasinks.sql.Statements;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final String SINK = "CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka ";
  private final World world = World.withShop();

  /** A caret in the statement is where the error must point; it is taken out first. */
  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          (TOPIC 't', ^COMPRESION TYPE 'lz4') KEY (id) FORMAT JSON ENVELOPE UPSERT | unknown option "COMPRESION TYPE" for CREATE SINK | did you mean "COMPRESSION TYPE"?
          (TOPIC 't', ^COMPRESION TYPE lz4) KEY (id) FORMAT JSON ENVELOPE UPSERT | unknown option "COMPRESION TYPE" for CREATE SINK | did you mean "COMPRESSION TYPE"?
          (TOPIC 't', ^SNAPSHOT = false) KEY (id) FORMAT JSON ENVELOPE UPSERT | unknown option "SNAPSHOT" for CREATE SINK | "SNAPSHOT" belongs into WITH (…).
          (TOPIC 't', ^liner.ms = 5) KEY (id) FORMAT JSON ENVELOPE UPSERT | unknown option "liner.ms" for CREATE SINK | did you mean "linger.ms"?
          (TOPIC 't', ^TOPIC 'u') KEY (id) FORMAT JSON ENVELOPE UPSERT | TOPIC specified more than once | ``
          (^TOPIC = 5) KEY (id) FORMAT JSON ENVELOPE UPSERT | invalid TOPIC: cannot use value as string | ``
          (^TOPIC 'a b') KEY (id) FORMAT JSON ENVELOPE UPSERT | invalid TOPIC: "a b" is not a legal topic name | Up to 249 letters, digits, dots, underscores and hyphens.
          (TOPIC 't', ^TOPIC PARTITION COUNT 'x') KEY (id) FORMAT JSON ENVELOPE UPSERT | invalid TOPIC PARTITION COUNT: cannot use value as number | ``
          (TOPIC 't', ^TOPIC PARTITION COUNT 0) KEY (id) FORMAT JSON ENVELOPE UPSERT | TOPIC PARTITION COUNT must be a positive integer | ``
          (TOPIC 't', ^TOPIC PARTITION COUNT 99999999999) KEY (id) FORMAT JSON ENVELOPE UPSERT | TOPIC PARTITION COUNT must be a positive integer | ``
          (TOPIC 't', ^TOPIC REPLICATION FACTOR -1) KEY (id) FORMAT JSON ENVELOPE UPSERT | TOPIC REPLICATION FACTOR must be a positive integer | ``
          (TOPIC 't', ^TOPIC CONFIG 'x') KEY (id) FORMAT JSON ENVELOPE UPSERT | invalid TOPIC CONFIG: cannot use value as map | ``
          (TOPIC 't', ^COMPRESSION TYPE 'x') KEY (id) FORMAT JSON ENVELOPE UPSERT | invalid COMPRESSION TYPE: x | Possible values: none, gzip, snappy, lz4, zstd.
          (TOPIC 't', ^COMPRESSION TYPE) KEY (id) FORMAT JSON ENVELOPE UPSERT | must provide a compression type value | Possible values: none, gzip, snappy, lz4, zstd.
          (TOPIC 't', ^COMPRESSION TYPE 5) KEY (id) FORMAT JSON ENVELOPE UPSERT | compression type must be a string | ``
          (TOPIC 't', ^linger.ms = 'soon') KEY (id) FORMAT JSON ENVELOPE UPSERT | invalid linger.ms: cannot use value as number | ``
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT WITH (^SNAPSHOT = 1) | invalid SNAPSHOT: cannot use value as boolean | ``
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT WITH (^COMMIT INTERVAL = 'soon') | invalid COMMIT INTERVAL: cannot use value as interval | ``
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT WITH (^COMMIT INTERVAL = '2 hours 99 hours') | COMMIT INTERVAL must be between 1 millisecond and 1 day | ``
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT WITH (^MAX RETAINED WAL = '5 parsec') | invalid MAX RETAINED WAL: cannot use value as size | ``
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT WITH (^ON EXCEEDED = 'WARN') | MAX RETAINED WAL must be specified with ON EXCEEDED | ``
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE DEBEZIUM WITH (^COMMIT INTERVAL = '1s') | COMMIT INTERVAL is only supported with ENVELOPE UPSERT | ``
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE DEBEZIUM WITH (^ON TRUNCATE TOMBSTONE) | ON TRUNCATE = TOMBSTONE is only supported with ENVELOPE UPSERT | ``
          (TOPIC 't') KEY (id) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT WITH (^COMMIT INTERVAL '1s') | COMMIT INTERVAL is not supported with a key that is NOT ENFORCED | ``
          (TOPIC 't') KEY (a, b, ^a) FORMAT JSON ENVELOPE UPSERT | duplicate column referenced in KEY: a | ``
          (TOPIC 't') KEY (id) FORMAT ^CSV ENVELOPE UPSERT | sink format CSV not yet supported | Possible: FORMAT JSON, FORMAT AVRO, FORMAT PROTOBUF, FORMAT TEXT, FORMAT BYTES.
          (TOPIC 't') KEY (id) FORMAT JSON (^BYTES = 'hex') ENVELOPE UPSERT | invalid BYTES: hex | Possible values: array, base64.
          (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE ^CDC | sink envelope CDC not yet supported | Possible: ENVELOPE UPSERT, ENVELOPE DEBEZIUM, ENVELOPE APPEND.
          """)
  void sinkClausesAndOptionsAreChecked(String rest, String message, String hint) {
    String sql = SINK + rest;
    Failure failure = world.failure(sql.replace("^", ""));
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.hint()).isEqualTo(hint);
    assertThat(failure.position()).isEqualTo(sql.indexOf('^') + 1);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE SINK ^s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) ENVELOPE UPSERT | sink without format not yet supported | Add FORMAT JSON, or FORMAT AVRO or PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION ….
          CREATE SINK ^s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT JSON | ENVELOPE clause is required | Add ENVELOPE UPSERT or ENVELOPE DEBEZIUM.
          CREATE SINK s FROM orders INTO KAFKA CONNECTION ^kafka KEY (id) FORMAT JSON ENVELOPE UPSERT | KAFKA CONNECTION must specify TOPIC | Write it after the connection: (TOPIC 'orders').
          CREATE SINK s FROM orders INTO KAFKA CONNECTION ^kafak (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT | unknown connection "kafak" | did you mean "kafka"?
          CREATE SINK s FROM orders INTO KAFKA CONNECTION ^pg (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT | "pg" is not a kafka connection | ``
          CREATE SINK s FROM ^shop INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT | source shop cannot be exported as a sink | Name one of its tables, shop.its_table; or write FROM SOURCE for all of them.
          CREATE SINK s FROM ^shp.a.b INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT | unknown relation "shp.a.b" | did you mean "shop.a.b"?
          CREATE SINK ^kafka FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT | connection "kafka" already exists | ``
          CREATE SECRET IF NOT EXISTS ^pg AS 'x' | connection "pg" already exists | ``
          CREATE SOURCE s FROM POSTGRES CONNECTION ^kafka FOR ALL TABLES | "kafka" is not a postgres connection | ``
          CREATE SOURCE s FROM POSTGRES CONNECTION pg (^PUBLICATON 'x') FOR ALL TABLES | unknown option "PUBLICATON" for CREATE SOURCE | did you mean "PUBLICATION"?
          CREATE SOURCE s FROM POSTGRES CONNECTION pg FOR TABLES (a, ^x.a) | "a" specified more than once | Give one of two tables with the same name another: (a.t, b.t AS t2).
          CREATE CONNECTION c TO ^POSTGRES (USER 'u', DATABASE 'd') | HOST option is required | ``
          CREATE CONNECTION c TO POSTGRES (HOST 'h', ^PORT 70000, USER 'u', DATABASE 'd') | PORT must be between 1 and 65535 | ``
          CREATE CONNECTION c TO POSTGRES (HOST 'h', USER 'u', DATABASE 'd', ^PASSWORD 'clear') | invalid PASSWORD: must provide a secret value | Store it with CREATE SECRET and write PASSWORD = SECRET its_name.
          CREATE CONNECTION c TO POSTGRES (HOST 'h', USER 'u', DATABASE 'd', ^PASSWORD SECRET pv) | unknown secret "pv" | did you mean "pw"?
          CREATE CONNECTION c TO POSTGRES (HOST 'h', ^PASWORD hunter2) | unknown option "PASWORD" for CREATE CONNECTION … TO POSTGRES | did you mean "PASSWORD"?
          CREATE CONNECTION c TO POSTGRES (HOST 'h') WITH (^VALIDATE = 'x') | invalid VALIDATE: cannot use value as boolean | ``
          CREATE CONNECTION c TO ^KAFKA () | invalid CONNECTION: must set one of BROKER, BROKERS | ``
          CREATE CONNECTION c TO ^KAFKA (BROKER 'a', BROKERS ('b')) | invalid CONNECTION: can only set one of BROKER, BROKERS | ``
          CREATE CONNECTION c TO KAFKA (^BROKER 'a,b') | cannot specify multiple Kafka broker addresses in one string. | Give each its own: BROKERS ('a:9092', 'b:9092').
          CREATE CONNECTION c TO KAFKA (^BROKER 'a:99999') | invalid BROKER: "a:99999" is not host:port | ``
          CREATE CONNECTION c TO KAFKA (^BROKERS 'a') | invalid BROKERS: cannot use value as list | ``
          CREATE CONNECTION c TO KAFKA (BROKER 'a', ^SECURITY PROTOCOL plain) | unknown security protocol: plain | Possible values: PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL.
          CREATE CONNECTION c TO ^KAFKA (BROKER 'a', SASL USERNAME 'u') | SASL MECHANISMS must be specified | ``
          CREATE CONNECTION c TO KAFKA (BROKER 'a', ^SASL PASSWORD 'u') | invalid SASL PASSWORD: must provide a secret value | Store it with CREATE SECRET and write SASL PASSWORD = SECRET its_name.
          CREATE CONNECTION c TO KAFKA (BROKER 'a', ^SSL CERTIFICATE 'pem') | SSL KEY must be specified with SSL CERTIFICATE | ``
          CREATE CONNECTION c TO KAFKA (BROKER 'a', SECURITY PROTOCOL PLAINTEXT, ^SSL KEY SECRET pw) | option SSL KEY not supported with this configuration | ``
          CREATE CONNECTION c TO KAFKA (BROKER 'a', ^PROGRESS TOPIC REPLICATION FACTOR 0) | PROGRESS TOPIC REPLICATION FACTOR must be greater than 0 | ``
          CREATE CONNECTION c TO ^KAFKA (BROKER 'a', SASL MECHANISMS 'OAUTHBEARER') | SASL OAUTHBEARER TOKEN ENDPOINT URL must be specified | ``
          CREATE CONNECTION c TO KAFKA (BROKER 'a', SASL MECHANISMS 'OAUTHBEARER', ^SASL USERNAME 'u') | option SASL USERNAME not supported with this configuration | ``
          CREATE CONNECTION c TO KAFKA (BROKER 'a', SASL MECHANISMS 'PLAIN', SASL USERNAME 'u', SASL PASSWORD SECRET pw, ^SASL OAUTHBEARER SCOPE 's') | option SASL OAUTHBEARER SCOPE not supported with this configuration | ``
          CREATE CONNECTION c TO POSTGRES (HOST 'h', USER 'u', DATABASE 'd', SSL MODE disable, ^SSL CERTIFICATE AUTHORITY 'pem') | option SSL CERTIFICATE AUTHORITY not supported with this configuration | ``
          CREATE CONNECTION c TO POSTGRES (HOST 'h', USER 'u', DATABASE 'd', ^SSL CERTIFICATE 'pem') | SSL KEY must be specified with SSL CERTIFICATE | ``
          ALTER CONNECTION ^nope SET (BROKER 'a') | unknown connection "nope" | ``
          ALTER CONNECTION kafka SET (^BROKR 'a') | unknown option "BROKR" for CREATE CONNECTION … TO KAFKA | did you mean "BROKER"?
          ALTER CONNECTION kafka DROP (^BROKR) | unknown option "BROKR" for CREATE CONNECTION … TO KAFKA | did you mean "BROKER"?
          ALTER CONNECTION kafka SET (BROKER 'a', ^BROKER 'b') | BROKER specified more than once | ``
          ALTER CONNECTION kafka SET (BROKER 'a'), RESET (^BROKER) | cannot both SET and DROP/RESET options BROKER | ``
          ALTER CONNECTION kafka SET (BROKER 'a'), DROP (^BROKERS) | cannot both SET and DROP/RESET mutually exclusive KAFKA options BROKER, BROKERS | ``
          ALTER CONNECTION ^kafka SET (BROKER 'a', BROKERS ('b')) | invalid CONNECTION: can only set one of BROKER, BROKERS | ``
          ALTER CONNECTION ^kafka DROP (BROKER) | invalid CONNECTION: must set one of BROKER, BROKERS | ``
          ALTER CONNECTION ^pg RESET (HOST) | HOST option is required | ``
          ALTER CONNECTION pg SET (^PASSWORD 'clear') | invalid PASSWORD: must provide a secret value | Store it with CREATE SECRET and write PASSWORD = SECRET its_name.
          COMMENT ON SINK ^nope IS 'x' | unknown sink "nope" | ``
          COMMENT ON CONNECTION ^shop IS 'x' | "shop" is a source, not a connection | ``
          ALTER SINK ^nope PAUSE | unknown sink "nope" | ``
          DROP CONNECTION ^shop | "shop" is a source, not a connection | ``
          DROP CONNECTION ^pg | cannot drop connection "pg": still depended upon by source "shop" | Drop them first, or use DROP … CASCADE to drop them too.
          DROP SECRET ^pw | cannot drop secret "pw": still depended upon by connection "pg" | Drop them first, or use DROP … CASCADE to drop them too.
          ALTER SECRET ^pw RENAME TO shop | source "shop" already exists | ``
          """)
  void statementsAreChecked(String sql, String message, String hint) {
    Failure failure = world.failure(sql.replace("^", ""));
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.hint()).isEqualTo(hint);
    assertThat(failure.position()).isEqualTo(sql.indexOf('^') + 1);
    assertThat(failure.toString()).doesNotContain("hunter").doesNotContain("HUNTER");
  }

  @Test
  void aValueOutsideIsKeptAsWhereItLies() {
    world.run(
        "CREATE CONNECTION c TO POSTGRES (HOST 'h', USER 'u', DATABASE 'd',"
            + " PASSWORD '${file:/run/word}', SSL CERTIFICATE AUTHORITY '${env:CA}')");
    PostgresConnection connection = world.get("c", PostgresConnection.class);
    assertThat(connection.password()).contains(new Value.External(Value.Place.FILE, "/run/word"));
    assertThat(connection.tls().authority())
        .contains(new Value.External(Value.Place.ENVIRONMENT, "CA"));
    assertThat(connection.createSql()).contains("'${file:/run/word}'");
  }

  @Test
  void aSinkHasTheDeclaredDefaults() {
    world.run(SINK + "(TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT");
    assertThat(world.get("s", Sink.class))
        .isEqualTo(
            new Sink(
                "s1",
                "s",
                "r1",
                "",
                "orders",
                "c2",
                new Definition.Topic("t", 0, 0, Map.of()),
                List.of("id"),
                false,
                new Definition.Format.Json(Definition.Bytes.ARRAY, Definition.Timestamps.EPOCH),
                Definition.Envelope.UPSERT,
                true,
                java.util.Optional.empty(),
                Definition.Partitioner.SEAHASH,
                "lz4",
                Definition.OnTruncate.STALL,
                new Definition.Retention(0, false),
                Map.of(),
                SinkDetails.NONE,
                "CREATE SINK s FROM shop.orders INTO KAFKA CONNECTION kafka (TOPIC = 't') KEY (id)"
                    + " FORMAT JSON ENVELOPE UPSERT"));
  }

  @Test
  void everySinkOptionArrives() {
    world.run(
        SINK
            + "(TOPIC 't', COMPRESSION TYPE ZSTD, TOPIC PARTITION COUNT = 3, TOPIC REPLICATION"
            + " FACTOR = '2', TOPIC CONFIG = MAP['a' => 'b'], PARTITIONER murmur2, linger.ms = 7)"
            + " KEY (id) FORMAT JSON (BYTES base64, TIMESTAMP = 'ISO') ENVELOPE UPSERT WITH"
            + " (SNAPSHOT = false, COMMIT INTERVAL = '1s 500 milliseconds', ON TRUNCATE ="
            + " tombstone, MAX RETAINED WAL = '10GiB', ON EXCEEDED DROP SLOT)");
    Sink sink = world.get("s", Sink.class);
    assertThat(sink.topic()).isEqualTo(new Definition.Topic("t", 3, 2, Map.of("a", "b")));
    assertThat(sink.compression()).isEqualTo("zstd");
    assertThat(sink.partitioner()).isEqualTo(Definition.Partitioner.MURMUR2);
    assertThat(sink.format())
        .isEqualTo(new Definition.Format.Json(Definition.Bytes.BASE64, Definition.Timestamps.ISO));
    assertThat(sink.snapshot()).isFalse();
    assertThat(sink.commitInterval()).hasValue(Duration.ofMillis(1_500));
    assertThat(sink.onTruncate()).isEqualTo(Definition.OnTruncate.TOMBSTONE);
    assertThat(sink.retention()).isEqualTo(new Definition.Retention(10L << 30, true));
    assertThat(sink.properties()).isEqualTo(Map.of("linger.ms", "7"));
    assertThat(sink.createSql()).contains("ON EXCEEDED = drop slot", "COMPRESSION TYPE = zstd");
    Statements.parse(sink.createSql());
  }

  @Test
  void connectionsCarrySecretsByIdAndShowThemByName() {
    PostgresConnection pg = world.get("pg", PostgresConnection.class);
    assertThat(pg.password()).hasValue(new Value.Secret("k1"));
    assertThat(pg.port()).isEqualTo(5432);
    assertThat(pg.sslMode()).isEqualTo("prefer");
    assertThat(pg.createSql()).contains("PASSWORD = SECRET pw");
    world.run(
        "CREATE CONNECTION k2 TO KAFKA (BROKERS ('a', '[::1]:1'), SASL MECHANISMS scram-sha-256,"
                .replace("scram-sha-256", "'scram-sha-256'")
            + " SASL USERNAME 'u', SASL PASSWORD SECRET pw, SSL CERTIFICATE AUTHORITY 'pem')");
    KafkaConnection k2 = world.get("k2", KafkaConnection.class);
    assertThat(k2.brokers()).containsExactly("a:9092", "[::1]:1");
    assertThat(k2.securityProtocol()).isEqualTo("SASL_SSL");
    assertThat(k2.progressTopic()).isEqualTo("_akkasinks-progress-" + World.INSTALLATION + "-c3");
    assertThat(k2.properties())
        .isEqualTo(
            Map.of(
                "sasl.mechanism", new Value.Text("SCRAM-SHA-256"),
                "sasl.username", new Value.Text("u"),
                "sasl.password", new Value.Secret("k1"),
                "ssl.truststore.type", new Value.Text("PEM"),
                "ssl.truststore.certificates", new Value.Text("pem")));
  }

  @Test
  void noticesSayWhatMayBeUnwanted() {
    world.run(SINK + "(TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT");
    Plan plan =
        world.run(
            SINK.replace("SINK s", "SINK s2")
                + "(TOPIC 't') KEY (x) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT");
    assertThat(plan.notices())
        .extracting(Notice::message)
        .containsExactly(
            "upsert key not validated to be unique", "topic \"t\" is also written by sink \"s\"");
  }

  @Test
  void ifExistsAndIfNotExistsSkipWithANotice() {
    assertThat(world.run("CREATE SECRET IF NOT EXISTS pw AS 'x'").notices())
        .containsExactly(Notice.of("secret \"pw\" already exists, skipping"));
    for (String sql :
        List.of(
            "DROP SINK IF EXISTS x",
            "ALTER SINK IF EXISTS x PAUSE",
            "ALTER SINK IF EXISTS x RENAME TO y")) {
      Plan plan = world.run(sql);
      assertThat(plan.events()).isEmpty();
      assertThat(plan.notices()).containsExactly(Notice.of("sink \"x\" does not exist, skipping"));
    }
    assertThat(world.failure("DROP SINK x").code()).isEqualTo(Code.UNDEFINED_OBJECT);
  }

  @Test
  void secretsHaveALimit() {
    assertThat(world.failure("CREATE SECRET big AS '" + "x".repeat(512 * 1024 + 1) + "'").message())
        .isEqualTo("secrets can not be bigger than 512KiB");
  }
}
