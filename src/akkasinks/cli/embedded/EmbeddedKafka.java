package akkasinks.cli.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real one-node Kafka (KRaft) on loopback.
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
    int clientPort = port == 0 ? FreePort.next() : port;
    Files.createDirectories(dataDir);
    Map<String, String> settings = settings(dataDir, clientPort, tunnel);
    overrides.forEach((key, value) -> override(settings, key, value));
    format(dataDir);
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
      Path dataDir, int clientPort, Optional<Tunnel> tunnel) {
    int internalPort = FreePort.next();
    int controllerPort = FreePort.next();
    String advertised = address("CLIENT", clientPort) + "," + address("INTERNAL", internalPort);
    String listeners = advertised + "," + address("CONTROLLER", controllerPort);
    if (tunnel.isPresent()) {
      listeners += "," + address("TUNNEL", tunnel.get().listenPort());
      advertised += "," + address("TUNNEL", tunnel.get().advertisedPort());
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@" + LOOPBACK + ":" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("inter.broker.listener.name", "INTERNAL");
    settings.put("listeners", listeners);
    settings.put("advertised.listeners", advertised);
    settings.put(
        "listener.security.protocol.map",
        "CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,TUNNEL:PLAINTEXT");
    settings.put("log.dirs", dataDir.toAbsolutePath().toString());

    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
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

  private static void format(Path dataDir) throws IOException {
    if (Files.exists(dataDir.resolve("meta.properties"))) {
      return;
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    String directory = dataDir.toAbsolutePath().toString();
    try {
      new Formatter()
          .setNodeId(1)
          .setClusterId(Uuid.randomUuid().toString())
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
   * Runs a broker as a process: {@code --dir D --port P [--set key=value]… [--tunnel listen:told]}.
   * It prints one line, {@code READY host:port}, and ends when its standard input is closed, so
   * that it never outlives whoever started it.
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    // Nothing but the READY line may appear where the parent reads.
    System.setOut(System.err);
    Path dir = null;
    int port = 0;
    Map<String, String> overrides = new HashMap<>();
    Optional<Tunnel> tunnel = Optional.empty();
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
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    if (dir == null) {
      throw new IllegalArgumentException("--dir is missing");
    }
    try (EmbeddedKafka kafka = start(dir, port, overrides, tunnel)) {
      out.println("READY " + kafka.bootstrap());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    System.exit(0);
  }
}
