package akkasinks.cli.local;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cli.embedded.EmbeddedKafka;
import akkasinks.cli.embedded.EmbeddedPostgres;
import akkasinks.cli.embedded.FreePort;
import akkasinks.http.HttpServer;
import akkasinks.pgwire.PgServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes on 127.0.0.1, 127.0.0.2 and so on, with what they need: brokers, each a process, a Postgres
 * as their source and one for their state.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final int REMOTING = 25_520;
  private static final int MANAGEMENT = 8558;

  /** How to end what was started, the newest first. */
  private final Deque<Ending> endings;

  private final List<String> brokers;
  private final EmbeddedPostgres source;
  private final List<LocalNode> nodes;

  /**
   * @param heap of each node
   */
  public record Size(int nodes, int brokers, String heap) {}

  private interface Ending {
    void end() throws Exception;
  }

  private LocalCluster(
      Deque<Ending> endings, List<String> brokers, EmbeddedPostgres source, List<LocalNode> nodes) {
    this.endings = endings;
    this.brokers = List.copyOf(brokers);
    this.source = source;
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Returns when all nodes answer statements.
   *
   * @throws akkasinks.base.FailureException PREREQUISITE if this machine lacks a loopback address;
   *     nothing is left running after any failure
   */
  public static LocalCluster start(Path folder, Size size) throws IOException {
    var hosts = IntStream.rangeClosed(1, size.nodes()).mapToObj(i -> "127.0.0." + i).toList();
    hosts.forEach(LocalCluster::demandAddress);
    Deque<Ending> endings = new ArrayDeque<>();
    try {
      List<Jvm> started = new ArrayList<>();
      for (var seat : EmbeddedKafka.Seat.of(size.brokers())) {
        var broker = broker(folder, seat);
        endings.push(broker::stop);
        started.add(broker);
      }
      var source = EmbeddedPostgres.start(folder.resolve("source"), 0, Map.of());
      endings.push(source::close);
      var state = EmbeddedPostgres.start(folder.resolve("state"), 0, Map.of());
      endings.push(state::close);
      List<String> brokers = new ArrayList<>();
      for (var broker : started) {
        brokers.add(broker.ready());
      }
      List<LocalNode> nodes = new ArrayList<>();
      endings.push(() -> stopAtOnce(nodes));
      var places = IntStream.range(0, hosts.size()).mapToObj(i -> place(i, hosts.get(i))).toList();
      var shared =
          new LocalNode.Shared(
              places,
              "jdbc:postgresql://127.0.0.1:" + state.port() + "/postgres",
              secretsKey(),
              size.heap());
      for (var place : places) {
        nodes.add(LocalNode.start(place, folder.resolve(place.name()), shared));
      }
      for (var node : nodes) {
        node.awaitReady();
      }
      return new LocalCluster(endings, brokers, source, nodes);
    } catch (IOException | RuntimeException | Error e) {
      end(endings);
      throw e;
    }
  }

  /** Where clients of Kafka begin. */
  public List<String> brokers() {
    return brokers;
  }

  public List<LocalNode> nodes() {
    return nodes;
  }

  /** The database that sinks read. */
  public EmbeddedPostgres source() {
    return source;
  }

  private static Jvm broker(Path folder, EmbeddedKafka.Seat seat) throws IOException {
    String name = "broker-" + seat.id();
    return Jvm.start(
        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
        Map.of(),
        folder.resolve(name + ".log"),
        List.of(
            EmbeddedKafka.class.getName(),
            "--dir",
            folder.resolve(name).toString(),
            "--port",
            "0",
            "--seat",
            seat.words()));
  }

  private static String secretsKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  private static LocalNode.Place place(int index, String host) {
    return new LocalNode.Place(
        "node-" + (index + 1),
        host,
        FreePort.preferably(host, REMOTING),
        FreePort.preferably(host, HttpServer.DEFAULT_PORT),
        FreePort.preferably(host, PgServer.DEFAULT_PORT),
        FreePort.preferably(host, MANAGEMENT));
  }

  /** Not one after the other: each would hand its sinks to those that are still there. */
  private static void stopAtOnce(List<LocalNode> nodes) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      nodes.forEach(
          node ->
              executor.submit(
                  () -> {
                    node.stop();
                    return null;
                  }));
    }
  }

  private static void demandAddress(String host) {
    if (!FreePort.canListen(host, 0)) {
      throw Failure.of(Code.PREREQUISITE, "this machine has no address " + host)
          .detail("Each node listens on a loopback address of its own.")
          .hint("On macOS: sudo ifconfig lo0 alias " + host)
          .exception();
    }
  }

  /** Ends all that was started: nodes, databases, brokers. */
  @Override
  public void close() {
    end(endings);
  }

  private static void end(Deque<Ending> endings) {
    while (!endings.isEmpty()) {
      try {
        endings.pop().end();
      } catch (Exception e) {
        // The others shall be ended all the same.
        LOG.warn("a part of the cluster did not end well", e);
      }
    }
  }
}
