package akkasinks.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A cluster of ours: nodes by the launcher, each on an address of its own, and their Postgres. */
final class TakeoverNodes implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration READY = Duration.ofSeconds(120);
  private static final String HEAP = "384m";

  private final Stage stage;
  private final EmbeddedPostgres state;
  private final List<Member> members = new ArrayList<>();

  /** One node, up or down. */
  static final class Member {
    private final int number;
    private final int remoting = Commands.freePort();
    private final Http http;
    private final Path folder;
    private Process process;

    private Member(Stage stage, int number) throws IOException {
      this.number = number;
      this.http = new Http(host(), Commands.freePort());
      this.folder = Files.createTempDirectory(stage.folder(), "member-");
    }

    private String host() {
      return "127.0.0." + number;
    }

    String address() {
      return host() + ":" + remoting;
    }

    Path log() {
      return folder.resolve("node.log");
    }
  }

  TakeoverNodes(Stage stage, int count) throws Exception {
    this.stage = stage;
    this.state = EmbeddedPostgres.builder().start();
    for (int i = 1; i <= count; i++) {
      members.add(new Member(stage, i));
    }
    var seeds =
        members.stream().map(m -> '"' + m.address() + '"').collect(Collectors.joining(", "));
    for (var member : members) {
      Files.writeString(
          member.folder.resolve("node.conf"),
          """
          akkasinks {
            node { host = "%s", port = %d, seeds = [%s] }
            state { dir = "%s", jdbc-url = "jdbc:postgresql://127.0.0.1:%d/postgres", user = "postgres" }
            http { host = "%s", port = %d }
          }
          """
              .formatted(
                  member.host(),
                  member.remoting,
                  seeds,
                  member.folder,
                  state.getPort(),
                  member.host(),
                  member.http.port()));
      launch(member);
    }
    for (var member : members) {
      awaitReady(member);
    }
  }

  private void launch(Member member) throws IOException {
    var command =
        new ProcessBuilder(
            stage.product().resolve("akkasinks").toString(),
            "node",
            "--config",
            member.folder.resolve("node.conf").toString());
    command.environment().put("AKKASINKS_BUILT", "yes");
    command.environment().put("AKKASINKS_HEAP", HEAP);
    command.environment().put("AKKASINKS_LOG", "DEBUG");
    command
        .environment()
        .put("AKKASINKS_SECRETS_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    command
        .environment()
        .put("AKKASINKS_JAVA_OPTS", "-Dakkasinks.pgwire.port=0 -Dakkasinks.management.port=0");
    member.process = Commands.start(member.log(), command);
  }

  private static void awaitReady(Member member) throws Exception {
    Commands.await(
        "node " + member.address() + " is ready",
        READY,
        () -> member.http.get("/api/health/ready").statusCode() == 200);
  }

  void prepare() throws Exception {
    new NodeSql(any().http).connect(stage);
  }

  /** A sink with the table's name. */
  void sink(String table, String topic) throws Exception {
    new NodeSql(any().http)
        .run(
            "CREATE SINK %1$s FROM %1$s INTO KAFKA CONNECTION kafka (TOPIC '%2$s') KEY (id) FORMAT JSON ENVELOPE UPSERT"
                .formatted(table, topic));
  }

  private Member any() {
    return members.stream().filter(m -> m.process.isAlive()).findFirst().orElseThrow();
  }

  private JsonNode nodes(Member of) throws IOException, InterruptedException {
    return JSON.readTree(of.http.get("/api/cluster").body()).path("nodes");
  }

  private JsonNode sinks() throws IOException, InterruptedException {
    return JSON.readTree(any().http.get("/api/sinks").body()).path("sinks");
  }

  /** All nodes are up, all sinks run, and each node that can has some. */
  void awaitCalm(int sinks) throws Exception {
    Commands.await("all is calm", READY, () -> isCalm(sinks));
  }

  private boolean isCalm(int sinks) throws IOException, InterruptedException {
    int running = 0;
    Set<String> used = new HashSet<>();
    for (var sink : sinks()) {
      if (sink.path("state").asText().equals("running")) {
        running++;
        used.add(sink.path("node").asText());
      }
    }
    int up = 0;
    for (var node : nodes(any())) {
      if (node.path("status").asText().equals("up") && node.path("reachable").asBoolean()) {
        up++;
      }
    }
    return running == sinks
        && up == members.size()
        && used.size() == Math.min(sinks, members.size());
  }

  /** One that runs sinks; with a single sink, that is moved to where it is wanted. */
  Member victim(boolean oldest) throws Exception {
    var all = nodes(any());
    for (var member : members) {
      for (var node : all) {
        if (node.path("address").asText().equals(member.address())
            && node.path("oldest").asBoolean() == oldest) {
          return withSinks(member);
        }
      }
    }
    throw new IllegalStateException("no such node");
  }

  private Member withSinks(Member member) throws Exception {
    if (sinksOn(member).isEmpty()) {
      var sink = sinks().get(0).path("name").asText();
      any().http.post("/api/sinks/" + sink + "/move", "{\"to\": \"" + member.address() + "\"}");
      Commands.await(
          sink + " is moved",
          READY,
          () -> {
            var there = sinks().get(0);
            return there.path("node").asText().equals(member.address())
                && there.path("state").asText().equals("running");
          });
    }
    return member;
  }

  List<String> sinksOn(Member member) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (var sink : sinks()) {
      if (sink.path("node").asText().equals(member.address())) {
        names.add(sink.path("name").asText());
      }
    }
    return names;
  }

  /** By name. */
  Map<String, String> idsOf(List<String> names) throws IOException, InterruptedException {
    Map<String, String> ids = new HashMap<>();
    for (var sink : sinks()) {
      if (names.contains(sink.path("name").asText())) {
        ids.put(sink.path("name").asText(), sink.path("id").asText());
      }
    }
    return ids;
  }

  Member member(int index) {
    return members.get(index);
  }

  /** Returns when its process has ended by itself. */
  void drain(Member member) throws Exception {
    member.http.post("/api/cluster/nodes/" + member.address() + "/drain", "");
    if (!member.process.waitFor(READY)) {
      throw new IllegalStateException("node " + member.address() + " was drained and does not end");
    }
  }

  void kill(Member member) throws InterruptedException {
    member.process.destroyForcibly().waitFor();
  }

  void start(Member member) throws Exception {
    launch(member);
    awaitReady(member);
  }

  /** Seconds until the others saw that it is silent, and until they had put it out. */
  TakeoverResult.Seen watch(Member victim, long began) throws Exception {
    var other = any();
    double[] seen = {0, 0};
    Commands.await(
        "the dead node is put out",
        Duration.ofSeconds(60),
        () -> {
          List<JsonNode> there = new ArrayList<>();
          for (var node : nodes(other)) {
            if (node.path("address").asText().equals(victim.address())) {
              there.add(node);
            }
          }
          double now = (System.nanoTime() - began) / 1e9;
          boolean silent =
              there.isEmpty() || there.stream().noneMatch(n -> n.path("reachable").asBoolean());
          if (silent && seen[0] == 0) {
            seen[0] = now;
          }
          seen[1] = now;
          return there.isEmpty();
        });
    return new TakeoverResult.Seen(seen[0], seen[1]);
  }

  List<Path> logs() {
    return members.stream().filter(m -> m.process.isAlive()).map(Member::log).toList();
  }

  @Override
  public void close() throws IOException {
    members.stream().filter(m -> m.process != null).forEach(m -> Commands.stop(m.process));
    state.close();
  }
}
