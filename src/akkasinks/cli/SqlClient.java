package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.command.Outcome;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A running node, asked over {@code POST /api/sql}. */
final class SqlClient implements AutoCloseable {
  static final String DEFAULT_URL = "http://127.0.0.1:6876";

  private static final Duration CONNECT_WAIT = Duration.ofSeconds(10);
  private static final JsonMapper JSON = new JsonMapper();

  private final String url;
  private final Optional<String> authorization;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_WAIT).build();

  private SqlClient(String url, Optional<String> authorization) {
    this.url = url.replaceFirst("/+$", "");
    this.authorization = authorization;
  }

  /**
   * @param url of the node, without a path
   */
  SqlClient(String url) {
    this(url, Optional.empty());
  }

  /** The node and the role that options and environment name. */
  static SqlClient of(Arguments arguments, Console console) {
    return new SqlClient(
        url(arguments, console),
        Optional.ofNullable(console.environment().get("AKKASINKS_PASSWORD"))
            .map(
                password ->
                    basic(
                        console.environment().getOrDefault("AKKASINKS_USER", "akkasinks"),
                        password)));
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** The address from the option, the environment, or the default. */
  private static String url(Arguments arguments, Console console) {
    return arguments
        .option("--url")
        .or(() -> Optional.ofNullable(console.environment().get("AKKASINKS_URL")))
        .orElse(DEFAULT_URL);
  }

  /**
   * One outcome per statement run; only the last can be a failure.
   *
   * @throws akkasinks.base.FailureException UNREACHABLE if no node answers there
   */
  List<Outcome> run(String sql) throws InterruptedException {
    HttpResponse<String> response = send(JSON.createObjectNode().put("query", sql).toString());
    try {
      JsonNode body = JSON.readTree(response.body());
      if (body.has("error")) {
        return List.of(new Outcome.Failed(failure(body.path("error"))));
      }
      if (!body.path("results").isArray()) {
        throw notOurs(response);
      }
      List<Outcome> outcomes = new ArrayList<>();
      body.path("results").forEach(result -> outcomes.add(outcome(result)));
      return outcomes;
    } catch (JsonProcessingException e) {
      throw notOurs(response);
    }
  }

  private HttpResponse<String> send(String body) throws InterruptedException {
    HttpRequest request;
    try {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(URI.create(url + "/api/sql"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body));
      authorization.ifPresent(header -> builder.header("Authorization", header));
      request = builder.build();
    } catch (IllegalArgumentException e) {
      throw Failure.of(Code.INVALID_PARAMETER, "\"" + url + "\" is no address of a node")
          .hint("An address is like " + DEFAULT_URL + ".")
          .exception(e);
    }
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException | java.net.http.HttpConnectTimeoutException e) {
      throw Failure.of(Code.UNREACHABLE, "no node answers at " + url)
          .hint("Start one with ./akkasinks node, or give another address with --url.")
          .exception(e);
    } catch (IOException e) {
      throw Failure.of(Code.CONNECTION_LOST, "the connection to " + url + " broke")
          .detail("The statement may have been carried out.")
          .exception(e);
    }
  }

  private RuntimeException notOurs(HttpResponse<String> response) {
    return Failure.of(
            Code.UNREACHABLE,
            "what answers at "
                + url
                + " is no AkkaSinks node (status "
                + response.statusCode()
                + ")")
        .hint("Give the node's HTTP address with --url; its port is 6876 by default.")
        .exception();
  }

  private static Outcome outcome(JsonNode result) {
    List<Notice> notices = new ArrayList<>();
    for (JsonNode notice : result.path("notices")) {
      notices.add(
          new Notice(
              notice.path("message").asText(),
              notice.path("detail").asText(),
              notice.path("hint").asText()));
    }
    if (result.has("error")) {
      return new Outcome.Failed(failure(result.path("error")));
    }
    if (result.has("ok")) {
      return new Outcome.Done(result.path("ok").asText(), notices);
    }
    List<String> columns = new ArrayList<>();
    result
        .path("desc")
        .path("columns")
        .forEach(column -> columns.add(column.path("name").asText()));
    List<List<Optional<String>>> rows = new ArrayList<>();
    for (JsonNode row : result.path("rows")) {
      List<Optional<String>> cells = new ArrayList<>();
      row.forEach(c -> cells.add(c.isNull() ? Optional.empty() : Optional.of(c.asText())));
      rows.add(cells);
    }
    return new Outcome.Rows(result.path("tag").asText(), columns, rows, notices);
  }

  private static Failure failure(JsonNode error) {
    String state = error.path("code").asText();
    Code code =
        Arrays.stream(Code.values())
            .filter(known -> known.sqlState().equals(state))
            .findFirst()
            .orElse(Code.INTERNAL);
    return Failure.of(code, error.path("message").asText())
        .detail(error.path("detail").asText())
        .hint(error.path("hint").asText())
        .at(error.path("position").asInt());
  }

  @Override
  public void close() {
    // Not close(): it waits for idle connections, and the answer has been read.
    http.shutdownNow();
  }
}
