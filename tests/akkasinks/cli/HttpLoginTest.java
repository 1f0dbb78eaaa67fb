package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Certificates;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Logins over HTTPS, against a whole node whose superuser's password is in a file. */
final class HttpLoginTest {
  private static final String SUPER = "correct horse";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();
  @TempDir static Path dir;
  private static RealNode node;
  private static HttpClient http;

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    LOGGED.start();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(LOGGED);
    Certificates certificates = Certificates.in(dir);
    node =
        RealNode.start(
            dir,
            Map.of(
                "akkasinks.auth.required", true,
                "akkasinks.auth.password-file",
                    certificates.file("password", SUPER + "\n").toString(),
                "akkasinks.http.tls.certificate",
                    certificates.file("cert.pem", certificates.certificate("server")).toString(),
                "akkasinks.http.tls.key",
                    certificates.file("key.pem", certificates.key("server")).toString()));
    http = HttpClient.newBuilder().sslContext(trusting(certificates.authority())).build();
  }

  @AfterAll
  static void stop() {
    node.close();
    http.close();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(LOGGED);
  }

  private static SSLContext trusting(String authority)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void onlyHealthIsForAll() {
    assertThat(node.url()).startsWith("https://");
    assertThat(get("/api/health/live", "").statusCode()).isEqualTo(200);
    assertThat(get("/api/health/ready", "").statusCode()).isEqualTo(200);
    for (String path : new String[] {"/api/sinks", "/metrics", "/", "/api/health/live/x"}) {
      HttpResponse<String> answer = get(path, "");
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .hasValue("Basic realm=\"akkasinks\", charset=\"UTF-8\"");
    }
  }

  @Test
  void aWrongPasswordIsRefusedAgainAndAgainAndTheRightOneTaken() {
    sql(basic("akkasinks", SUPER), "CREATE ROLE ann LOGIN PASSWORD 'näch'");

    for (int i = 0; i < 3; i++) {
      assertThat(get("/api/sinks", basic("ann", "näch")).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = get("/api/sinks", basic("ann", "nacht"));
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body())
          .contains("password authentication failed for user \\\"ann\\\"", "28P01");
    }
    for (String broken :
        new String[] {
          "Basic", "Basic %%%hunter", "Basic YW5u", "Digest x", "Bearer ", "Bearer u1.9.x"
        }) {
      assertThat(get("/api/sinks", broken).statusCode()).as(broken).isEqualTo(401);
    }
    assertThat(LOGGED.list.toString()).contains("ann").doesNotContain("hunter");
  }

  @Test
  void aChangedPasswordAndALostLoginHoldForTheNextRequest() {
    sql(basic("akkasinks", SUPER), "CREATE ROLE bob LOGIN PASSWORD 'one'");
    String token = token("bob", "one");
    assertThat(get("/metrics", "Bearer " + token).statusCode()).isEqualTo(200);

    sql(basic("akkasinks", SUPER), "ALTER ROLE bob PASSWORD 'two'");
    assertThat(get("/metrics", "Bearer " + token).statusCode()).isEqualTo(401);
    assertThat(get("/metrics", basic("bob", "one")).statusCode()).isEqualTo(401);
    assertThat(get("/metrics", basic("bob", "two")).statusCode()).isEqualTo(200);
    String newer = token("bob", "two");

    sql(basic("akkasinks", SUPER), "ALTER ROLE bob NOLOGIN");
    assertThat(get("/metrics", "Bearer " + newer).statusCode()).isEqualTo(401);
    assertThat(get("/metrics", basic("bob", "two")).body()).contains("not permitted to log in");
  }

  @Test
  void aTokenIsNobodyElsesAndNoLonger() {
    sql(basic("akkasinks", SUPER), "CREATE ROLE cid LOGIN PASSWORD 'c'");
    String token = token("cid", "c");
    String[] parts = token.split("\\.", 3);

    assertThat(get("/api/sinks", "Bearer " + token).statusCode()).isEqualTo(200);
    for (String forged :
        new String[] {
          "u0." + parts[1] + "." + parts[2],
          parts[0] + "." + (Long.parseLong(parts[1]) + 1) + "." + parts[2],
          parts[0] + "." + parts[1] + "." + "A".repeat(43),
        }) {
      assertThat(get("/api/sinks", "Bearer " + forged).statusCode()).isEqualTo(401);
    }
    assertThat(error(sql("Bearer " + token, "CREATE ROLE eve")))
        .isEqualTo("permission denied to create role");
  }

  /** REST and SQL end in one place, and so do their rights. */
  @Test
  void aRoleMayDoOverHttpWhatItMayInSql() {
    sql(basic("akkasinks", SUPER), "CREATE ROLE dan LOGIN PASSWORD 'd'; CREATE SECRET s AS 'x'");

    assertThat(error(sql(basic("dan", "d"), "ALTER SECRET s AS 'y'")))
        .isEqualTo("must be owner of secret \"s\"");
    HttpResponse<String> denied =
        send(
            request("/api/sinks", basic("dan", "d"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        {"name": "o", "from": "shop.orders", "connection": "kafka",
                         "topic": "o", "format": "json", "envelope": "upsert"}
                        """)));
    assertThat(denied.statusCode()).as(denied.body()).isEqualTo(403);
    assertThat(denied.body()).contains("permission denied for schema", "42501");
  }

  @Test
  void onlyTheSuperuserManagesTheCluster() {
    sql(basic("akkasinks", SUPER), "CREATE ROLE fay SUPERUSER LOGIN PASSWORD 'f'");
    String members = node.management() + "/cluster/members";

    assertThat(sent(node.management() + "/alive", "").statusCode()).isEqualTo(200);
    assertThat(sent(members, "").statusCode()).isEqualTo(401);
    assertThat(sent(members, basic("akkasinks", "wrong")).statusCode()).isEqualTo(401);
    assertThat(sent(members, basic("fay", "f")).statusCode()).isEqualTo(401);
    assertThat(sent(members, basic("akkasinks", SUPER)).body()).contains("\"status\":\"Up\"");
  }

  private static HttpResponse<String> sent(String address, String authorization) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address));
    return send(authorization.isEmpty() ? builder : builder.header("Authorization", authorization));
  }

  private static String token(String user, String password) {
    HttpResponse<String> answer =
        send(
            request("/api/token", basic(user, password)).POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).path("token").asText();
  }

  private static JsonNode sql(String authorization, String sql) {
    HttpResponse<String> answer =
        send(
            request("/api/sql", authorization)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        JSON.createObjectNode().put("query", sql).toString())));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).path("results").path(0);
  }

  private static String error(JsonNode result) {
    return result.path("error").path("message").asText();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  private static HttpResponse<String> get(String path, String authorization) {
    return send(request(path, authorization));
  }

  private static HttpRequest.Builder request(String path, String authorization) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(node.url() + path));
    return authorization.isEmpty() ? builder : builder.header("Authorization", authorization);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
