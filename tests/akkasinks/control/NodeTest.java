package akkasinks.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.cluster.FakeRunner;
import akkasinks.cluster.NodeConfig;
import akkasinks.cluster.TestNodes;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Outcome;
import akkasinks.sql.Statements;
import akkasinks.testing.Await;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements against a real node over a fake runner. */
final class NodeTest {
  private static final String SHOP =
      """
      CREATE SECRET pw AS 'hunter2-in-clear';
      CREATE CONNECTION pg TO POSTGRES (HOST 'localhost', PORT 5432, USER 'shop',
          PASSWORD SECRET pw, DATABASE 'shop');
      CREATE CONNECTION kafka TO KAFKA (BROKERS ('localhost:9092'), SECURITY PROTOCOL = 'PLAINTEXT');
      CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR TABLES (public.orders);
      CREATE SINK orders_sink FROM orders INTO KAFKA CONNECTION kafka (TOPIC 'orders')
          KEY (id) FORMAT JSON ENVELOPE UPSERT;
      """;

  @TempDir Path dir;
  private FakeRunner runner = new FakeRunner();
  private Node node;

  @BeforeEach
  void start() {
    node = Node.start(NodeConfig.of(TestNodes.inDirectory(dir)), TestNodes.parts(runner));
  }

  @AfterEach
  void stop() {
    node.stop();
  }

  private void restart() {
    node.stop();
    runner = new FakeRunner();
    start();
  }

  private Outcome run(String sql) {
    Outcome last = new Outcome.Done("", List.of());
    for (var parsed : Statements.parse(sql)) {
      last = run(parsed.command());
      assertThat(last).as(sql).isNotInstanceOf(Outcome.Failed.class);
    }
    return last;
  }

  private Outcome run(Command command) {
    return node.sinks().ask(command).toCompletableFuture().join();
  }

  private Failure refused(String sql) {
    return ((Outcome.Failed) run(Statements.parse(sql).getFirst().command())).failure();
  }

  private static List<List<String>> texts(Outcome outcome) {
    List<List<String>> rows = new ArrayList<>();
    for (var row : ((Outcome.Rows) outcome).rows()) {
      rows.add(row.stream().map(value -> value.orElse("")).toList());
    }
    return rows;
  }

  /** What a program with actors of its own does. */
  @Test
  void anActorCreatesASink() {
    run(SHOP.substring(0, SHOP.indexOf("CREATE SINK")));
    var created = new CompletableFuture<Outcome>();
    Behavior<Outcome> asking =
        Behaviors.setup(
            context -> {
              var command =
                  Statements.parse(SHOP.substring(SHOP.indexOf("CREATE SINK")))
                      .getFirst()
                      .command();
              context.ask(
                  Outcome.class,
                  Sinks.get(context.getSystem()).actor(),
                  Duration.ofSeconds(20),
                  replyTo -> new Sinks.Request(command, replyTo),
                  (outcome, error) ->
                      outcome != null ? outcome : new Outcome.Failed(FailureException.of(error)));
              return Behaviors.receiveMessage(
                  outcome -> {
                    created.complete(outcome);
                    return Behaviors.stopped();
                  });
            });
    node.system().systemActorOf(asking, "asking", Props.empty());
    assertThat(created.join()).isInstanceOf(Outcome.Done.class);
    Await.until("the sink runs", () -> runner.running.size() == 1);
  }

  @Test
  void aSinkLivesThroughAllItsStatements() {
    run(SHOP);
    Await.until("it runs", () -> runner.running.containsKey("s1"));
    assertThat(texts(run("SHOW SINKS")).getFirst())
        .startsWith("orders_sink", "kafka", "default", "")
        .contains("shop.public.orders", "orders");
    assertThat(refused(SHOP.substring(SHOP.indexOf("CREATE SINK"))).message())
        .isEqualTo("sink \"orders_sink\" already exists");
    run("ALTER SINK orders_sink RENAME TO o");
    run("ALTER SINK o PAUSE");
    Await.until("it rests", () -> state("o"), "paused"::equals);
    assertThat(texts(run(new Command.DescribeSink(Name.of("o")))))
        .contains(List.of("state", "paused"), List.of("retained wal bytes", "0"));
    run("ALTER SINK o RESUME");
    Await.until("it runs again", () -> state("o"), "running"::equals);
    assertThat(refused("DROP CONNECTION kafka").code()).isEqualTo(Code.DEPENDENT_OBJECTS);
    run("DROP CONNECTION kafka CASCADE");
    assertThat(texts(run("SHOW SINKS"))).isEmpty();
    assertThat(runner.running).isEmpty();
    Await.until("nothing is owed", () -> texts(run(new Command.ShowDebts())).isEmpty());
    assertThat(runner.log).contains("forgetSource s1", "forgetTarget s1");
  }

  @Test
  void whatIsOwedAfterADropSurvivesARestart() {
    run(SHOP);
    Await.until("it runs", () -> runner.running.containsKey("s1"));
    var away = Optional.of(Failure.of(Code.UNREACHABLE, "broker away"));
    runner.forgetTargetFails = away;
    var dropped = (Outcome.Done) run("DROP SINK orders_sink");
    assertThat(dropped.notices()).extracting(n -> n.detail()).contains("Last try: broker away");
    assertThat(runner.running).isEmpty();
    assertThat(runner.log).contains("forgetSource s1");
    node.stop();
    runner = new FakeRunner();
    runner.forgetTargetFails = away;
    start();
    Await.until(
        "it is tried again",
        () -> texts(run(new Command.ShowDebts())),
        rows -> rows.size() == 1 && rows.getFirst().contains("broker away"));
    runner.forgetTargetFails = Optional.empty();
    Await.until("it is paid", () -> texts(run(new Command.ShowDebts())).isEmpty());
    assertThat(runner.log).doesNotContain("start s1");
  }

  @Test
  void aSecretIsNeverStoredInClearAndNeedsItsKey() throws IOException {
    run(SHOP);
    Await.until("it runs", () -> runner.running.containsKey("s1"));
    restart();
    Await.until("it runs", () -> runner.running.containsKey("s1"));
    node.stop();
    try (var files = Files.walk(dir.resolve("state"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(bytes).as(file.toString()).doesNotContain("hunter2");
        // H2 may leave a trace of its own beside the store.
        if (file.toString().endsWith(".mv.db")) {
          assertThat(bytes).as("the store is readable: %s", file).contains("orders_sink");
        }
      }
    }
    var key = dir.resolve("secrets.key");
    assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
    Files.move(key, dir.resolve("elsewhere"));
    runner = new FakeRunner();
    assertThatThrownBy(this::start)
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.KEY_MISSING));
    assertThat(key).doesNotExist();
    assertThat(runner.log).isEmpty();
    Files.move(dir.resolve("elsewhere"), key);
    start();
  }

  @Test
  void aKeyFileInsideTheStateIsRefused() {
    var config =
        ConfigFactory.parseMap(
                Map.of("akkasinks.secrets.key-file", dir.resolve("state/key").toString()))
            .withFallback(TestNodes.inDirectory(dir));
    assertThatThrownBy(() -> Node.start(NodeConfig.of(config), TestNodes.parts(runner)))
        .hasMessageContaining("lies inside the state directory");
  }

  private String state(String sink) {
    return node.views().toCompletableFuture().join().stream()
        .filter(view -> view.definition().sink().name().equals(sink))
        .map(SinkView::state)
        .findFirst()
        .orElse("");
  }
}
