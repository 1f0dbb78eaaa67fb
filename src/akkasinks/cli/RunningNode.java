package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.cluster.NodeConfig;
import akkasinks.cluster.Pem;
import akkasinks.control.Node;
import akkasinks.http.Backend;
import akkasinks.http.HttpServer;
import akkasinks.http.NodeBackend;
import akkasinks.pgwire.PgServer;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A node with its HTTP front and its front for Postgres clients. */
final class RunningNode implements AutoCloseable {
  private final Node node;
  private final Backend backend;
  private final HttpServer http;
  private final PgServer pgwire;

  private RunningNode(Node node, Backend backend, HttpServer http, PgServer pgwire) {
    this.node = node;
    this.backend = backend;
    this.http = http;
    this.pgwire = pgwire;
  }

  /**
   * Returns once statements are answered.
   *
   * @throws akkasinks.base.FailureException if it cannot start; nothing is left running then
   */
  static RunningNode start(NodeConfig config) {
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    Node node = Node.start(config, new InstalledParts(config.state().dir(), random), clock, random);
    Backend backend = new NodeBackend(node, clock);
    try {
      HttpServer http = http(node, backend, config.http(), clock);
      return new RunningNode(
          node,
          backend,
          http,
          PgServer.start(place(config.pgwire()), node.logins(), backend::execute, random));
    } catch (FailureException e) {
      // Takes what listens already with it.
      node.stop();
      throw e;
    }
  }

  private static HttpServer http(
      Node node, Backend backend, NodeConfig.Http config, InstantSource clock) {
    try {
      return HttpServer.start(
              node.system(),
              config.host(),
              config.port(),
              config.tls().map(Pem::context),
              backend,
              clock)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw Failure.of(
              Code.UNREACHABLE, "cannot listen for HTTP on " + config.host() + ":" + config.port())
          .detail(String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage()))
          .hint("Does another node run here? Set akkasinks.http.port to another port.")
          .exception(e);
    }
  }

  private static PgServer.Place place(NodeConfig.Pgwire config) {
    return new PgServer.Place(
        config.host(), config.port(), config.maxConnections(), config.tls(), config.tlsRequired());
  }

  Backend backend() {
    return backend;
  }

  /** Address of the HTTP front. */
  String url() {
    var address = http.address();
    return (node.config().http().tls().isPresent() ? "https://" : "http://")
        + address.getHostString()
        + ":"
        + address.getPort();
  }

  /** Address of the front for Postgres clients. */
  InetSocketAddress pgwire() {
    return pgwire.address();
  }

  /** Address of Pekko Management and the node's health. */
  InetSocketAddress management() {
    return node.management();
  }

  /** As libpq and its tools take it. */
  String pgUrl() {
    return "postgres://" + pgwire().getHostString() + ":" + pgwire().getPort();
  }

  /** Completes when the node has ended, whoever wanted that. */
  CompletionStage<?> whenEnded() {
    return node.whenEnded();
  }

  /** Whether the other nodes have put it out: they could not reach it. */
  boolean wasPutOut() {
    return node.wasPutOut();
  }

  @Override
  public void close() {
    pgwire.close();
    try {
      http.stop().toCompletableFuture().join();
    } catch (CompletionException e) {
      // The system is going down anyway, and takes the socket with it.
    }
    node.stop();
  }
}
