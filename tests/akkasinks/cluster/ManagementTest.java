package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.testing.Await;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManagementTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Status of each member that a node knows. */
  static List<String> members(InetSocketAddress management) throws Exception {
    List<String> all = new ArrayList<>();
    JSON.readTree(send(request(management, "/cluster/members")).body())
        .path("members")
        .forEach(member -> all.add(member.path("status").asText()));
    return all;
  }

  private static HttpRequest.Builder request(InetSocketAddress management, String path) {
    return HttpRequest.newBuilder(
        URI.create("http://" + management.getHostString() + ":" + management.getPort() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aNodeIsToldToLeaveAndIsNoLongerReadyThen() throws Exception {
    String store =
        "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    var first = TestNodes.start(config(store, "127.0.0.1", List.of()), new FakeRunner());
    var second =
        TestNodes.start(config(store, "127.0.0.2", List.of(first.address())), new FakeRunner());
    for (var node : List.of(first, second)) {
      assertThat(send(request(node.management(), "/alive")).body()).isEqualTo("alive\n");
      Await.until(
          "ready", () -> send(request(node.management(), "/ready")).body(), "ready\n"::equals);
      Await.until("two are up", () -> members(node.management()), List.of("Up", "Up")::equals);
    }

    var told = send(request(first.management(), "/cluster/members/" + pekko(second)).DELETE());
    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    Await.until("one is left", () -> members(first.management()), List.of("Up")::equals);
    assertThat(second.unready().toCompletableFuture().join()).isPresent();
    second.stop();

    // One that is not reached can only be put out.
    var third =
        TestNodes.start(config(store, "127.0.0.3", List.of(first.address())), new FakeRunner());
    var down =
        send(
            request(first.management(), "/cluster/members/" + pekko(third))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(BodyPublishers.ofString("operation=down", StandardCharsets.UTF_8)));
    assertThat(down.statusCode()).as(down.body()).isEqualTo(200);
    Await.until("one is left", () -> members(first.management()), List.of("Up")::equals);
    third.stop();
    first.stop();
  }

  private static String pekko(ClusterNode node) {
    return "akkasinks@" + node.address();
  }

  private static Config config(String store, String host, List<String> seeds) {
    return ConfigFactory.parseMap(
            Map.of(
                "akkasinks.state.jdbc-url", store,
                "akkasinks.node.host", host,
                "akkasinks.node.seeds", seeds,
                "akkasinks.management.host", host,
                "akkasinks.secrets.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
        .withFallback(TestNodes.quick());
  }

  /** What is between a start and a join, held for as long as the test looks. */
  @Test
  void aNodeThatHasNotJoinedIsAliveAndNotReadyAndWebPagesAreKeptOut(@TempDir Path dir)
      throws Exception {
    var config = NodeConfig.of(TestNodes.quick());
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), NodeConfig.SYSTEM, config.pekko());
    try {
      var at =
          Management.start(system, config.management(), new Readiness(system), Optional.empty());
      assertThat(send(request(at, "/alive")).statusCode()).isEqualTo(200);
      var ready = send(request(at, "/ready"));
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("this node is starting");
      var page = send(request(at, "/cluster/members").header("Origin", "https://evil.example"));
      assertThat(page.statusCode()).isEqualTo(403);

      Config taken =
          ConfigFactory.parseMap(Map.of("akkasinks.management.port", at.getPort()))
              .withFallback(TestNodes.inDirectory(dir));
      assertThatThrownBy(() -> TestNodes.start(taken, new FakeRunner()))
          .isInstanceOf(FailureException.class)
          .hasMessageContaining("cannot listen for management on 127.0.0.1:" + at.getPort());
    } finally {
      system.terminate();
    }
  }
}
