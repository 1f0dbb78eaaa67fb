package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.testing.Await;
import akkasinks.testing.Certificates;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that know each other by certificates. */
final class NodeTlsTest {
  @TempDir Path dir;

  @Test
  void onlyWhoTheAuthorityHasSignedBecomesAMember() throws IOException {
    Path ours = Files.createDirectory(dir.resolve("ours"));
    Path theirs = Files.createDirectory(dir.resolve("theirs"));
    Config trusted = tls(ours);
    Config foreign = tls(theirs);
    String store =
        "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    ClusterNode first =
        TestNodes.start(
            trusted.withFallback(config(store, List.of(), "127.0.0.1")), new FakeRunner());
    List<String> seeds = List.of(first.address());
    ActorSystem<Void> stranger = stranger(foreign, store, seeds, "127.0.0.3");
    ActorSystem<Void> inTheClear = stranger(ConfigFactory.empty(), store, seeds, "127.0.0.4");
    ClusterNode second =
        TestNodes.start(trusted.withFallback(config(store, seeds, "127.0.0.2")), new FakeRunner());
    try {
      // Those who were there before it and asked as long as it did are still none.
      Await.until("two members", () -> TestNodes.up(first) == 2 && TestNodes.up(second) == 2);
      assertThat(Cluster.get(stranger).state().getMembers()).isEmpty();
      assertThat(Cluster.get(inTheClear).state().getMembers()).isEmpty();
      assertThat(second.catalog().read().toCompletableFuture().join().state().installation())
          .isNotEmpty();
    } finally {
      stranger.terminate();
      inTheClear.terminate();
      second.stop();
      first.stop();
    }
  }

  @Test
  void aFileThatIsWrongIsNamedBeforeAnythingStarts() throws IOException {
    Path ours = Files.createDirectory(dir.resolve("ours"));
    Config broken =
        ConfigFactory.parseMap(Map.of("akkasinks.node.tls.authority", dir + "/absent.pem"))
            .withFallback(tls(ours))
            .withFallback(TestNodes.inDirectory(dir));

    assertThatThrownBy(() -> TestNodes.start(broken, new FakeRunner()))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message()).contains("absent.pem\" cannot be read");
              assertThat(e.failure().hint()).contains("akkasinks.node.tls");
            });
  }

  /** Asks to join, and goes on asking. */
  private static ActorSystem<Void> stranger(
      Config tls, String store, List<String> seeds, String host) {
    return ActorSystem.create(
        Behaviors.empty(),
        NodeConfig.SYSTEM,
        NodeConfig.of(tls.withFallback(config(store, seeds, host))).pekko());
  }

  private static Config tls(Path folder) {
    Certificates certificates = Certificates.in(folder);
    return ConfigFactory.parseMap(
        Map.of(
            "akkasinks.node.tls.certificate",
            certificates.file("cert.pem", certificates.certificate("server")).toString(),
            "akkasinks.node.tls.key",
            certificates.file("key.pem", certificates.key("server")).toString(),
            "akkasinks.node.tls.authority",
            certificates.file("ca.pem", certificates.authority()).toString()));
  }

  private static Config config(String store, List<String> seeds, String host) {
    return ConfigFactory.parseMap(
            Map.of(
                "akkasinks.state.jdbc-url", store,
                "akkasinks.node.seeds", seeds,
                "akkasinks.node.host", host,
                "akkasinks.secrets.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
        .withFallback(TestNodes.quick());
  }
}
