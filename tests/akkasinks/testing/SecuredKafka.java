package akkasinks.testing;

import akkasinks.cli.embedded.FreePort;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A real broker with a listener of each kind of security beside the plain one, which the test
 * itself uses as superuser. Users of PLAIN: {@code sink} with the password {@code plain-word}.
 */
public final class SecuredKafka implements AutoCloseable {
  /** A listener of the broker. */
  public enum Listener {
    TLS("SSL"),
    MUTUAL("SSL"),
    LOGIN("SASL_PLAINTEXT"),
    TLSLOGIN("SASL_SSL");

    private final String protocol;

    Listener(String protocol) {
      this.protocol = protocol;
    }
  }

  /** Of user {@code sink} with PLAIN. */
  public static final String PLAIN_PASSWORD = "plain-word";

  private final RealKafka kafka;
  private final Certificates certificates;
  private final Map<Listener, Integer> ports;

  private SecuredKafka(RealKafka kafka, Certificates certificates, Map<Listener, Integer> ports) {
    this.kafka = kafka;
    this.certificates = certificates;
    this.ports = ports;
  }

  /** The settings that make a broker take tokens of a server, too. */
  public static Map<String, String> taking(TokenServer tokens) {
    Map<String, String> settings = new HashMap<>();
    settings.put("-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls", tokens.keys());
    for (String listener : List.of("login", "tlslogin")) {
      String prefix = "listener.name." + listener + ".oauthbearer.sasl.";
      settings.put(
          prefix + "server.callback.handler.class",
          "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
      settings.put(
          prefix + "jaas.config",
          "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
      settings.put(
          "listener.name." + listener + ".sasl.enabled.mechanisms",
          "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER");
    }
    settings.put("sasl.oauthbearer.jwks.endpoint.url", tokens.keys());
    settings.put("sasl.oauthbearer.expected.audience", "kafka");
    settings.put("sasl.oauthbearer.expected.issuer", "tests");
    return settings;
  }

  /** With an authorizer if {@code authorized}: then only the plain listener may do anything. */
  public static SecuredKafka start(Path dir, boolean authorized, Map<String, String> more) {
    Certificates certificates = Certificates.in(dir, "client");
    Map<Listener, Integer> ports = new HashMap<>();
    for (Listener listener : Listener.values()) {
      ports.put(listener, FreePort.next());
    }
    Map<String, String> settings = new HashMap<>();
    String addresses =
        ports.entrySet().stream()
            .map(port -> port.getKey() + "://127.0.0.1:" + port.getValue())
            .collect(Collectors.joining(","));
    settings.put("listeners+", addresses);
    settings.put("advertised.listeners+", addresses);
    settings.put(
        "listener.security.protocol.map+",
        List.of(Listener.values()).stream()
            .map(listener -> listener + ":" + listener.protocol)
            .collect(Collectors.joining(",")));
    for (String listener : List.of("tls", "mutual", "tlslogin")) {
      String prefix = "listener.name." + listener + ".ssl.";
      settings.put(prefix + "keystore.type", "PEM");
      settings.put(prefix + "keystore.certificate.chain", certificates.certificate("server"));
      settings.put(prefix + "keystore.key", certificates.key("server"));
      settings.put(prefix + "truststore.type", "PEM");
      settings.put(prefix + "truststore.certificates", certificates.authority());
    }
    settings.put("listener.name.mutual.ssl.client.auth", "required");
    for (String listener : List.of("login", "tlslogin")) {
      String prefix = "listener.name." + listener + ".";
      settings.put(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
      settings.put(
          prefix + "plain.sasl.jaas.config",
          "org.apache.kafka.common.security.plain.PlainLoginModule required user_sink=\""
              + PLAIN_PASSWORD
              + "\";");
      for (String mechanism : List.of("scram-sha-256", "scram-sha-512")) {
        settings.put(
            prefix + mechanism + ".sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required;");
      }
    }
    if (authorized) {
      settings.put(
          "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
      settings.put("super.users", "User:ANONYMOUS");
    }
    settings.putAll(more);
    return new SecuredKafka(RealKafka.start(settings), certificates, ports);
  }

  /** The broker, over its plain listener. */
  public RealKafka plain() {
    return kafka;
  }

  public Certificates certificates() {
    return certificates;
  }

  /** Host and port of one of the secured listeners. */
  public String bootstrap(Listener listener) {
    return "127.0.0.1:" + ports.get(listener);
  }

  /** Gives user {@code sink} a password, or another one, and waits until the broker knows it. */
  public void scram(ScramMechanism mechanism, String password) {
    try (Admin admin = kafka.admin()) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      "sink", new ScramCredentialInfo(mechanism, 4096), password)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  /** Takes user {@code sink} its password. */
  public void scramGone(ScramMechanism mechanism) {
    try (Admin admin = kafka.admin()) {
      admin
          .alterUserScramCredentials(List.of(new UserScramCredentialDeletion("sink", mechanism)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  @Override
  public void close() {
    kafka.close();
  }
}
