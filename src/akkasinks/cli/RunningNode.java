package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.ClusterNode;
import akkasinks.cluster.NodeConfig;
import akkasinks.cluster.NodeParts;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.http.Backend;
import akkasinks.http.ClusterBackend;
import akkasinks.http.HttpServer;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** A node with its HTTP front. */
final class RunningNode implements AutoCloseable {
  private final ClusterNode node;
  private final Backend backend;
  private final HttpServer http;

  private RunningNode(ClusterNode node, Backend backend, HttpServer http) {
    this.node = node;
    this.backend = backend;
    this.http = http;
  }

  /** What a node is made of besides the cluster itself. */
  interface Wiring extends NodeParts.Maker {
    /** Carries commands out on {@code node}. */
    Function<Command, CompletionStage<Outcome>> control(ClusterNode node);
  }

  /**
   * Returns once statements are answered.
   *
   * @throws akkasinks.base.FailureException if it cannot start; nothing is left running then
   */
  static RunningNode start(NodeConfig config, Wiring wiring) {
    InstantSource clock = InstantSource.system();
    ClusterNode node = ClusterNode.start(config, wiring, clock, RandomGenerator.getDefault());
    Backend backend = new ClusterBackend(node, wiring.control(node), clock);
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
