package akkasinks.http;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Outcome;
import akkasinks.testing.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The HTTP face over a real socket, with a fake cluster behind it. */
class HttpServerTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** One server for all tests; what is behind it is new for each. */
  private static volatile FakeBackend backend = new FakeBackend();

  private static ActorSystem<Void> system;
  private static HttpServer server;

  @BeforeAll
  static void start() {
    system = ActorSystem.create(Behaviors.empty(), "http-test");
    server =
        HttpServer.start(
                system,
                "127.0.0.1",
                0,
                Optional.empty(),
                new SwitchedBackend(() -> backend),
                InstantSource.fixed(Instant.parse("2026-01-02T03:05:05Z")))
            .toCompletableFuture()
            .join();
  }

  @AfterAll
  static void stop() {
    server.stop().toCompletableFuture().join();
    system.terminate();
    CLIENT.shutdownNow();
  }

  @BeforeEach
  void fresh() {
    backend = new FakeBackend();
  }

  @Test
  void statementsRunInOrderAndAnswerInMaterializesShape() throws Exception {
    backend.answers =
        command ->
            switch (command) {
              case Command.ListSinks list ->
                  new Outcome.Rows(
                      "SELECT 2",
                      List.of("name", "error"),
                      List.of(
                          List.of(Optional.of("a"), Optional.empty()),
                          List.of(Optional.of("b"), Optional.of("broken"))),
                      List.of());
              default ->
                  new Outcome.Done(
                      "DROP SINK",
                      List.of(Notice.of("gone already").detail("why").hint("nothing to do")));
            };

    var response = sql("SHOW SINKS; DROP SINK IF EXISTS a");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(body(response))
        .isEqualTo(
            JSON.readTree(
                """
                {"results": [
                  {"tag": "SELECT 2",
                   "desc": {"columns": [
                     {"name": "name", "type_oid": 25, "type_len": -1, "type_mod": -1},
                     {"name": "error", "type_oid": 25, "type_len": -1, "type_mod": -1}]},
                   "rows": [["a", null], ["b", "broken"]],
                   "notices": []},
                  {"ok": "DROP SINK",
                   "notices": [{"message": "gone already", "severity": "notice",
                                "detail": "why", "hint": "nothing to do"}]}]}
                """));
    assertThat(backend.asked)
        .containsExactly(
            new Command.ListSinks(), new Command.DropSink(new Name("a", 33), true, false));
  }

  @Test
  void theFirstErrorEndsTheRun() throws Exception {
    backend.answers =
        command ->
            new Outcome.Failed(
                Failure.of(Code.UNDEFINED_OBJECT, "unknown sink \"a\"")
                    .detail("d")
                    .hint("h")
                    .at(11));

    var response = sql("DROP SINK a; DROP SINK b");

    assertThat(body(response))
        .isEqualTo(
            JSON.readTree(
                """
                {"results": [{"error": {"message": "unknown sink \\"a\\"", "code": "42704",
                 "detail": "d", "hint": "h", "position": 11}, "notices": []}]}
                """));
    assertThat(backend.asked).hasSize(1);
  }

  @Test
  void aSyntaxErrorLaterInTheTextLetsNothingRun() throws Exception {
    var error = body(sql("SHOW SINKS; DROP SNIK b")).at("/results/0/error");

    assertThat(error.path("code").asText()).isEqualTo("42601");
    assertThat(error.path("position").asInt()).isEqualTo(18);
    assertThat(backend.asked).isEmpty();
  }

  @Test
  void whatTheClusterThrowsIsAnErrorOfTheStatement() throws Exception {
    backend.answers =
        command -> {
          throw Failure.of(Code.BUSY, "the catalog is moving").exception();
        };

    assertThat(body(sql("SHOW SINKS")).at("/results/0/error/message").asText())
        .isEqualTo("the catalog is moving");
  }

  @Test
  void restCreatesTheCommandThatSqlCreates() throws Exception {
    var response =
        post(
            "/api/sinks",
            """
            {"name": "orders_sink", "from": "shop.orders", "connection": "kafka",
             "topic": "orders", "key": ["id"], "envelope": "UPSERT",
             "format": {"name": "JSON", "options": {"bytes": "base64"}},
             "options": {"topic_partition_count": 3, "TOPIC CONFIG": {"cleanup.policy": "compact"}},
             "with": {"commit_interval": "5s", "snapshot": false}}
            """);
    var rest = backend.asked.getFirst();
    sql(
        """
        CREATE SINK orders_sink FROM shop.orders INTO KAFKA CONNECTION kafka
        (TOPIC 'orders', TOPIC PARTITION COUNT 3, TOPIC CONFIG MAP['cleanup.policy' => 'compact'])
        KEY (id) FORMAT JSON (BYTES = 'base64') ENVELOPE UPSERT
        WITH (COMMIT INTERVAL = '5s', SNAPSHOT = false)
        """);

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(withoutPositions(rest)).isEqualTo(withoutPositions(backend.asked.get(1)));
  }

  /** Records print whole; only the places in a statement may differ. */
  private static String withoutPositions(Command command) {
    return command.toString().replaceAll("position=\\d+", "");
  }

  @Test
  void restActsOnTheSinkInTheAddress() throws Exception {
    assertThat(post("/api/sinks/a%20b/pause", "").statusCode()).isEqualTo(200);
    post("/api/sinks/s/resume", "");
    post("/api/sinks/s/resnapshot", "");
    send("DELETE", "/api/sinks/s", "");

    assertThat(backend.asked)
        .containsExactly(
            new Command.PauseSink(Name.of("a b"), false),
            new Command.ResumeSink(Name.of("s"), false),
            new Command.ResnapshotSink(Name.of("s"), false),
            new Command.DropSink(Name.of("s"), false, false));
  }

  @Test
  void sinksAreListedAndDescribedWithWhatIsKnown() throws Exception {
    backend.reports =
        List.of(FakeBackend.report("orders", "running"), FakeBackend.report("b", "stalled"));

    var all = body(send("GET", "/api/sinks", ""));
    var one = body(send("GET", "/api/sinks/orders", ""));

    assertThat(all.path("sinks")).hasSize(2);
    assertThat(one).isEqualTo(all.at("/sinks/0"));
    assertThat(one.path("records_out").asLong()).isEqualTo(90);
    assertThat(one.path("lag_bytes").asLong()).isEqualTo(512);
    assertThat(one.has("retained_wal_bytes")).isFalse();
    assertThat(one.at("/snapshot/estimated_rows").asLong()).isEqualTo(1_000);
  }

  @Test
  void failuresHaveAFittingStatusAndOneShape() throws Exception {
    assertThat(status("GET", "/api/sinks/none", "")).isEqualTo(404);
    assertThat(status("GET", "/nowhere", "")).isEqualTo(404);
    assertThat(status("GET", "/api/sinks/a/b/c", "")).isEqualTo(404);
    assertThat(status("POST", "/api/sinks/a/frob", "")).isEqualTo(404);
    assertThat(status("GET", "/api/sql", "")).isEqualTo(405);
    assertThat(status("PUT", "/api/sinks", "{}")).isEqualTo(405);
    assertThat(status("POST", "/api/sql", "{\"query\": \"SHOW SINKS\"")).isEqualTo(400);
    assertThat(status("POST", "/api/sql", "{\"query\": 5}")).isEqualTo(400);
    assertThat(status("POST", "/api/sql", "")).isEqualTo(400);
    assertThat(status("POST", "/api/sinks", "{\"naem\": \"a\"}")).isEqualTo(400);
    assertThat(backend.asked).isEmpty();
    for (Code code : Code.values()) {
      backend.answers = command -> new Outcome.Failed(Failure.of(code, "no"));
      assertThat(status("DELETE", "/api/sinks/a", ""))
          .as(code.name())
          .isEqualTo(ErrorBody.status(code, true));
    }
    backend.answers = command -> new Outcome.Failed(Failure.of(Code.UNDEFINED_OBJECT, "no"));
    assertThat(status("POST", "/api/sinks", "{\"name\":\"a\",\"from\":\"b\",\"connection\":\"c\"}"))
        .as("a missing connection is no missing page")
        .isEqualTo(400);
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedAndOneBelowIsRead() throws Exception {
    String within = "-- " + "x".repeat(1_000_000) + "\nSHOW SINKS";
    assertThat(body(sql(within)).at("/results/0/ok").asText()).isEqualTo("ListSinks");

    String beyond = "{\"query\": \"" + "x".repeat((int) HttpServer.BODY_LIMIT) + "\"}";
    assertThat(status("POST", "/api/sql", beyond)).isEqualTo(413);
  }

  @Test
  void webPagesOfOthersAreRefused() throws Exception {
    var request = HttpRequest.newBuilder(uri("/api/sql"));
    var plain =
        request.POST(HttpRequest.BodyPublishers.ofString("{\"query\": \"SHOW SINKS\"}")).build();
    assertThat(CLIENT.send(plain, HttpResponse.BodyHandlers.ofString()).statusCode())
        .as("no Content-Type")
        .isEqualTo(400);

    assertThat(raw("GET /api/sinks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET /api/sinks HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(
            raw(
                "GET /api/sinks HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(backend.asked).isEmpty();
  }

  @Test
  void readinessSaysWhyNot() throws Exception {
    assertThat(status("GET", "/api/health/live", "")).isEqualTo(200);
    assertThat(status("GET", "/api/health/ready", "")).isEqualTo(200);
    backend.unready = Optional.of(Failure.of(Code.UNREACHABLE, "the catalog does not answer"));

    var response = send("GET", "/api/health/ready", "");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(body(response).at("/error/message").asText())
        .isEqualTo("the catalog does not answer");
    assertThat(status("GET", "/api/health/live", "")).isEqualTo(200);
  }

  @Test
  void metricsHaveTheirContentType() throws Exception {
    var response = send("GET", "/metrics", "");

    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(
            type -> assertThat(type).startsWithIgnoringCase("text/plain").contains("0.0.4"));
    assertThat(response.body()).contains("akkasinks_sinks 0\n");
  }

  @Test
  void mutatedBodiesGetAnAnswerAndNeverAServerError() {
    byte[] good =
        """
        {"name": "o", "from": "shop.orders", "connection": "k", "topic": "t", "key": ["id"],
         "format": "JSON", "envelope": "UPSERT", "with": {"SNAPSHOT": false}, "query": "SHOW SINKS"}
        """
            .getBytes(StandardCharsets.UTF_8);
    Api api = new Api(backend, InstantSource.system());
    Seeds.forAll(
        400,
        random -> {
          byte[] bad = good.clone();
          for (int i = random.nextInt(8); i >= 0; i--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
          }
          byte[] cut = Arrays.copyOf(bad, random.nextInt(bad.length + 1));
          for (String path : List.of("/api/sinks", "/api/sql")) {
            var answer =
                api.answer(new Api.Request("POST", path, "application/json", cut, Asker.MEMBER))
                    .toCompletableFuture()
                    .join();
            assertThat(answer.status()).isIn(200, 201, 400);
          }
        });
  }

  private static int status(String method, String path, String body) throws Exception {
    var response = send(method, path, body);
    if (response.statusCode() >= 400) {
      assertThat(body(response).at("/error/message").asText()).isNotEmpty();
      assertThat(body(response).at("/error/code").asText()).hasSize(5);
    }
    return response.statusCode();
  }

  private static HttpResponse<String> sql(String query) throws Exception {
    return post("/api/sql", JSON.createObjectNode().put("query", query).toString());
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return send("POST", path, body);
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json; charset=utf-8")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private static JsonNode body(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  /** For headers that the JDK's client does not let through. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
