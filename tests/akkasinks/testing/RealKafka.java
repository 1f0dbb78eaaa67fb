package akkasinks.testing;

import akkasinks.cli.embedded.EmbeddedKafka;
import akkasinks.cli.embedded.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/** A real Kafka broker in a JVM of its own: to be stopped, killed, frozen and started again. */
public final class RealKafka implements AutoCloseable {
  private static @Nullable RealKafka shared;

  private final Path dir;
  private final int port;
  private final Map<String, String> settings;
  private final Optional<FaultProxy> proxy;
  private final List<String> tunnel;
  private @Nullable Process process;

  private RealKafka(Path dir, int port, Map<String, String> settings, boolean proxied) {
    this.dir = dir;
    this.port = port;
    this.settings = Map.copyOf(settings);
    if (proxied) {
      int behind = FreePort.next();
      FaultProxy faults = FaultProxy.to(behind);
      this.proxy = Optional.of(faults);
      this.tunnel = List.of("--tunnel", behind + ":" + faults.port());
    } else {
      this.proxy = Optional.empty();
      this.tunnel = List.of();
    }
  }

  /** One broker for all tests of this JVM; use topics with names of your own. */
  public static synchronized RealKafka shared() {
    if (shared == null) {
      RealKafka kafka = start();
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
      shared = kafka;
    }
    return shared;
  }

  /** A broker of your own, for tests that stop or kill it. */
  public static RealKafka start() {
    return start(Map.of());
  }

  /** A broker of your own with other settings; those that begin with -D are the JVM's. */
  public static RealKafka start(Map<String, String> settings) {
    return started(settings, false);
  }

  /** A broker of your own that is also reachable through {@link #proxy}. */
  public static RealKafka startProxied(Map<String, String> settings) {
    return started(settings, true);
  }

  private static RealKafka started(Map<String, String> settings, boolean proxied) {
    RealKafka kafka = new RealKafka(TestDirs.create("kafka"), FreePort.next(), settings, proxied);
    try {
      kafka.up();
    } catch (RuntimeException | Error e) {
      kafka.close();
      throw e;
    }
    return kafka;
  }

  /** Host and port for clients. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** Host and port for clients whose traffic shall pass the proxy. */
  public String proxiedBootstrap() {
    return proxy().address();
  }

  /** The proxy of {@link #startProxied}; clients that bootstrap at it stay behind it. */
  public FaultProxy proxy() {
    return proxy.orElseThrow(() -> new IllegalStateException("not started with a proxy"));
  }

  /** The broker's process id. */
  public long pid() {
    return running().pid();
  }

  /**
   * Starts the broker again, on the same directory and port, after {@link #stop} or {@link #kill}.
   */
  public synchronized void up() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("the broker runs already");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    settings.forEach(
        (key, value) -> {
          if (key.startsWith("-D")) {
            command.add(key + "=" + value);
          }
        });
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedKafka.class.getName(),
            "--dir",
            dir.resolve("data").toString(),
            "--port",
            Integer.toString(port)));
    settings.forEach(
        (key, value) -> {
          if (!key.startsWith("-D")) {
            command.addAll(List.of("--set", key + "=" + value));
          }
        });
    command.addAll(tunnel);
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      process = started;
      awaitReady(started);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady(Process started) throws IOException {
    BufferedReader out = started.inputReader();
    String line;
    while ((line = out.readLine()) != null) {
      if (line.startsWith("READY ")) {
        return;
      }
    }
    throw new IllegalStateException("the broker did not start:\n" + Files.readString(log()));
  }

  /** Orderly shutdown. */
  public synchronized void stop() {
    Process running = running();
    try {
      running.outputWriter().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ended(running);
  }

  /** kill -9. */
  public synchronized void kill() {
    Process running = running();
    running.destroyForcibly();
    ended(running);
  }

  /** kill -9 and start again. */
  public void crash() {
    kill();
    up();
  }

  /** Orderly shutdown and start again. */
  public void restart() {
    stop();
    up();
  }

  /** Stops the process where it stands (SIGSTOP), until {@link #thaw}. */
  public void freeze() {
    Processes.signal(pid(), "STOP");
  }

  /** Lets the frozen process go on. */
  public void thaw() {
    Processes.signal(pid(), "CONT");
  }

  /** An admin client; close it. */
  public Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrap()));
  }

  /** Names of the topics that are there. */
  public Set<String> topics() {
    try (var admin = admin()) {
      return admin.listTopics().names().get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Creates a topic and waits until it is there. */
  public void createTopic(String name, int partitions, Map<String, String> config) {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("cannot create topic " + name, e);
    }
  }

  /** A reader of this broker's topics, independent of the product's code. */
  public TopicReader reader() {
    return new TopicReader(bootstrap());
  }

  /** What the broker logged. */
  public Path log() {
    return dir.resolve("broker.log");
  }

  @Override
  public synchronized void close() {
    if (process != null && process.isAlive()) {
      process.destroyForcibly();
      ended(process);
    }
    proxy.ifPresent(FaultProxy::close);
    TestDirs.delete(dir);
  }

  private Process running() {
    if (process == null || !process.isAlive()) {
      throw new IllegalStateException("the broker does not run");
    }
    return process;
  }

  private void ended(Process running) {
    try {
      if (!running.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the broker did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    process = null;
  }
}
