package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.FailureException;
import akkasinks.cli.embedded.FreePort;
import akkasinks.testing.Await;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class DiscoveryTest {

  @Test
  void nodesThatANameLeadsToMakeOneClusterOnceEnoughAreFound() throws Exception {
    String store =
        "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    int port = FreePort.next();
    try (var names = NameServer.of("127.0.0.1", "127.0.0.2")) {
      var one = start(store, names, "127.0.0.1", port);
      var other = start(store, names, "127.0.0.2", port);
      for (var node : List.of(one.join(), other.join())) {
        Await.until(
            "both are members",
            () -> ManagementTest.members(node.management()),
            members -> members.equals(List.of("Up", "Up")));
      }
      other.join().stop();
      one.join().stop();
    }
  }

  /** A node is up only with the other. */
  private static CompletableFuture<ClusterNode> start(
      String store, NameServer names, String host, int port) {
    Config config =
        ConfigFactory.parseMap(
                Map.of(
                    "akkasinks.node.host",
                    host,
                    "akkasinks.node.discovery",
                    "dns",
                    "akkasinks.node.service",
                    "nodes.test",
                    "akkasinks.management.host",
                    host,
                    "akkasinks.management.port",
                    port,
                    "akkasinks.state.jdbc-url",
                    store,
                    "akkasinks.secrets.key",
                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                    "pekko.io.dns.async-dns.nameservers",
                    List.of(names.address())))
            .withFallback(TestNodes.quick());
    return CompletableFuture.supplyAsync(() -> TestNodes.start(config, new FakeRunner()));
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeTheNodeStarts() {
    assertThat(refusal("node.discovery = kubernetes"))
        .contains("unknown akkasinks.node.discovery \"kubernetes\"", "kubernetes-api");
    assertThat(refusal("node { discovery = dns, seeds = [\"h:1\"] }")).contains("both given");
    assertThat(refusal("node.discovery = dns, management.port = 0"))
        .contains("akkasinks.management.port is 0");
    assertThat(refusal("node { discovery = dns, contact-points = 0 }"))
        .contains("akkasinks.node.contact-points is 0");
  }

  private static String refusal(String settings) {
    try {
      NodeConfig.of(ConfigFactory.parseString("akkasinks { " + settings + " }"));
      throw new AssertionError("accepted: " + settings);
    } catch (FailureException e) {
      return e.failure().message() + " " + e.failure().hint();
    }
  }

  @Test
  void kubernetesIsAskedForPodsByLabelAndForTheirAddresses() {
    var pekko =
        NodeConfig.of(
                ConfigFactory.parseString(
                    "akkasinks.node { discovery = kubernetes-api, service = sinks,"
                        + " contact-points = 3 }"))
            .pekko();
    var found = pekko.getConfig("pekko.management.cluster.bootstrap.contact-point-discovery");
    assertThat(pekko.getString("pekko.discovery.method")).isEqualTo("kubernetes-api");
    assertThat(pekko.getBoolean("pekko.discovery.kubernetes-api.use-raw-ip")).isTrue();
    assertThat(found.getString("effective-name")).isEqualTo("sinks");
    assertThat(found.getString("port-name")).isEqualTo("management");
    assertThat(found.getInt("required-contact-point-nr")).isEqualTo(3);
  }
}
