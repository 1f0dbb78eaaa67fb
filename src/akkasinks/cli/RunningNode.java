package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.NodeConfig;
import akkasinks.control.Node;
import akkasinks.http.Backend;
import akkasinks.http.HttpServer;
import akkasinks.http.NodeBackend;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;

/** A node with its HTTP front. */
final class RunningNode implements AutoCloseable {
  private final Node node;
  private final Backend backend;
  private final HttpServer http;

  private RunningNode(Node node, Backend backend, HttpServer http) {
    this.node = node;
    this.backend = backend;
    this.http = http;
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
    String host = config.http().host();
    int port = config.http().port();
    try {
      HttpServer http =
          HttpServer.start(node.system(), host, port, backend, clock).toCompletableFuture().join();
      return new RunningNode(node, backend, http);
    } catch (CompletionException e) {
      node.stop();
      throw Failure.of(Code.UNREACHABLE, "cannot listen for HTTP on " + host + ":" + port)
          .detail(String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage()))
          .hint("Does another node run here? Set akkasinks.http.port to another port.")
          .exception(e);
    }
  }

  Backend backend() {
    return backend;
  }

  /** Address of the HTTP front. */
  String url() {
    var address = http.address();
    return "http://" + address.getHostString() + ":" + address.getPort();
  }

  @Override
  public void close() {
    try {
      http.stop().toCompletableFuture().join();
    } catch (CompletionException e) {
      // The system is going down anyway, and takes the socket with it.
    }
    node.stop();
  }
}
