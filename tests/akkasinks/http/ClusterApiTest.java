package akkasinks.http;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes over REST. */
final class ClusterApiTest {
  private final FakeBackend backend = new FakeBackend();
  private final Api api = new Api(backend, InstantSource.system());

  @Test
  void nodesAreListedWithTheirSinks() {
    backend.reports = List.of(FakeBackend.report("orders_sink", "running"));
    assertThat(send("GET", "/api/cluster", "").body())
        .isEqualTo(
            "{\"nodes\":[{\"address\":\"127.0.0.1:25520\",\"status\":\"up\",\"reachable\":true,"
                + "\"oldest\":true,\"roles\":[\"heavy\"],\"sinks\":[\"orders_sink\"],"
                + "\"rows_in\":100}]}");
    assertThat(send("POST", "/api/cluster", "").allow()).isEqualTo("GET");
  }

  @Test
  void aNodeIsDrainedAndASinkMovedByTheAddressOfANode() {
    send("POST", "/api/cluster/nodes/127.0.0.2:25520/drain", "");
    send("POST", "/api/sinks/s/move", "{\"to\": \"127.0.0.2:25520\"}");
    assertThat(backend.asked)
        .containsExactly(
            new Command.DrainNode("127.0.0.2:25520"),
            new Command.MoveSink(Name.of("s"), "127.0.0.2:25520"));
  }

  @Test
  void aMoveWithoutADestinationIsRefused() {
    var answer = send("POST", "/api/sinks/s/move", "{}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("the body lacks \\\"to\\\", the address of a node");
    assertThat(send("POST", "/api/cluster/nodes/n/explode", "").status()).isEqualTo(404);
  }

  private Api.Answer send(String method, String path, String body) {
    return api.answer(
            new Api.Request(
                method,
                path,
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                Asker.MEMBER))
        .toCompletableFuture()
        .join();
  }
}
