package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.testing.Seeds;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NodeConfigTest {

  @Test
  void defaultsAreAsDocumented() {
    var config = NodeConfig.load(Optional.empty());
    assertThat(config.node().host()).isEqualTo("127.0.0.1");
    assertThat(config.node().port()).isZero();
    assertThat(config.state().url()).startsWith("jdbc:h2:file:/");
    assertThat(config.secrets().file().toString()).endsWith("/.akkasinks/secrets.key");
    assertThat(config.sinks().userRetry()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.http().port()).isEqualTo(6876);
  }

  @Test
  void anUnknownSettingIsRefusedWithTheNearestKnown() {
    assertThatThrownBy(
            () -> NodeConfig.of(ConfigFactory.parseString("akkasinks.state.jdbc_url = x")))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message())
                  .isEqualTo("unknown setting \"akkasinks.state.jdbc_url\"");
              assertThat(e.failure().hint()).contains("\"akkasinks.state.jdbc-url\"");
            });
  }

  @Test
  void secretsOfTheConfigurationAreNotPrinted() {
    var config =
        NodeConfig.of(
            ConfigFactory.parseString(
                "akkasinks { state.password = hunter2, secrets.key = hunter2, auth.password ="
                    + " hunter2 }"));
    assertThat(config.state().toString() + config.secrets() + config.auth())
        .doesNotContain("hunter2");
  }

  @Test
  void aNodeOpenToTheNetworkMustAskWhoComesOrBeToldThatItNeedNot() {
    refused("akkasinks.http.host = 0.0.0.0", "akkasinks.http.host is \"0.0.0.0\"", "auth.required");
    refused("akkasinks.pgwire.host = \"::\"", "akkasinks.pgwire.host", "auth.required");
    refused("akkasinks.management.host = 0.0.0.0", "akkasinks.management.host", "auth.required");
    refused("akkasinks.node.host = 192.0.2.1", "akkasinks.node.host", "akkasinks.node.tls");
    refused(
        "pekko.remote.artery.bind.hostname = 0.0.0.0", "akkasinks.node.host", "akkasinks.node.tls");
    refused(
        "akkasinks { auth { required = true, password = x }, node.host = \"\" }",
        "akkasinks.node.host",
        "akkasinks.node.tls");

    NodeConfig.of(
        ConfigFactory.parseString(
            "akkasinks { auth { required = true, password = x }, http.host = 0.0.0.0,"
                + " pgwire.host = \"::\", node.host = 127.0.0.3 }"));
    NodeConfig.of(
        ConfigFactory.parseString(
            "akkasinks { node { host = 192.0.2.1, tls { certificate = a, key = b, authority = c"
                + " }}}"));
    NodeConfig.of(
        ConfigFactory.parseString(
            "akkasinks { auth.open-to-network = true, http.host = 0.0.0.0, node.host ="
                + " 192.0.2.1}"));
  }

  @Test
  void loginsNeedTheSuperusersPasswordAndTlsAllItsFiles() {
    refused(
        "akkasinks.auth.required = true",
        "the superuser has no password",
        "AKKASINKS_AUTH_PASSWORD");
    refused("akkasinks.http.tls.key = a", "both a certificate and its key", "akkasinks.http.tls");
    refused(
        "akkasinks.node.tls { certificate = a, key = b }",
        "certificate, key and authority",
        "akkasinks.node.tls");
  }

  private static void refused(String settings, String message, String hint) {
    assertThatThrownBy(() -> NodeConfig.of(ConfigFactory.parseString(settings)))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message()).contains(message);
              assertThat(e.failure().hint()).contains(hint);
            });
  }

  @Test
  void backoffStaysBetweenOneMillisecondAndItsGrowingBound() {
    var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
    Seeds.forAll(
        20,
        random -> {
          for (int failures = 1; failures < 40; failures++) {
            long bound = Math.min(60_000, 3_000L << Math.min(failures - 1, 10));
            assertThat(backoff.next(failures, Duration.ofMillis(1_500), random).toMillis())
                .isBetween(1L, bound);
          }
        });
  }
}
