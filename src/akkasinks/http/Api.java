package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Outcome;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its answer, whatever carries them: {@link HttpServer} puts it on the network.
 * Every answer but metrics is JSON; every failure has the body {@code {"error": {…}}}.
 */
final class Api {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final String JSON_TYPE = "application/json";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @param path as sent, still percent-encoded, without the query
   * @param asker who has logged in
   * @param contentType of the body, without parameters and in lower case; empty if there is none
   */
  record Request(String method, String path, String contentType, byte[] body, Asker asker) {}

  /**
   * @param allow methods for a 405, else empty
   */
  record Answer(int status, String contentType, String body, String allow) {}

  private final Backend backend;
  private final InstantSource clock;

  Api(Backend backend, InstantSource clock) {
    this.backend = backend;
    this.clock = clock;
  }

  /** Never fails, and never throws. */
  CompletionStage<Answer> answer(Request request) {
    CompletionStage<Answer> answer;
    try {
      answer = route(request, segments(request.path()));
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.exceptionally(error -> failure(error, false));
  }

  private CompletionStage<Answer> route(Request request, List<String> path) {
    if (path.size() >= 2 && path.get(0).equals("api") && path.get(1).equals("sinks")) {
      return sinks(request, path.subList(2, path.size()));
    }
    if (path.size() == 5 && path.subList(0, 3).equals(List.of("api", "cluster", "nodes"))) {
      return node(request, path.get(3), path.get(4));
    }
    return switch (String.join("/", path)) {
      case "api/cluster" -> only("GET", request, this::cluster);
      case "metrics" -> only("GET", request, this::metrics);
      case "api/sql" ->
          only(
              "POST",
              request,
              () ->
                  new SqlApi(command -> backend.execute(command, request.asker()))
                      .run(json(request))
                      .thenApply(body -> answer(200, body)));
      case "api/token" -> only("POST", request, () -> token(request));
      case "api/health/live" ->
          only(
              "GET", request, () -> CompletableFuture.completedFuture(answer(200, status("live"))));
      case "api/health/ready" -> only("GET", request, this::ready);
      default -> CompletableFuture.completedFuture(notFound(request));
    };
  }

  private CompletionStage<Answer> sinks(Request request, List<String> path) {
    return switch (path.size()) {
      case 0 ->
          switch (request.method()) {
            case "GET" -> list();
            case "POST" -> act(request, SinkRequest.parse(json(request)), 201, false);
            default -> wrongMethod(request, "GET, POST");
          };
      case 1 ->
          switch (request.method()) {
            case "GET" -> describe(path.getFirst());
            case "DELETE" ->
                act(
                    request,
                    new Command.DropSink(Name.of(path.getFirst()), false, false),
                    200,
                    true);
            default -> wrongMethod(request, "GET, DELETE");
          };
      case 2 -> {
        Name name = Name.of(path.getFirst());
        Optional<Command> command =
            switch (path.get(1)) {
              case "pause" -> Optional.of(new Command.PauseSink(name, false));
              case "resume" -> Optional.of(new Command.ResumeSink(name, false));
              case "resnapshot" -> Optional.of(new Command.ResnapshotSink(name, false));
              case "move" -> Optional.of(move(request, name));
              case "verify" -> Optional.of(new Command.VerifySink(name));
              default -> Optional.empty();
            };
        yield command.isEmpty()
            ? CompletableFuture.completedFuture(notFound(request))
            : only("POST", request, () -> act(request, command.get(), 200, true));
      }
      default -> CompletableFuture.completedFuture(notFound(request));
    };
  }

  private CompletionStage<Answer> node(Request request, String node, String act) {
    return act.equals("drain")
        ? only("POST", request, () -> act(request, new Command.DrainNode(node), 200, true))
        : CompletableFuture.completedFuture(notFound(request));
  }

  private CompletionStage<Answer> cluster() {
    return backend
        .nodes()
        .thenApply(
            nodes -> {
              ObjectNode body = JSON.createObjectNode();
              ArrayNode all = body.putArray("nodes");
              nodes.forEach(node -> all.add(node.json()));
              return answer(200, body);
            });
  }

  private CompletionStage<Answer> list() {
    return backend
        .sinks()
        .thenApply(
            sinks -> {
              ObjectNode body = JSON.createObjectNode();
              ArrayNode all = body.putArray("sinks");
              sinks.forEach(sink -> all.add(SinkBody.of(sink)));
              return answer(200, body);
            });
  }

  private CompletionStage<Answer> describe(String name) {
    return backend
        .sinks()
        .thenApply(
            sinks ->
                sinks.stream()
                    .filter(sink -> sink.name().equals(name))
                    .findFirst()
                    .map(sink -> answer(200, SinkBody.of(sink)))
                    .orElseGet(() -> failure(unknownSink(name).exception(), true)));
  }

  private static Failure unknownSink(String name) {
    return Failure.of(Code.UNDEFINED_OBJECT, "unknown sink \"" + name + "\"")
        .hint("GET /api/sinks lists those there are.");
  }

  private CompletionStage<Answer> token(Request request) {
    return backend
        .logins()
        .token(request.asker())
        .thenApply(
            token ->
                answer(
                    200,
                    JSON.createObjectNode()
                        .put("token", token.text())
                        .put("expires_in", token.seconds())));
  }

  private CompletionStage<Answer> act(
      Request request, Command command, int success, boolean addressed) {
    return backend
        .execute(command, request.asker())
        .thenApply(
            outcome ->
                switch (outcome) {
                  case Outcome.Done done -> {
                    ObjectNode body = JSON.createObjectNode();
                    body.put("ok", done.tag());
                    body.set("notices", ErrorBody.of(done.notices()));
                    yield answer(success, body);
                  }
                  case Outcome.Rows rows -> answer(success, SqlApi.table(rows));
                  case Outcome.Failed failed -> failure(failed.failure().exception(), addressed);
                });
  }

  /** The body is {@code {"to": "host:port"}}. */
  private static Command move(Request request, Name name) {
    JsonNode to = json(request).path("to");
    if (!to.isTextual()) {
      throw Failure.of(Code.INVALID_PARAMETER, "the body lacks \"to\", the address of a node")
          .hint("GET /api/cluster lists the nodes.")
          .exception();
    }
    return new Command.MoveSink(name, to.asText());
  }

  private CompletionStage<Answer> ready() {
    return backend
        .unready()
        .exceptionally(error -> Optional.of(FailureException.of(error)))
        .thenApply(
            why -> {
              if (why.isEmpty()) {
                return answer(200, status("ready"));
              }
              ObjectNode body = status("not ready");
              body.set("error", ErrorBody.of(why.get()));
              return answer(503, body);
            });
  }

  private CompletionStage<Answer> metrics() {
    return backend
        .sinks()
        .thenApply(
            sinks ->
                new Answer(200, Metrics.CONTENT_TYPE, Metrics.text(sinks, clock.instant()), ""));
  }

  private static ObjectNode status(String status) {
    return JSON.createObjectNode().put("status", status);
  }

  private interface Handler {
    CompletionStage<Answer> handle();
  }

  private static CompletionStage<Answer> only(String method, Request request, Handler handler) {
    return request.method().equals(method) ? handler.handle() : wrongMethod(request, method);
  }

  private static CompletionStage<Answer> wrongMethod(Request request, String allowed) {
    Failure failure =
        Failure.of(
            Code.INVALID_PARAMETER,
            request.path() + " does not take " + request.method() + ", only " + allowed);
    return CompletableFuture.completedFuture(
        new Answer(405, JSON_TYPE, error(failure).toString(), allowed));
  }

  private static Answer notFound(Request request) {
    Failure failure =
        Failure.of(Code.UNDEFINED_OBJECT, "there is nothing at " + request.path())
            .hint(
                "See /api/sql, /api/sinks, /api/cluster, /api/token, /api/health/live,"
                    + " /api/health/ready and /metrics.");
    return answer(404, error(failure));
  }

  static Answer failure(Throwable error, boolean addressed) {
    Failure failure = FailureException.of(error);
    if (failure.code() == Code.INTERNAL) {
      LOG.error("a request failed", error);
    }
    return answer(ErrorBody.status(failure.code(), addressed), error(failure));
  }

  static Answer refused(int status, Failure failure) {
    return answer(status, error(failure));
  }

  private static ObjectNode error(Failure failure) {
    return JSON.createObjectNode().set("error", ErrorBody.of(failure));
  }

  private static Answer answer(int status, JsonNode body) {
    return new Answer(status, JSON_TYPE, body.toString(), "");
  }

  /** Asking for the JSON type keeps web pages of others out: a browser asks before it sends it. */
  private static JsonNode json(Request request) {
    if (!request.contentType().equals(JSON_TYPE)) {
      throw Failure.of(
              Code.INVALID_PARAMETER,
              "the body's Content-Type is "
                  + (request.contentType().isEmpty() ? "missing" : request.contentType())
                  + ", not application/json")
          .hint("Send the header Content-Type: application/json.")
          .exception();
    }
    try {
      JsonNode body = JSON.readTree(request.body());
      if (body.isMissingNode()) {
        throw Failure.of(Code.INVALID_PARAMETER, "the body is empty").exception();
      }
      return body;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw Failure.of(
              Code.INVALID_PARAMETER,
              "the body is not JSON"
                  + (at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr()))
          .exception(e);
    } catch (java.io.IOException e) {
      throw Failure.of(Code.INVALID_PARAMETER, "the body is not text in UTF-8").exception(e);
    }
  }

  private static List<String> segments(String path) {
    try {
      return Arrays.stream(path.split("/"))
          .filter(segment -> !segment.isEmpty())
          // A plus is itself in a path; the decoder is one for forms.
          .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
          .toList();
    } catch (IllegalArgumentException e) {
      throw Failure.of(Code.INVALID_PARAMETER, "the path has a broken percent escape").exception(e);
    }
  }
}
