package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealBastion;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Postgres behind a bastion, which is a real SSH server of other authors than the client's. */
final class SshTunnelTest {
  @TempDir static Path dir;
  private static final RealKafka KAFKA = RealKafka.shared();
  private static RealPostgres.Database database;
  private static RealBastion bastion;
  private static RealNode node;

  @BeforeAll
  static void start() throws SQLException {
    database = RealPostgres.shared().createDatabase("tunnelled");
    database.execute(
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, 10)");
    bastion = RealBastion.start(dir);
    node = RealNode.start(dir, RealNode.RETRIES_SOON);
    node.sql(
        """
        CREATE SECRET pg_password AS '%s';
        CREATE CONNECTION kafka TO KAFKA (BROKER '%s', SECURITY PROTOCOL = 'PLAINTEXT');
        CREATE CONNECTION bastion TO SSH TUNNEL (HOST '127.0.0.1', PORT %d, USER 'tunnel',
          HOST KEY '%s')\
        """
            .formatted(database.password(), KAFKA.bootstrap(), bastion.port(), bastion.hostKey()));
  }

  @AfterAll
  static void stop() {
    node.close();
    bastion.close();
  }

  private static List<String> keys() {
    var row = node.rows("SELECT * FROM mz_ssh_tunnel_connections").getFirst();
    return List.of(row.getOrDefault("public_key_1", ""), row.getOrDefault("public_key_2", ""));
  }

  private static String reason() {
    return node.rows("DESCRIBE SINK tunnelled").stream()
        .filter(row -> "reason".equals(row.get("property")))
        .map(row -> row.getOrDefault("value", ""))
        .findFirst()
        .orElse("");
  }

  @Test
  void aSinkReadsThroughABastionStallsWithoutItAndGoesOnWithIt() throws Exception {
    String connect =
        """
        CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s',
          PASSWORD SECRET pg_password, DATABASE '%s', SSH TUNNEL bastion)\
        """
            .formatted(database.host(), database.port(), database.user(), database.name());
    bastion.allow(List.of());
    bastion.stop();
    bastion.up();
    JsonNode refused =
        Await.until(
            "the bastion refuses",
            () -> node.refused(connect),
            error -> error.path("message").asText().startsWith("ssh:"));
    told(refused, "ssh: the bastion at 127.0.0.1:", "mz_ssh_tunnel_connections");
    assertThat(keys()).allSatisfy(key -> assertThat(key).matches("ssh-ed25519 \\S{68} akkasinks"));
    bastion.allow(keys());
    node.sql("VALIDATE CONNECTION bastion; " + connect);
    node.sql(
        """
        CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
        CREATE SINK tunnelled FROM shop.orders INTO KAFKA CONNECTION kafka (TOPIC 'tunnelled')
          KEY (id) FORMAT JSON ENVELOPE UPSERT\
        """);
    KAFKA.reader().awaitCommitted("tunnelled", 10);
    assertThat(bastion.forwarded()).isPositive();
    assertThat(node.sql("VERIFY SINK tunnelled").toString()).contains("[\"result\",\"equal\"]");

    bastion.stop();
    // The stream's own silence is noticed only when it next tells the server how far it is.
    Await.within(Duration.ofSeconds(60))
        .value("it says why", SshTunnelTest::reason, reason -> reason.startsWith("ssh: "));
    assertThat(node.state("tunnelled")).isEqualTo("stalled");
    database.execute("INSERT INTO orders SELECT generate_series(11, 20)");
    bastion.up();
    KAFKA.reader().awaitCommitted("tunnelled", 20);

    // The bastion knows only the second key, which the rotation keeps as the first.
    List<String> before = keys();
    bastion.allow(before.subList(1, 2));
    node.sql("ALTER CONNECTION bastion ROTATE KEYS");
    assertThat(keys().getFirst()).isEqualTo(before.getLast());
    assertThat(before).doesNotContain(keys().getLast());
    bastion.stop();
    bastion.up();
    database.execute("INSERT INTO orders SELECT generate_series(21, 30)");
    KAFKA.reader().awaitCommitted("tunnelled", 30);
    assertThat(KAFKA.reader().committed("tunnelled")).hasSize(30);
    nothingSecretIsToBeSeen();

    told(
        node.refused(
            "ALTER CONNECTION bastion SET (HOST KEY = 'ssh-ed25519 %s') WITH (VALIDATE = true)"
                .formatted(keys().getFirst().split(" ")[1])),
        "ssh: the server at 127.0.0.1:",
        "ssh-keyscan");
    node.sql("DROP SINK tunnelled; DROP SOURCE shop; DROP CONNECTION pg");
    Await.until(
        "its slot is gone",
        () ->
            database.value(
                "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"),
        "0"::equals);
  }

  @Test
  void aRegistryIsReachedThroughItWithAndWithoutTls() {
    RealRegistry registry = RealRegistry.shared();
    bastion.allow(keys());
    int before = bastion.forwarded();
    node.sql(
        """
        CREATE SECRET word AS '%s';
        CREATE SECRET ca AS $$%s$$;
        CREATE SECRET key AS $$%s$$;
        CREATE CONNECTION csr TO CONFLUENT SCHEMA REGISTRY (URL '%s', USERNAME '%s',
          PASSWORD SECRET word, SSH TUNNEL bastion);
        CREATE CONNECTION csr_tls TO CONFLUENT SCHEMA REGISTRY (URL '%s', USERNAME '%s',
          PASSWORD SECRET word, SSL CERTIFICATE AUTHORITY = SECRET ca, SSL CERTIFICATE = '%s',
          SSL KEY = SECRET key, SSH TUNNEL bastion)\
        """
            .formatted(
                RealRegistry.PASSWORD,
                registry.certificates().authority(),
                registry.certificates().key("client"),
                registry.url(),
                RealRegistry.USER,
                registry.tlsUrl(),
                RealRegistry.USER,
                registry.certificates().certificate("client")));
    assertThat(bastion.forwarded()).isGreaterThan(before + 1);
  }

  private static void told(JsonNode error, String message, String hint) {
    assertThat(error.path("message").asText()).as(error.toString()).startsWith(message);
    assertThat(error.path("hint").asText()).as(error.toString()).contains(hint);
  }

  private static void nothingSecretIsToBeSeen() throws IOException {
    assertThat(node.sql("SHOW CREATE CONNECTION bastion").toString())
        .contains("PUBLIC KEY 1", keys().getFirst())
        .doesNotContain("PRIVATE");
    try (var files = Files.walk(dir.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("OPENSSH PRIVATE KEY");
      }
    }
  }
}
