package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealRegistry;
import akkasinks.testing.SecuredKafka;
import akkasinks.testing.SecuredKafka.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every SQL statement of the documents that this product replaces, as they have it: Materialize's
 * "CREATE SINK: Kafka" (001) and "Kafka and Redpanda" (002), each named by its line there. Only
 * placeholders, addresses and user names are filled in; where a certificate of the test's own
 * authority is met, the option that names the authority is added, and names that two examples of a
 * document share are made different. The overview (000) has lost its statements.
 */
final class ReferencesTest {
  @TempDir static Path dir;
  private static final RealRegistry REGISTRY = RealRegistry.shared();
  private static SecuredKafka kafka;
  private static RealNode node;

  @BeforeAll
  static void start() throws SQLException, IOException {
    kafka = SecuredKafka.start(Files.createDirectories(dir.resolve("kafka")), false, Map.of());
    kafka.scram(ScramMechanism.SCRAM_SHA_256, "broker-word");
    var database = RealPostgres.shared().createDatabase("references");
    database.execute(
        "CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, address text NOT NULL)",
        "ALTER TABLE people REPLICA IDENTITY FULL",
        "INSERT INTO people SELECT i, 'n' || i, 'a' || i FROM generate_series(1, 20) i");
    node = RealNode.start(dir.resolve("node"), Map.of());
    node.connect(database);
    node.sql("CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES");
  }

  @AfterAll
  static void stop() {
    node.close();
    kafka.close();
  }

  /** One after the other: later ones use what earlier ones made, as in the document. */
  @Test
  void eachStatementOfTheDocumentsRuns() {
    runs(
        "001, lines 130 to 137: a connection with client certificates",
        """
        CREATE SECRET kafka_ssl_key AS '%s';
        CREATE SECRET kafka_ssl_crt AS '%s';

        CREATE CONNECTION kafka_ssl_connection TO KAFKA (
            BROKER '%s',
            SSL KEY = SECRET kafka_ssl_key,
            SSL CERTIFICATE = SECRET kafka_ssl_crt,
            SSL CERTIFICATE AUTHORITY = '%s'
        );
        """
            .formatted(
                kafka.certificates().key("client"),
                kafka.certificates().certificate("client"),
                kafka.bootstrap(Listener.MUTUAL),
                kafka.certificates().authority()));
    runs(
        "001, lines 144 to 151: a connection with SCRAM",
        """
        CREATE SECRET kafka_password AS 'broker-word';

        CREATE CONNECTION kafka_connection TO KAFKA (
            BROKER '%s',
            SASL MECHANISMS = 'SCRAM-SHA-256',
            SASL USERNAME = 'sink',
            SASL PASSWORD = SECRET kafka_password,
            SSL CERTIFICATE AUTHORITY = '%s'
        );
        """
            .formatted(kafka.bootstrap(Listener.TLSLOGIN), kafka.certificates().authority()));
    runs(
        "001, lines 163 to 173: a registry with client certificates; ours speaks no TLS, so it is"
            + " not asked",
        """
        CREATE SECRET csr_ssl_crt AS '%s';
        CREATE SECRET csr_ssl_key AS '%s';
        CREATE SECRET csr_password AS '%s';

        CREATE CONNECTION csr_ssl TO CONFLUENT SCHEMA REGISTRY (
            URL 'https://127.0.0.1:30993',
            SSL KEY = SECRET csr_ssl_key,
            SSL CERTIFICATE = SECRET csr_ssl_crt,
            USERNAME = 'foo',
            PASSWORD = SECRET csr_password
        ) WITH (VALIDATE = false);
        """
            .formatted(
                kafka.certificates().certificate("client"),
                kafka.certificates().key("client"),
                RealRegistry.PASSWORD));
    runs(
        "001, lines 180 to 187: a registry with a password",
        """
        CREATE SECRET IF NOT EXISTS csr_username AS '%s';
        CREATE SECRET IF NOT EXISTS csr_password AS '%s';

        CREATE CONNECTION csr_basic_http
          FOR CONFLUENT SCHEMA REGISTRY
          URL '%s',
          USERNAME = SECRET csr_username,
          PASSWORD = SECRET csr_password;
        """
            .formatted(RealRegistry.USER, RealRegistry.PASSWORD, REGISTRY.url()));
    runs(
        "001, lines 90 to 95: Avro, upsert; no KEY means the primary key",
        """
        CREATE SINK avro_sink
          FROM people
          INTO KAFKA CONNECTION kafka_connection (TOPIC 'test_avro_topic')
          FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr_basic_http
          ENVELOPE UPSERT
          WITH (SIZE = '3xsmall');
        """);
    runs(
        "001, lines 207 to 212: Avro, Debezium",
        """
        CREATE SINK avro_debezium_sink
          FROM people
          INTO KAFKA CONNECTION kafka_connection (TOPIC 'test_avro_debezium_topic')
          FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr_basic_http
          ENVELOPE DEBEZIUM
          WITH (SIZE = '3xsmall');
        """);
    runs(
        "001, lines 219 to 224: JSON, Debezium",
        """
        CREATE SINK json_sink
          FROM people
          INTO KAFKA CONNECTION kafka_connection (TOPIC 'test_json_topic')
          FORMAT JSON
          ENVELOPE DEBEZIUM
          WITH (SIZE = '3xsmall');
        """);
    runs("001, line 246: another size", "ALTER SINK avro_sink SET (SIZE = 'large');");
    runs(
        "002, lines 121 to 123: a partition by an expression",
        """
        CREATE SINK partitioned FROM people INTO KAFKA CONNECTION kafka_connection (
            TOPIC 'partitioned', TOPIC PARTITION COUNT 4,
            PARTITION BY = kafka_murmur2(name || address)
        ) KEY (id) FORMAT JSON ENVELOPE UPSERT;
        """);

    for (String sink :
        new String[] {"avro_sink", "avro_debezium_sink", "json_sink", "partitioned"}) {
      Await.within(Duration.ofSeconds(60))
          .holds(
              sink + " has all rows",
              () ->
                  node.rows("SHOW SINKS").stream()
                      .anyMatch(
                          row ->
                              sink.equals(row.get("name"))
                                  && "running".equals(row.get("state"))
                                  && "20".equals(row.get("records_out"))));
    }
    assertThat(node.rows("SHOW SINKS")).hasSize(4);
  }

  private static void runs(String where, String statements) {
    try {
      node.sql(statements);
    } catch (AssertionError e) {
      throw new AssertionError(where, e);
    }
  }
}
