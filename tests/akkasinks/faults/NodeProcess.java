package akkasinks.faults;

import akkasinks.cli.embedded.FreePort;
import akkasinks.testing.Await;
import akkasinks.testing.Processes;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.TestDirs;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The product as a process: started, asked over HTTP, killed, and started again on its state. */
final class NodeProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path dir;
  private final String host;
  private final int httpPort = FreePort.next();
  private final int remoting = FreePort.next();
  private final List<String> inCluster = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private @Nullable Process process;

  private NodeProcess(Path dir, String host) {
    this.dir = dir;
    this.host = host;
  }

  static NodeProcess create() {
    return new NodeProcess(TestDirs.create("node"), "127.0.0.1");
  }

  /**
   * Nodes of one cluster, none of them up, on 127.0.0.1, 127.0.0.2 and so on.
   *
   * @param state of the Postgres that they share
   */
  static List<NodeProcess> cluster(int count, Database state) {
    List<NodeProcess> nodes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      nodes.add(new NodeProcess(TestDirs.create("node"), "127.0.0." + i));
    }
    var seeds =
        nodes.stream().map(node -> '"' + node.address() + '"').collect(Collectors.joining(", "));
    for (var node : nodes) {
      node.inCluster.addAll(
          List.of(
              "akkasinks.node { host = \"%s\", port = %d, seeds = [%s] }"
                  .formatted(node.host, node.remoting, seeds),
              "akkasinks.state { jdbc-url = \"jdbc:postgresql://%s:%d/%s\", user = \"%s\", password = \"%s\" }"
                  .formatted(
                      state.host(), state.port(), state.name(), state.user(), state.password()),
              "akkasinks.secrets.key = \"%s\""
                  .formatted(Base64.getEncoder().encodeToString(new byte[32]))));
    }
    return nodes;
  }

  /** As other nodes know it. */
  String address() {
    return host + ":" + remoting;
  }

  /** Starts it; {@code properties} are system properties, such as fail points. */
  NodeProcess up(Map<String, String> properties) {
    var config = dir.resolve("node.conf");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dakkasinks.failpoints=on",
                "-Dakkasinks.failpoints.trace=" + dir.resolve("step")));
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "akkasinks.cli.Main",
            "node",
            "--config",
            config.toString()));
    try {
      Files.writeString(
          config,
          """
          akkasinks.state.dir = "%s"
          akkasinks.secrets.key-file = "%s"
          akkasinks.http { host = "%s", port = %d }
          akkasinks.pgwire.port = 0
          akkasinks.management.port = 0
          """
                  .formatted(dir.resolve("state"), dir.resolve("key"), host, httpPort)
              + String.join("\n", inCluster));
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  NodeProcess up() {
    return up(Map.of());
  }

  NodeProcess awaitReady() {
    Await.within(Duration.ofSeconds(60))
        .value(
            "the node is ready, see " + log(),
            () -> {
              if (!running().isAlive()) {
                return "ended with " + running().exitValue() + ":\n" + tail();
              }
              return get("/api/health/ready").statusCode() == 200 ? "ready" : "not yet";
            },
            "ready"::equals);
    return this;
  }

  /** A node that is not up yet, with a copy of this one's state and key: what a takeover finds. */
  NodeProcess copy() throws IOException {
    var other = create();
    try (var files = Files.walk(dir)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var to = other.dir.resolve(dir.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return other;
  }

  Path log() {
    return dir.resolve("node.log");
  }

  Path state() {
    return dir.resolve("state");
  }

  /** The protocol step that the process was at when it was last killed. */
  String step() throws IOException {
    var bytes = Files.readAllBytes(dir.resolve("step"));
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
  }

  /** Returns as soon as the node is at that step, or after {@code patience}. */
  void awaitStep(String wanted, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    var name = wanted.getBytes(StandardCharsets.UTF_8);
    try (var trace = FileChannel.open(dir.resolve("step"), StandardOpenOption.READ)) {
      var seen = trace.map(FileChannel.MapMode.READ_ONLY, 0, 128);
      var now = new byte[name.length + 1];
      do {
        seen.get(0, now);
        Thread.onSpinWait();
      } while (System.nanoTime() < end
          && !(now[name.length] == 0 && Arrays.equals(name, 0, name.length, now, 0, name.length)));
    }
  }

  boolean isUp() {
    return process != null && process.isAlive();
  }

  long pid() {
    return running().pid();
  }

  /** kill -9. */
  void kill() {
    running().destroyForcibly();
    Processes.awaitEnd(running().toHandle());
  }

  /** SIGTERM, and waits for the orderly end. */
  void stop() {
    running().destroy();
    Processes.awaitEnd(running().toHandle());
  }

  /** SIGSTOP. */
  void freeze() {
    Processes.signal(pid(), "STOP");
  }

  void thaw() {
    Processes.signal(pid(), "CONT");
  }

  /** Runs statements; an error of any of them fails the test. */
  JsonNode sql(String statements) {
    var answer = trySql(statements);
    for (var result : answer.path("results")) {
      if (result.has("error")) {
        throw new AssertionError(statements + "\n" + result.path("error").toPrettyString());
      }
    }
    return answer;
  }

  JsonNode trySql(String statements) {
    try {
      var request =
          HttpRequest.newBuilder(uri("/api/sql"))
              .timeout(Duration.ofSeconds(90))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      JSON.createObjectNode().put("query", statements).toString()))
              .build();
      return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The sink as REST describes it. */
  JsonNode sink(String name) {
    try {
      return JSON.readTree(get("/api/sinks/" + name).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String state(String sink) {
    return sink(sink).path("state").asText();
  }

  void awaitState(String sink, String state) {
    Await.within(Duration.ofSeconds(90))
        .value(
            sink + " is " + state, () -> sink(sink).toString(), seen -> state.equals(state(sink)));
  }

  HttpResponse<String> get(String path) throws IOException {
    try {
      var request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private URI uri(String path) {
    return URI.create("http://" + host + ":" + httpPort + path);
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the node was never started");
    }
    return process;
  }

  private String tail() throws IOException {
    var text = Files.readString(log());
    return text.substring(Math.max(0, text.length() - 4000));
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      Processes.awaitEnd(process.toHandle());
    }
    http.close();
  }
}
