package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.WebPages;
import akkasinks.command.Asker;
import akkasinks.http.Api.Answer;
import akkasinks.http.Api.Request;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * The HTTP front on the network. Web pages of others are refused: a browser on the same machine
 * reaches loopback, too, and sends the passwords that it knows.
 */
public final class HttpServer {
  /** Longest request body. */
  public static final long BODY_LIMIT = 2 << 20;

  /** Where it listens unless configured. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  public static final int DEFAULT_PORT = 6876;

  private static final Duration BODY_WAIT = Duration.ofSeconds(30);
  private static final Duration STOP_WAIT = Duration.ofSeconds(2);

  private final ServerBinding binding;

  private HttpServer(ServerBinding binding) {
    this.binding = binding;
  }

  /**
   * Listens from when the stage completes.
   *
   * @param port 0 for a free one
   * @param tls with the node's certificate; empty for plain HTTP
   */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system,
      String host,
      int port,
      Optional<SSLContext> tls,
      Backend backend,
      InstantSource clock) {
    Materializer materializer = SystemMaterializer.get(system).materializer();
    Api api = new Api(backend, clock);
    HttpLogin login = new HttpLogin(backend.logins());
    WebPages pages = WebPages.keptFrom(host, "akkasinks.http.host");
    // Its type tells the two forms of bind apart.
    org.apache.pekko.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>> handler =
        request -> serve(request, api, login, pages, materializer);
    ServerBuilder server =
        Http.get(system)
            .newServerAt(host, port)
            .withSettings(
                ServerSettings.create(Adapter.toClassic(system)).withRemoteAddressAttribute(true));
    return tls.map(context -> server.enableHttps(ConnectionContext.httpsServer(context)))
        .orElse(server)
        .bind(handler)
        .thenApply(HttpServer::new);
  }

  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Takes no more requests, lets those under way end within two seconds. */
  public CompletionStage<Void> stop() {
    return binding.terminate(STOP_WAIT).thenApply(terminated -> null);
  }

  private static CompletionStage<HttpResponse> serve(
      HttpRequest request, Api api, HttpLogin login, WebPages pages, Materializer materializer) {
    Optional<Failure> foreign = pages.foreign(request);
    if (foreign.isPresent()) {
      request.discardEntityBytes(materializer);
      return CompletableFuture.completedFuture(response(Api.refused(403, foreign.get())));
    }
    return login
        .asker(request)
        .handle(
            (asker, error) -> {
              if (error != null) {
                request.discardEntityBytes(materializer);
                return CompletableFuture.completedFuture(Api.failure(error, false));
              }
              return answer(request, asker, api, materializer);
            })
        .thenCompose(answer -> answer)
        .thenApply(HttpServer::response);
  }

  private static CompletionStage<Answer> answer(
      HttpRequest request, Asker asker, Api api, Materializer materializer) {
    return request
        .entity()
        .withSizeLimit(BODY_LIMIT)
        .toStrict(BODY_WAIT.toMillis(), materializer)
        .thenCompose(body -> api.answer(simple(request, body, asker)))
        .exceptionally(HttpServer::unread);
  }

  private static Request simple(HttpRequest request, HttpEntity.Strict body, Asker asker) {
    boolean none = body.getContentType().equals(ContentTypes.NO_CONTENT_TYPE);
    String type = none ? "" : body.getContentType().mediaType().toString();
    return new Request(
        request.method().value(),
        request.getUri().getPathString(),
        type.toLowerCase(Locale.ROOT),
        body.getData().toArray(),
        asker);
  }

  private static Answer unread(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof EntityStreamSizeException) {
        return Api.refused(
            413,
            Failure.of(Code.LIMIT, "the body is longer than the limit of " + BODY_LIMIT + " bytes")
                .hint("Send the statements in several requests."));
      }
    }
    return Api.refused(400, Failure.of(Code.INVALID_PARAMETER, "the body did not arrive whole"));
  }

  private static HttpResponse response(Answer answer) {
    HttpResponse response =
        HttpResponse.create()
            .withStatus(StatusCodes.get(answer.status()))
            .withEntity(
                ContentTypes.parse(answer.contentType()),
                answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .addHeader(RawHeader.create("Cache-Control", "no-store"))
            .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"));
    if (answer.status() == 401) {
      return response.addHeader(
          RawHeader.create("WWW-Authenticate", "Basic realm=\"akkasinks\", charset=\"UTF-8\""));
    }
    return answer.allow().isEmpty()
        ? response
        : response.addHeader(RawHeader.create("Allow", answer.allow()));
  }
}
