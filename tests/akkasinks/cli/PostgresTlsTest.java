package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.Certificates;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS to a Postgres that takes nothing else from user {@code tls}. */
final class PostgresTlsTest {
  @TempDir static Path dir;
  private static Certificates certificates;
  private static RealPostgres postgres;
  private static RealPostgres.Database database;
  private static RealNode node;

  @BeforeAll
  static void start() throws SQLException {
    certificates = Certificates.in(dir, "tls", "stranger");
    Path hba =
        certificates.file(
            "pg_hba.conf",
            """
            hostssl all tls 127.0.0.0/8 trust
            hostssl all mutual 127.0.0.0/8 trust clientcert=verify-ca
            host all postgres 127.0.0.0/8 trust
            local all all trust
            """);
    postgres =
        RealPostgres.start(
            RealPostgres.CURRENT,
            Map.of(
                "ssl", "on",
                "listen_addresses", "127.0.0.1,127.0.0.2",
                "ssl_cert_file", file("server.crt", certificates.certificate("server")),
                "ssl_key_file", file("server.key", certificates.key("server")),
                "ssl_ca_file", file("ca.crt", certificates.authority()),
                "hba_file", hba.toString()));
    database = postgres.createDatabase("tls");
    database.execute(
        "CREATE ROLE tls LOGIN REPLICATION SUPERUSER",
        "CREATE ROLE mutual LOGIN REPLICATION SUPERUSER",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, 10)");
    node = RealNode.start(dir, Map.of());
    node.sql(
        """
        CREATE SECRET ca AS $$%s$$;
        CREATE SECRET key AS $$%s$$;
        CREATE SECRET other AS $$%s$$;
        CREATE SECRET nonsense AS 'nothing of that kind';
        CREATE CONNECTION kafka TO KAFKA (BROKER '%s', SECURITY PROTOCOL 'PLAINTEXT')\
        """
            .formatted(
                certificates.authority(),
                certificates.key("tls"),
                certificates.certificate("stranger"),
                RealKafka.shared().bootstrap()));
  }

  private static String file(String name, String text) {
    return certificates.file(name, text).toString();
  }

  @AfterAll
  static void stop() {
    node.close();
    postgres.close();
  }

  private static String connection(String name, String host, String user, String more) {
    return "CREATE CONNECTION %s TO POSTGRES (HOST '%s', PORT %d, USER '%s', DATABASE '%s'%s)"
        .formatted(name, host, database.port(), user, database.name(), more);
  }

  @Test
  void aSinkReadsOverMutualTlsWithEverythingChecked() throws SQLException {
    node.sql(
        connection(
            "mutual",
            "localhost",
            "mutual",
            ", SSL MODE 'verify-full', SSL CERTIFICATE AUTHORITY = SECRET ca, SSL KEY = SECRET key,"
                + " SSL CERTIFICATE = '"
                + certificates.certificate("tls")
                + "'"));
    node.sql(
        """
        CREATE SOURCE shop FROM POSTGRES CONNECTION mutual FOR ALL TABLES;
        CREATE SINK over_tls FROM shop.orders INTO KAFKA CONNECTION kafka (TOPIC 'over-tls')
          KEY (id) FORMAT JSON ENVELOPE UPSERT\
        """);
    RealKafka.shared().reader().awaitCommitted("over-tls", 10);
    JsonNode verified =
        Await.until(
            "it is verified",
            () -> node.ask("VERIFY SINK over_tls").getLast().path("rows"),
            rows -> rows.toString().contains("result"));
    assertThat(verified.toString()).contains("[\"result\",\"equal\"]");
    assertThat(
            database.query(
                "SELECT DISTINCT s.ssl::text FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                    + " WHERE a.usename = 'mutual'"))
        .hasToString("[[true]]");
    node.sql("DROP SINK over_tls");
  }

  @Test
  void eachModeChecksWhatItPromises() {
    String ca = ", SSL CERTIFICATE AUTHORITY = SECRET ca";
    accepted("require", "127.0.0.1", "");
    accepted("verify-ca", "127.0.0.1", ca);
    accepted("verify-full", "127.0.0.1", ca);
    accepted("prefer", "127.0.0.1", "");
    // Another name of the same machine, which the certificate does not hold.
    accepted("verify-ca", "127.0.0.2", ca);
    told("verify-full", "127.0.0.2", "tls", ca, "TLS with PostgreSQL", "name in the server's");
    told("verify-ca", "127.0.0.1", "tls", "", "TLS with PostgreSQL", "SSL CERTIFICATE AUTHORITY");
    String stranger = ", SSL CERTIFICATE AUTHORITY = SECRET other";
    told("verify-ca", "127.0.0.1", "tls", stranger, "TLS with PostgreSQL", "AUTHORITY");
    told("require", "127.0.0.1", "tls", stranger, "TLS with PostgreSQL", "AUTHORITY");
    told("require", "127.0.0.1", "mutual", "", "valid client certificate", "pg_hba.conf");
    told("disable", "127.0.0.1", "tls", "", "refused user", "pg_hba.conf");
  }

  @Test
  void whatIsNoCertificateOrKeyIsRefusedByName() {
    String nonsense = ", SSL CERTIFICATE AUTHORITY = SECRET nonsense";
    told(
        "require", "127.0.0.1", "tls", nonsense, "SSL CERTIFICATE AUTHORITY holds no PEM", "BEGIN");
    told(
        "require",
        "127.0.0.1",
        "tls",
        ", SSL KEY = SECRET nonsense, SSL CERTIFICATE = SECRET ca",
        "SSL KEY holds no PEM private key",
        "openssl pkcs8");
    told(
        "disable",
        "127.0.0.1",
        "tls",
        nonsense,
        "option SSL CERTIFICATE AUTHORITY not supported with this configuration",
        "");
  }

  private static void accepted(String mode, String host, String more) {
    node.sql(
        connection("accepted", host, "tls", ", SSL MODE '" + mode + "'" + more)
            + "; DROP CONNECTION accepted");
  }

  private static void told(
      String mode, String host, String user, String more, String message, String hint) {
    JsonNode error =
        node.refused(connection("refused", host, user, ", SSL MODE '" + mode + "'" + more));
    assertThat(error.path("message").asText()).as(error.toString()).contains(message);
    assertThat(error.path("hint").asText()).as(error.toString()).contains(hint);
  }
}
