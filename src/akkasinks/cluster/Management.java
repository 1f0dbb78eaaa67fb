package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * Pekko Management on a port of its own: who is a member, leave and down, what Cluster Bootstrap
 * asks of a node; and our health, which answers before the node has joined. It ends with the actor
 * system.
 */
final class Management {
  private final Function<HttpRequest, CompletionStage<HttpResponse>> pekko;
  private final Readiness readiness;
  private final Optional<ManagementLogin> login;
  private final WebPages pages;
  private final Materializer materializer;

  private Management(
      ActorSystem<?> system,
      NodeConfig.Management config,
      Readiness readiness,
      Optional<ManagementLogin> login) {
    // Bound here, not by Pekko, so that its routes too are kept from web pages.
    this.pekko =
        PekkoManagement.get(system)
            .getRoutes(settings -> settings.withReadOnly(false))
            .handler(system);
    this.readiness = readiness;
    this.login = login;
    this.pages = WebPages.keptFrom(config.host(), "akkasinks.management.host");
    this.materializer = SystemMaterializer.get(system).materializer();
  }

  /**
   * Listens once it returns.
   *
   * @param login empty if everyone may manage the cluster
   * @throws akkasinks.base.FailureException UNREACHABLE if the port is taken
   */
  static InetSocketAddress start(
      ActorSystem<?> system,
      NodeConfig.Management config,
      Readiness readiness,
      Optional<ManagementLogin> login) {
    Management management = new Management(system, config, readiness, login);
    Function<HttpRequest, CompletionStage<HttpResponse>> handler = management::answer;
    try {
      return Http.get(system)
          .newServerAt(config.host(), config.port())
          .bind(handler)
          .thenApply(ServerBinding::localAddress)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw Failure.of(
              Code.UNREACHABLE,
              "cannot listen for management on " + config.host() + ":" + config.port())
          .detail(String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage()))
          .hint("Does another node run here? Set akkasinks.management.port to another port.")
          .exception(e);
    }
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request) throws Exception {
    Optional<Failure> foreign = pages.foreign(request);
    if (foreign.isPresent()) {
      request.discardEntityBytes(materializer);
      return CompletableFuture.completedFuture(text(403, foreign.get().oneLine()));
    }
    return switch (request.method().value() + " " + request.getUri().getPathString()) {
      case "GET /alive" -> CompletableFuture.completedFuture(text(200, "alive"));
      case "GET /ready" ->
          readiness
              .missing()
              .thenApply(
                  why ->
                      why.map(failure -> text(503, failure.oneLine()))
                          .orElseGet(() -> text(200, "ready")));
      default -> managed(request);
    };
  }

  private CompletionStage<HttpResponse> managed(HttpRequest request) throws Exception {
    if (login.isEmpty()) {
      return pekko.apply(request);
    }
    return login
        .get()
        .admits(request)
        .thenCompose(
            admitted -> {
              if (admitted) {
                return applied(request);
              }
              request.discardEntityBytes(materializer);
              return CompletableFuture.completedFuture(
                  text(401, "only the superuser manages the cluster")
                      .addHeader(
                          RawHeader.create("WWW-Authenticate", "Basic realm=\"akkasinks\"")));
            });
  }

  private CompletionStage<HttpResponse> applied(HttpRequest request) {
    try {
      return pekko.apply(request);
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static HttpResponse text(int status, String line) {
    return HttpResponse.create()
        .withStatus(StatusCodes.get(status))
        .withEntity(ContentTypes.TEXT_PLAIN_UTF8, line + "\n");
  }
}
