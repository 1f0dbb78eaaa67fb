package akkasinks.cli.local;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cli.embedded.EmbeddedKafka;
import akkasinks.cli.embedded.EmbeddedPostgres;
import akkasinks.cli.embedded.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes on 127.0.0.1, 127.0.0.2 and so on, with what they need: brokers, each a process, a Postgres
 * as their source and one for their state.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final int REMOTING = 25_520;

  private final Path folder;
  private final Deque<Ending> endings = new ArrayDeque<>();
  private final List<LocalNode> nodes = new ArrayList<>();
  private List<String> brokers = List.of();
  private @Nullable EmbeddedPostgres source;
  private @Nullable EmbeddedPostgres state;

  /** Ports given to hosts: one may be free twice until somebody listens. */
  private final Set<String> taken = new HashSet<>();

  /**
   * @param flags further ones of the nodes' JVMs
   * @param usualPorts 6875 and 6876 where they are free; else any
   */
  public record Size(int nodes, int brokers, String heap, List<String> flags, boolean usualPorts) {}

  private interface Ending {
    void end() throws Exception;
  }

  private LocalCluster(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns when all nodes answer statements.
   *
   * @throws akkasinks.base.FailureException PREREQUISITE if this machine lacks a loopback address;
   *     nothing is left running after any failure
   */
  public static LocalCluster start(Path folder, Size size) throws IOException {
    var cluster = new LocalCluster(folder);
    try {
      cluster.up(size);
      return cluster;
    } catch (IOException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** Where clients of Kafka begin. */
  public List<String> brokers() {
    return brokers;
  }

  public List<LocalNode> nodes() {
    return List.copyOf(nodes);
  }

  /** The database that sinks read. */
  public EmbeddedPostgres source() {
    return Objects.requireNonNull(source);
  }

  /** The database that holds the cluster's own state. */
  public EmbeddedPostgres state() {
    return Objects.requireNonNull(state);
  }

  private void up(Size size) throws IOException {
    for (int i = 1; i <= size.nodes(); i++) {
      demandAddress(host(i));
    }
    var seats = EmbeddedKafka.Seat.of(size.brokers());
    List<Jvm> started = new ArrayList<>();
    for (var seat : seats) {
      started.add(broker(seat));
    }
    source = opened(EmbeddedPostgres.start(folder.resolve("source"), 0, Map.of()));
    state = opened(EmbeddedPostgres.start(folder.resolve("state"), 0, Map.of()));
    List<String> bootstrap = new ArrayList<>();
    for (int i = 0; i < started.size(); i++) {
      bootstrap.add(started.get(i).ready(brokerLog(seats.get(i))));
    }
    brokers = List.copyOf(bootstrap);
    startNodes(size);
  }

  private Jvm broker(EmbeddedKafka.Seat seat) throws IOException {
    var broker =
        Jvm.start(
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
            Map.of(),
            brokerLog(seat),
            List.of(
                EmbeddedKafka.class.getName(),
                "--dir",
                folder.resolve("broker-" + seat.id()).toString(),
                "--port",
                "0",
                "--seat",
                seat.words()));
    endings.push(broker::stop);
    return broker;
  }

  private Path brokerLog(EmbeddedKafka.Seat seat) {
    return folder.resolve("broker-" + seat.id() + ".log");
  }

  private EmbeddedPostgres opened(EmbeddedPostgres server) {
    endings.push(server::close);
    return server;
  }

  private void startNodes(Size size) throws IOException {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Map<String, String> environment =
        Map.of("AKKASINKS_SECRETS_KEY", Base64.getEncoder().encodeToString(key));
    List<LocalNode.Place> places = new ArrayList<>();
    for (int i = 1; i <= size.nodes(); i++) {
      String host = host(i);
      places.add(
          new LocalNode.Place(
              "node-" + i,
              host,
              port(host, REMOTING, size),
              port(host, 6876, size),
              port(host, 6875, size),
              port(host, 8558, size)));
    }
    List<String> flags = new ArrayList<>(List.of("-Xmx" + size.heap()));
    flags.addAll(size.flags());
    for (var place : places) {
      var node =
          new LocalNode(
              place,
              folder.resolve(place.name()),
              places,
              "jdbc:postgresql://127.0.0.1:" + state().port() + "/postgres",
              flags,
              environment);
      nodes.add(node);
      node.start();
    }
    // All at once: each hands its sinks to those that are still there otherwise.
    endings.push(
        () -> {
          try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            nodes.forEach(
                node ->
                    executor.submit(
                        () -> {
                          node.stop();
                          return null;
                        }));
          }
        });
    for (var node : nodes) {
      node.awaitReady();
    }
  }

  private static String host(int number) {
    return "127.0.0." + number;
  }

  private int port(String host, int usual, Size size) {
    if (size.usualPorts() && canListen(host, usual) && taken.add(host + usual)) {
      return usual;
    }
    return FreePort.next();
  }

  private static boolean canListen(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static void demandAddress(String host) {
    if (!canListen(host, 0)) {
      throw Failure.of(Code.PREREQUISITE, "this machine has no address " + host)
          .detail("Each node listens on a loopback address of its own.")
          .hint("On macOS: sudo ifconfig lo0 alias " + host)
          .exception();
    }
  }

  /** Ends all that was started: nodes, databases, brokers. */
  @Override
  public void close() {
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
