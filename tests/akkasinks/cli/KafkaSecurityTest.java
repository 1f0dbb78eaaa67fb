package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.Certificates;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.SecuredKafka;
import akkasinks.testing.SecuredKafka.Listener;
import akkasinks.testing.TokenServer;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Each kind of security that a Kafka connection can have, against a broker configured so. */
final class KafkaSecurityTest {
  private static final String SCRAM_256 = "scram-256-word";
  private static final String SCRAM_512 = "scram-512-word";
  private static final String FILE_WORD = SecuredKafka.PLAIN_PASSWORD;

  @TempDir static Path dir;
  private static final Logged LOGGED = new Logged();
  private static TokenServer tokens;
  private static SecuredKafka kafka;
  private static Certificates certificates;
  private static RealNode node;

  @BeforeAll
  static void start() throws SQLException, IOException {
    LOGGED.attach();
    tokens = TokenServer.start();
    kafka = SecuredKafka.start(dir, false, SecuredKafka.taking(tokens));
    certificates = kafka.certificates();
    kafka.scram(ScramMechanism.SCRAM_SHA_256, SCRAM_256);
    kafka.scram(ScramMechanism.SCRAM_SHA_512, SCRAM_512);
    RealPostgres.Database database = RealPostgres.shared().createDatabase("secured");
    database.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL)",
        "INSERT INTO orders SELECT i, i FROM generate_series(1, 10) i");
    Path folder = Files.createDirectories(dir.resolve("allowed"));
    Files.writeString(folder.resolve("word"), FILE_WORD + "\n");
    Files.writeString(dir.resolve("outside"), FILE_WORD);
    Files.createSymbolicLink(folder.resolve("link"), dir.resolve("outside"));
    node =
        RealNode.start(
            dir,
            Map.of(
                "akkasinks.secrets.folders", List.of(folder.toString()),
                "akkasinks.sinks.backoff-least", "1s",
                "akkasinks.sinks.backoff-most", "2s"));
    node.sql(
        """
        CREATE SECRET ca AS $$%s$$;
        CREATE SECRET key AS $$%s$$;
        CREATE SECRET plain AS '%s';
        CREATE SECRET scram256 AS '%s';
        CREATE SECRET scram512 AS '%s';
        CREATE SECRET oauth AS '%s';
        CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s', DATABASE '%s');
        CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES\
        """
            .formatted(
                certificates.authority(),
                certificates.key("client"),
                SecuredKafka.PLAIN_PASSWORD,
                SCRAM_256,
                SCRAM_512,
                TokenServer.SECRET,
                database.host(),
                database.port(),
                database.user(),
                database.name()));
  }

  @AfterAll
  static void stop() {
    node.close();
    kafka.close();
    tokens.close();
    LOGGED.detach();
  }

  /** By name, what stands in the connection's parentheses after the broker. */
  private static Map<String, String> connections() {
    String ca = ", SSL CERTIFICATE AUTHORITY = SECRET ca";
    Map<String, String> all = new HashMap<>();
    all.put("via_tls", broker(Listener.TLS) + ca);
    all.put("via_mutual", broker(Listener.MUTUAL) + ca + client());
    for (var security : List.of("SASL_PLAINTEXT", "SASL_SSL")) {
      boolean encrypted = security.equals("SASL_SSL");
      String at =
          broker(encrypted ? Listener.TLSLOGIN : Listener.LOGIN)
              // SASL_SSL need not be said: it is the default beside a SASL option.
              + (encrypted ? ca : ", SECURITY PROTOCOL = 'SASL_PLAINTEXT'");
      String name = encrypted ? "via_tls_" : "via_";
      all.put(name + "plain", at + login("PLAIN", "plain"));
      all.put(name + "scram256", at + login("SCRAM-SHA-256", "scram256"));
      all.put(name + "scram512", at + login("SCRAM-SHA-512", "scram512"));
      all.put(name + "oauth", at + oauth("oauth"));
    }
    all.put(
        "via_file",
        broker(Listener.LOGIN)
            + ", SECURITY PROTOCOL 'SASL_PLAINTEXT', SASL MECHANISMS 'PLAIN', SASL USERNAME 'sink',"
            + " SASL PASSWORD '${file:%s}'".formatted(dir.resolve("allowed/word")));
    return all;
  }

  private static String broker(Listener listener) {
    return "BROKER '" + kafka.bootstrap(listener) + "'";
  }

  private static String client() {
    return ", SSL CERTIFICATE = '%s', SSL KEY = SECRET key"
        .formatted(certificates.certificate("client"));
  }

  private static String login(String mechanism, String secret) {
    return ", SASL MECHANISMS = '%s', SASL USERNAME = 'sink', SASL PASSWORD = SECRET %s"
        .formatted(mechanism, secret);
  }

  private static String oauth(String secret) {
    return (", SASL MECHANISMS = 'OAUTHBEARER', SASL OAUTHBEARER TOKEN ENDPOINT URL = '%s',"
            + " SASL OAUTHBEARER CLIENT ID = '%s', SASL OAUTHBEARER CLIENT SECRET = SECRET %s")
        .formatted(tokens.tokens(), TokenServer.CLIENT, secret);
  }

  private static JsonNode refused(String options) {
    return node.refused("CREATE CONNECTION refused TO KAFKA (" + options + ")");
  }

  @Test
  void aSinkRunsOverEachKindOfSecurityAndNothingSecretIsToBeSeen() throws IOException {
    Map<String, String> all = connections();
    for (var connection : all.entrySet()) {
      String name = connection.getKey();
      node.sql(
          """
          CREATE CONNECTION %s TO KAFKA (%s);
          CREATE SINK %s_sink FROM shop.orders INTO KAFKA CONNECTION %s (TOPIC '%s') KEY (id)
            FORMAT JSON ENVELOPE UPSERT\
          """
              .formatted(name, connection.getValue(), name, name, name));
    }
    for (String name : all.keySet()) {
      kafka.plain().reader().awaitCommitted(name, 10);
      JsonNode verified =
          Await.until(
              name + " is verified",
              () -> node.ask("VERIFY SINK " + name + "_sink").getLast().path("rows"),
              rows -> rows.toString().contains("result"));
      assertThat(verified.toString()).as(name).contains("[\"result\",\"equal\"]");
    }
    assertThat(tokens.given()).isPositive();
    refusals();

    List<String> shown = new ArrayList<>(LOGGED.lines);
    for (String show : List.of("SECRETS", "CONNECTIONS", "SOURCES", "SINKS", "COMMENTS")) {
      shown.add(node.sql("SHOW " + show).toString());
    }
    for (String name : all.keySet()) {
      shown.add(node.sql("SHOW CREATE CONNECTION " + name).toString());
      shown.add(node.sql("DESCRIBE SINK " + name + "_sink").toString());
    }
    for (String path : List.of("/api/sinks", "/metrics", "/api/health/ready")) {
      shown.add(node.get(path).body());
    }
    try (var files = Files.walk(dir.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        shown.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    String key = certificates.key("client").lines().skip(1).findFirst().orElseThrow();
    for (String secret :
        List.of(SecuredKafka.PLAIN_PASSWORD, SCRAM_256, SCRAM_512, TokenServer.SECRET, key)) {
      assertThat(shown).allSatisfy(text -> assertThat(text).doesNotContain(secret));
    }
  }

  /** What a wrong setting is told as. */
  private static void refusals() {
    String ca = ", SSL CERTIFICATE AUTHORITY = SECRET ca";
    told(refused(broker(Listener.TLS)), "TLS with Kafka failed", "SSL CERTIFICATE AUTHORITY");
    told(refused(broker(Listener.MUTUAL) + ca), "TLS with Kafka failed", "SSL CERTIFICATE");
    String login = broker(Listener.LOGIN) + ", SECURITY PROTOCOL 'SASL_PLAINTEXT'";
    told(refused(login + login("PLAIN", "oauth")), "Kafka refused the login", "SASL PASSWORD");
    told(
        refused(login + login("SCRAM-SHA-256", "plain")),
        "Kafka refused the login",
        "SASL PASSWORD");
    told(refused(login + oauth("plain")), "no token for the login", "SASL OAUTHBEARER");
    String file = login + ", SASL MECHANISMS 'PLAIN', SASL USERNAME 'u', SASL PASSWORD ";
    for (String path : List.of("outside", "allowed/link", "allowed/../outside", "nothing")) {
      told(
          refused(file + "'${file:%s}'".formatted(dir.resolve(path))),
          "this node may not read file",
          "akkasinks.secrets.folders");
    }
    told(
        refused(file + "'${file:%s}'".formatted(dir.resolve("allowed/nothing"))),
        "cannot be read on this node",
        "on each node");
    told(
        refused(file + "'${env:HOME}'"),
        "this node may not read environment variable \"HOME\"",
        "akkasinks.secrets.variables");
  }

  private static void told(JsonNode error, String message, String hint) {
    assertThat(error.path("message").asText()).as(error.toString()).contains(message);
    assertThat(error.path("hint").asText()).as(error.toString()).contains(hint);
  }

  /** All that is logged in this JVM, the node's and its clients' lines. */
  private static final class Logged extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    void attach() {
      Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      setContext(root.getLoggerContext());
      start();
      root.addAppender(this);
    }

    void detach() {
      ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(
          event.getFormattedMessage()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
  }
}
