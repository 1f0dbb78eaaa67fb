package akkasinks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.Processes;
import akkasinks.testing.Programs;
import akkasinks.testing.RealPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The three nodes of docker-compose.yml as processes: the image's command, the service's command,
 * environment and files. Host names lead to loopback addresses, paths in the container to what they
 * are copied or mounted from; nothing else is changed, but for the port of the state's Postgres and
 * the size of the heap.
 */
final class ComposeNodesTest {
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:akkasinks|jvm|process)_[a-z_]+(?=\\{|\\)|\\[| |,|$)");
  private static final String ENDED = "ended with ";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path dir;

  private static final Compose COMPOSE = new Compose();
  private static final List<Process> NODES = new ArrayList<>();
  private static RealPostgres state;

  @BeforeAll
  static void start() throws Exception {
    state = RealPostgres.start();
    var environment = COMPOSE.environment("state");
    state
        .admin()
        .execute(
            "CREATE ROLE %s LOGIN PASSWORD '%s'"
                .formatted(environment.get("POSTGRES_USER"), environment.get("POSTGRES_PASSWORD")),
            "CREATE DATABASE %s OWNER %s"
                .formatted(environment.get("POSTGRES_DB"), environment.get("POSTGRES_USER")));
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost state\n");
    for (String name : Compose.NODES) {
      hosts.append(address(name)).append(' ').append(name).append('\n');
    }
    Files.writeString(dir.resolve("hosts"), hosts);
    for (String name : Compose.NODES) {
      NODES.add(node(name));
    }
    for (String name : Compose.NODES) {
      String answer =
          Await.within(Duration.ofSeconds(120))
              .value(
                  name + " is ready, see " + log(name),
                  () -> ready(name),
                  seen -> seen.equals("ready\n") || seen.startsWith(ENDED));
      assertThat(answer).as(name).isEqualTo("ready\n");
    }
  }

  /** Away from 127.0.0.1 to .3, where a developer's own nodes are. */
  private static String address(String node) {
    return "127.0.7." + node.substring(node.length() - 1);
  }

  private static Process node(String name) throws IOException {
    var service = COMPOSE.service(name);
    Map<String, String> paths = new HashMap<>();
    for (String volume : Yaml.texts(service.path("volumes"))) {
      String[] parts = volume.split(":");
      paths.put(parts[1], Path.of(parts[0]).toAbsolutePath().toString());
    }
    try (var jars = Files.newDirectoryStream(Path.of("target"), "akkasinks-*.jar")) {
      paths.put(
          "/opt/akkasinks/akkasinks.jar:/opt/akkasinks/lib/*",
          jars.iterator().next().toAbsolutePath() + ":" + Path.of("target/lib/*").toAbsolutePath());
    }
    paths.put("java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    var image = Image.read();
    List<String> command = new ArrayList<>(image.words("ENTRYPOINT"));
    command.addAll(Yaml.texts(service.path("command")));
    command.replaceAll(word -> paths.getOrDefault(word, word));

    Path home = Files.createDirectory(dir.resolve(name));
    var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("AKKASINKS_"));
    COMPOSE
        .environment(name)
        .forEach(
            (variable, value) ->
                builder
                    .environment()
                    .put(variable, value.replace("state:5432", "state:" + state.port())));
    builder
        .environment()
        .put(
            "JDK_JAVA_OPTIONS",
            "-Djdk.net.hosts.file=%s -Xmx256m -XX:TieredStopAtLevel=1"
                .formatted(dir.resolve("hosts")));
    return builder.redirectOutput(log(name).toFile()).start();
  }

  private static Path log(String name) {
    return dir.resolve(name + ".log");
  }

  @AfterAll
  static void stop() {
    for (Process node : NODES) {
      node.destroyForcibly();
      Processes.awaitEnd(node.toHandle());
    }
    state.close();
  }

  private static String get(String name, int port, String path) throws Exception {
    var address = URI.create("http://" + address(name) + ":" + port + path);
    var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void allThreeAreReadyAndMembersOfOneClusterWithTheirRoles() throws Exception {
    for (String name : Compose.NODES) {
      assertThat(get(name, 8558, "/alive")).isEqualTo("alive\n");
      JsonNode members =
          Await.until(
              "three are up",
              () -> JSON.readTree(get(name, 8558, "/cluster/members")).path("members"),
              all -> all.findValuesAsText("status").equals(List.of("Up", "Up", "Up")));
      Map<String, String> roles = new HashMap<>();
      for (JsonNode member : members) {
        roles.put(
            member.path("node").asText().replaceAll("^.*@|:\\d+$", ""),
            Yaml.texts(member.path("roles")).getFirst());
      }
      assertThat(roles)
          .isEqualTo(Map.of("akkasinks-1", "web", "akkasinks-2", "web", "akkasinks-3", "batch"));
    }
  }

  private static String ready(String name) throws Exception {
    var node = NODES.get(Compose.NODES.indexOf(name));
    return node.isAlive()
        ? get(name, 8558, "/ready")
        : ENDED + node.exitValue() + ":\n" + Files.readString(log(name));
  }

  @Test
  void theImagesHealthCheckTellsAReadyNodeFromNone() {
    String check = Image.read().of("HEALTHCHECK").getLast().replaceFirst("^.*CMD ", "");
    var builder = new ProcessBuilder(Image.list(check.replace("/usr/local/bin/", "deploy/")));
    builder.environment().put("AKKASINKS_NODE_HOST", address("akkasinks-2"));
    assertThat(Programs.run(builder).status()).isZero();
    builder.environment().put("AKKASINKS_NODE_HOST", "127.0.7.9");
    assertThat(Programs.run(builder).status()).isNotZero();
  }

  @Test
  void everyMetricOfTheDashboardIsThere() throws Exception {
    JsonNode board = JSON.readTree(Yaml.read("deploy/grafana/akkasinks.json"));
    String uid = Yaml.document("deploy/grafana/datasource.yml").at("/datasources/0/uid").asText();
    board
        .findValues("datasource")
        .forEach(source -> assertThat(source.path("uid").asText()).isEqualTo(uid));
    List<String> queries = new ArrayList<>(board.findValuesAsText("expr"));
    queries.addAll(board.findValuesAsText("query"));
    Set<String> named = new HashSet<>();
    for (String query : queries) {
      METRIC.matcher(query).results().forEach(found -> named.add(found.group()));
    }
    String metrics = get("akkasinks-1", 6876, "/metrics");
    assertThat(named)
        .hasSizeGreaterThan(10)
        .allSatisfy(name -> assertThat(metrics).contains("# TYPE " + name + " "));
  }
}
