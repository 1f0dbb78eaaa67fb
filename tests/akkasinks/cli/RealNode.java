package akkasinks.cli;

import akkasinks.cluster.NodeConfig;
import akkasinks.cluster.TestNodes;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A whole node with its installed parts in this process, spoken to over HTTP as its users do. */
final class RealNode implements AutoCloseable {
  /** Settings for a sink that a test stalls: it looks again soon. */
  static final Map<String, String> RETRIES_SOON =
      Map.of(
          "akkasinks.sinks.user-retry", "500ms",
          "akkasinks.sinks.backoff-least", "500ms",
          "akkasinks.sinks.backoff-most", "1s");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningNode node;
  private final HttpClient http = HttpClient.newHttpClient();

  private RealNode(RunningNode node) {
    this.node = node;
  }

  /** With state and key below {@code dir}, and {@code settings} over the defaults. */
  static RealNode start(Path dir, Map<String, ?> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("akkasinks.http.port", 0);
    all.put("akkasinks.pgwire.port", 0);
    return new RealNode(
        RunningNode.start(
            NodeConfig.of(ConfigFactory.parseMap(all).withFallback(TestNodes.inDirectory(dir)))));
  }

  /** Where HTTP clients find it. */
  String url() {
    return node.url();
  }

  /** Where Pekko Management answers. */
  String management() {
    var address = node.management();
    return "http://" + address.getHostString() + ":" + address.getPort();
  }

  /** Where Postgres clients find it. */
  InetSocketAddress pgwire() {
    return node.pgwire();
  }

  /** The results, an error as the last of them. */
  List<JsonNode> ask(String sql) {
    HttpResponse<String> answer = post(JSON.createObjectNode().put("query", sql).toString());
    try {
      List<JsonNode> results = new ArrayList<>();
      JSON.readTree(answer.body()).path("results").forEach(results::add);
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpResponse<String> post(String body) {
    return send(
        HttpRequest.newBuilder(URI.create(node.url() + "/api/sql"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(node.url() + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Makes secret {@code pg_password} and connection {@code pg}. */
  void connect(RealPostgres.Database database) {
    sql(
        """
        CREATE SECRET pg_password AS '%s';
        CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s',
          PASSWORD SECRET pg_password, DATABASE '%s')
        """
            .formatted(
                database.password(),
                database.host(),
                database.port(),
                database.user(),
                database.name()));
  }

  /** Makes connection {@code kafka}. */
  void connect(RealKafka kafka) {
    sql(
        "CREATE CONNECTION kafka TO KAFKA (BROKER '%s', SECURITY PROTOCOL = 'PLAINTEXT')"
            .formatted(kafka.bootstrap()));
  }

  /** Makes secret {@code csr_password} and connection {@code csr}. */
  void connect(RealRegistry registry) {
    sql(
        """
        CREATE SECRET csr_password AS '%s';
        CREATE CONNECTION csr TO CONFLUENT SCHEMA REGISTRY (URL '%s', USERNAME = '%s',
          PASSWORD = SECRET csr_password)
        """
            .formatted(RealRegistry.PASSWORD, registry.url(), RealRegistry.USER));
  }

  /** The last statement's result; an error of any of them fails the test. */
  JsonNode sql(String sql) {
    List<JsonNode> results = ask(sql);
    for (JsonNode result : results) {
      if (result.has("error")) {
        throw new AssertionError(sql + "\n" + result.path("error").toPrettyString());
      }
    }
    return results.getLast();
  }

  /** The error that the last statement gives. */
  JsonNode refused(String sql) {
    JsonNode last = ask(sql).getLast();
    if (!last.has("error")) {
      throw new AssertionError("accepted: " + sql);
    }
    return last.path("error");
  }

  /** What a statement shows, by column names. */
  List<Map<String, String>> rows(String sql) {
    JsonNode result = sql(sql);
    List<Map<String, String>> rows = new ArrayList<>();
    for (JsonNode row : result.path("rows")) {
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < row.size(); i++) {
        values.put(
            result.path("desc").path("columns").path(i).path("name").asText(),
            row.path(i).asText());
      }
      rows.add(values);
    }
    return rows;
  }

  /** Names that a SHOW lists, in its order. */
  List<String> names(String show) {
    return rows(show).stream().map(row -> row.getOrDefault("name", "")).toList();
  }

  String state(String sink) {
    return rows("SHOW SINKS").stream()
        .filter(row -> sink.equals(row.get("name")))
        .map(row -> row.getOrDefault("state", ""))
        .findFirst()
        .orElse("");
  }

  boolean ready() {
    return get("/api/health/ready").statusCode() == 200;
  }

  @Override
  public void close() {
    node.close();
    http.close();
  }
}
