package akkasinks.cli.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker (KRaft) on loopback: alone, or one of a quorum.
 *
 * <p>The same data directory and port started again hold the same topics. A fatal fault inside a
 * broker halts its JVM, so whatever kills brokers runs {@link #main} as a process of its own.
 *
 * <p>Listeners: {@code CLIENT} for users, {@code INTERNAL} and {@code CONTROLLER} for the broker
 * itself, so that security or a fault on the first never touches the others. Overriding {@code
 * listener.security.protocol.map} puts SASL or TLS on {@code CLIENT}; {@code listeners+}, {@code
 * advertised.listeners+} and {@code listener.security.protocol.map+} add listeners.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  /**
   * A second listener, {@code TUNNEL}: it listens on one port and tells its clients another one, at
   * which a proxy must forward to the first.
   *
   * @param listenPort where the broker listens
   * @param advertisedPort where clients are told to connect
   */
  public record Tunnel(int listenPort, int advertisedPort) {}

  /**
   * A broker's place in a quorum, each member of which is broker and controller.
   *
   * @param id of the broker, one of {@code controllers}
   * @param controllers the controller's port of each broker
   */
  public record Seat(int id, String clusterId, SortedMap<Integer, Integer> controllers) {
    /** Of a broker that is a quorum by itself. */
    static Seat alone() {
      return of(1).getFirst();
    }

    /** The seats of a new quorum. */
    public static List<Seat> of(int brokers) {
      SortedMap<Integer, Integer> controllers = new TreeMap<>();
      for (int id = 1; id <= brokers; id++) {
        controllers.put(id, FreePort.next());
      }
      String clusterId = Uuid.randomUuid().toString();
      return controllers.keySet().stream().map(id -> new Seat(id, clusterId, controllers)).toList();
    }

    private String voters() {
      return controllers.entrySet().stream()
          .map(each -> each.getKey() + "@" + LOOPBACK + ":" + each.getValue())
          .collect(Collectors.joining(","));
    }

    /** As {@link #main} takes it: {@code id clusterId port port …}. */
    public String words() {
      return id
          + " "
          + clusterId
          + controllers.values().stream().map(port -> " " + port).collect(Collectors.joining());
    }

    static Seat parse(String words) {
      String[] parts = words.split(" ");
      SortedMap<Integer, Integer> controllers = new TreeMap<>();
      for (int i = 2; i < parts.length; i++) {
        controllers.put(i - 1, Integer.parseInt(parts[i]));
      }
      return new Seat(Integer.parseInt(parts[0]), parts[1], controllers);
    }
  }

  private final KafkaRaftServer server;
  private final String bootstrap;

  private EmbeddedKafka(KafkaRaftServer server, String bootstrap) {
    this.server = server;
    this.bootstrap = bootstrap;
  }

  /** Starts a broker on {@code port}, or on a free one if it is 0. */
  public static EmbeddedKafka start(Path dataDir, int port, Map<String, String> overrides)
      throws IOException {
    return start(dataDir, port, overrides, Optional.empty());
  }

  /** Starts a broker that is also reachable through a tunnel. */
  public static EmbeddedKafka start(
      Path dataDir, int port, Map<String, String> overrides, Optional<Tunnel> tunnel)
      throws IOException {
    return start(dataDir, port, overrides, tunnel, Seat.alone());
  }

  private static EmbeddedKafka start(
      Path dataDir, int port, Map<String, String> overrides, Optional<Tunnel> tunnel, Seat seat)
      throws IOException {
    int clientPort = port == 0 ? FreePort.next() : port;
    Files.createDirectories(dataDir);
    Map<String, String> settings = settings(dataDir, clientPort, tunnel, seat);
    overrides.forEach((key, value) -> override(settings, key, value));
    format(dataDir, seat);
    Properties properties = new Properties();
    properties.putAll(settings);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedKafka(server, LOOPBACK + ":" + clientPort);
  }

  /** What clients of the {@code CLIENT} listener connect to: host and port. */
  public String bootstrap() {
    return bootstrap;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static Map<String, String> settings(
      Path dataDir, int clientPort, Optional<Tunnel> tunnel, Seat seat) {
    int internalPort = FreePort.next();
    int controllerPort = seat.controllers().getOrDefault(seat.id(), 0);
    int brokers = seat.controllers().size();
    String replicas = Integer.toString(Math.min(brokers, 3));
    String inSync = brokers < 3 ? "1" : "2";
    String advertised = address("CLIENT", clientPort) + "," + address("INTERNAL", internalPort);
    String listeners = advertised + "," + address("CONTROLLER", controllerPort);
    if (tunnel.isPresent()) {
      listeners += "," + address("TUNNEL", tunnel.get().listenPort());
      advertised += "," + address("TUNNEL", tunnel.get().advertisedPort());
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(seat.id()));
    settings.put("controller.quorum.voters", seat.voters());
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("inter.broker.listener.name", "INTERNAL");
    settings.put("listeners", listeners);
    settings.put("advertised.listeners", advertised);
    settings.put(
        "listener.security.protocol.map",
        "CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,TUNNEL:PLAINTEXT");
    settings.put("log.dirs", dataDir.toAbsolutePath().toString());

    settings.put("offsets.topic.replication.factor", replicas);
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", replicas);
    settings.put("transaction.state.log.min.isr", inSync);
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", replicas);
    settings.put("share.coordinator.state.topic.min.isr", inSync);
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    settings.put("default.replication.factor", replicas);
    settings.put("min.insync.replicas", inSync);
    settings.put("group.initial.rebalance.delay.ms", "0");
    // A misspelt topic shall fail, not appear.
    settings.put("auto.create.topics.enable", "false");
    // The default of 128 MiB does not fit into a small heap.
    settings.put("log.cleaner.dedupe.buffer.size", "4194304");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    // A killed broker is refused under its own id until its old session has run out.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    return settings;
  }

  /** A key that ends in + adds to a list: {@code listeners+} brings further listeners. */
  private static void override(Map<String, String> settings, String key, String value) {
    if (key.endsWith("+")) {
      settings.merge(key.substring(0, key.length() - 1), value, (all, more) -> all + "," + more);
    } else {
      settings.put(key, value);
    }
  }

  private static String address(String listener, int port) {
    return listener + "://" + LOOPBACK + ":" + port;
  }

  private static void format(Path dataDir, Seat seat) throws IOException {
    if (Files.exists(dataDir.resolve("meta.properties"))) {
      return;
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    String directory = dataDir.toAbsolutePath().toString();
    try {
      new Formatter()
          .setNodeId(seat.id())
          .setClusterId(seat.clusterId())
          .addDirectory(directory)
          .setMetadataLogDirectory(directory)
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setIgnoreFormatted(true)
          .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8))
          .run();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(
          "cannot format a Kafka data directory: " + said.toString(StandardCharsets.UTF_8), e);
    }
  }

  /**
   * Runs a broker as a process: {@code --dir D --port P [--set key=value]… [--tunnel listen:told]
   * [--seat words]}. It prints one line, {@code READY host:port}, and ends when its standard input
   * is closed, so that it never outlives whoever started it.
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    // Nothing but the READY line may appear where the parent reads.
    System.setOut(System.err);
    Path dir = null;
    int port = 0;
    Map<String, String> overrides = new HashMap<>();
    Optional<Tunnel> tunnel = Optional.empty();
    Seat seat = Seat.alone();
    for (int i = 0; i + 1 < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--dir" -> dir = Path.of(value);
        case "--port" -> port = Integer.parseInt(value);
        case "--set" -> {
          int equals = value.indexOf('=');
          overrides.put(value.substring(0, equals), value.substring(equals + 1));
        }
        case "--tunnel" -> {
          int colon = value.indexOf(':');
          tunnel =
              Optional.of(
                  new Tunnel(
                      Integer.parseInt(value.substring(0, colon)),
                      Integer.parseInt(value.substring(colon + 1))));
        }
        case "--seat" -> seat = Seat.parse(value);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    if (dir == null) {
      throw new IllegalArgumentException("--dir is missing");
    }
    try (EmbeddedKafka kafka = start(dir, port, overrides, tunnel, seat)) {
      out.println("READY " + kafka.bootstrap());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    System.exit(0);
  }
}
