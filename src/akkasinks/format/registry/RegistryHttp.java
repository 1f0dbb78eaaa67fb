package akkasinks.format.registry;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Requests to one registry; what is no answer of its own becomes a failure here. */
final class RegistryHttp implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int SHOWN = 500;

  private final RegistrySettings settings;
  private final Optional<HttpWay> way;
  private final HttpClient client;

  /**
   * @param body missing if it is not JSON
   */
  record Answer(int status, JsonNode body) {
    /** What the registry says is wrong. */
    String message() {
      String text = body.path("message").asText("");
      return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
  }

  RegistryHttp(RegistrySettings settings) {
    this.settings = settings;
    // Redirects are not followed: they would carry the password to wherever they point.
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(settings.tls().context());
    this.way = settings.way().map(HttpWay::new);
    way.ifPresent(leads -> builder.proxy(ProxySelector.of(leads.address())));
    this.client = builder.build();
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer post(String path, JsonNode body) {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  Answer put(String path, JsonNode body) {
    return send(request(path).PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(URI.create(settings.url() + path))
            .timeout(ANSWER)
            .header("Accept", MEDIA_TYPE + ", application/json")
            .header("Content-Type", MEDIA_TYPE);
    settings
        .username()
        .map(user -> user + ":" + settings.password().orElse(""))
        .map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
        .ifPresent(credentials -> request.header("Authorization", "Basic " + credentials));
    return request;
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      var answer = new Answer(response.statusCode(), parsed(response.body()));
      return switch (response.statusCode()) {
        case 401 ->
            throw refused(Code.AUTHENTICATION, "takes no login with these credentials", answer);
        case 403 -> throw refused(Code.PRIVILEGE, "does not allow this user to do that", answer);
        case 429, 500, 502, 503, 504 ->
            throw refused(
                Code.UNREACHABLE, "cannot answer now (HTTP " + answer.status() + ")", answer);
        default -> answer;
      };
    } catch (IOException e) {
      throw unreachable(e).exception(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(Code.UNREACHABLE, "the call to the schema registry was interrupted")
          .exception(e);
    }
  }

  private static JsonNode parsed(String body) {
    try {
      return Optional.ofNullable(JSON.readTree(body)).orElse(MissingNode.getInstance());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private FailureException refused(Code code, String what, Answer answer) {
    String hint =
        switch (code) {
          case AUTHENTICATION -> "Check USERNAME and PASSWORD of the connection.";
          case PRIVILEGE ->
              "A sink reads, registers and compares schemas, and sets levels if asked.";
          default -> "";
        };
    return Failure.of(code, "the schema registry at %s %s".formatted(settings.url(), what))
        .detail(answer.message())
        .hint(hint)
        .exception();
  }

  private Failure unreachable(IOException error) {
    String at = settings.url();
    return switch (error) {
      case SSLException e ->
          Failure.of(Code.UNREACHABLE, "no TLS with the schema registry at " + at)
              .detail(reason(e))
              .hint(
                  "Check SSL CERTIFICATE AUTHORITY, and that the URL names the host that the"
                      + " certificate is for.");
      case HttpConnectTimeoutException _, ConnectException _ ->
          Failure.of(Code.UNREACHABLE, "cannot connect to the schema registry at " + at)
              .detail(reason(error))
              .hint("Does it run there, and can this node reach it?");
      case HttpTimeoutException _ ->
          Failure.of(
              Code.UNREACHABLE,
              "the schema registry at %s did not answer within %d s"
                  .formatted(at, ANSWER.toSeconds()));
      default ->
          Failure.of(Code.UNREACHABLE, "the connection to the schema registry at " + at + " failed")
              .detail(reason(error));
    };
  }

  private static String reason(Throwable error) {
    for (var at = error; at != null; at = at.getCause()) {
      var message = at.getMessage();
      if (message != null && !message.isBlank()) {
        return message;
      }
    }
    return error instanceof ConnectException
        ? "connection refused"
        : error.getClass().getSimpleName();
  }

  /** An answer that Confluent's API does not have: most often another server's. */
  Failure unexpected(Answer answer, String what) {
    return Failure.of(
            Code.UNREACHABLE,
            "the schema registry at %s gave an unexpected answer (HTTP %d) to %s"
                .formatted(settings.url(), answer.status(), what))
        .detail(answer.message())
        .hint("URL must be the base of a registry with Confluent's API.");
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
    way.ifPresent(HttpWay::close);
  }
}
