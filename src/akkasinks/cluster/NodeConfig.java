package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's settings; hocon/reference.conf has each with its default and meaning.
 *
 * @param answerWithin how long a statement waits for the catalog or a sink
 * @param pekko everything Pekko reads, with what follows from the other settings filled in
 */
public record NodeConfig(
    Address node,
    State state,
    Key secrets,
    SinkSettings sinks,
    Backoff debts,
    Duration answerWithin,
    Auth auth,
    Http http,
    Pgwire pgwire,
    Management management,
    Config pekko) {

  /** Name of the actor system: the same on all nodes of a cluster. */
  public static final String SYSTEM = "akkasinks";

  /**
   * @param port 0 for a free one
   * @param seeds host:port each; empty if there is a discovery
   * @param tls between nodes
   */
  public record Address(
      String host,
      int port,
      List<String> seeds,
      Optional<Discovery> discovery,
      List<String> roles,
      Optional<NodeTls> tls) {
    public Address {
      seeds = List.copyOf(seeds);
      roles = List.copyOf(roles);
    }
  }

  /**
   * @param jdbcUrl empty for a file in {@code dir}
   */
  public record State(Path dir, String jdbcUrl, String user, String password) {
    boolean isFile() {
      return jdbcUrl.isEmpty();
    }

    /** Written through to the operating system at each commit: a killed node loses nothing. */
    String url() {
      return isFile()
          ? "jdbc:h2:file:"
              + dir.toAbsolutePath().resolve("akkasinks")
              + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
          : jdbcUrl;
    }

    @Override
    public String toString() {
      return "State[" + dir + ", " + jdbcUrl + ", " + user + "]";
    }
  }

  /**
   * @param value the key itself; empty to read {@code file}
   * @param folders files in them can be values of options: {@code ${file:/path}}
   * @param variables environment variables that can: {@code ${env:NAME}}
   */
  public record Key(Path file, String value, List<Path> folders, List<String> variables) {
    public Key {
      folders = List.copyOf(folders);
      variables = List.copyOf(variables);
    }

    @Override
    public String toString() {
      return "Key[" + file + "]";
    }
  }

  /**
   * @param required whether clients must log in
   * @param openToNetwork whether the node may listen elsewhere than on loopback although it, or its
   *     port for other nodes, lets everyone in
   * @param password the superuser's; empty if it is in {@code passwordFile}
   */
  public record Auth(
      boolean required, boolean openToNetwork, String password, Optional<Path> passwordFile) {
    @Override
    public String toString() {
      return "Auth[" + required + ", " + openToNetwork + "]";
    }
  }

  /**
   * @param tls empty for none
   */
  public record Http(String host, int port, Optional<Pem> tls) {}

  /**
   * @param port 0 for a free one
   */
  public record Management(String host, int port) {}

  /**
   * @param tls empty for none
   */
  public record Pgwire(
      String host, int port, int maxConnections, Optional<Pem> tls, boolean tlsRequired) {}

  /** Of one certificate authority for all nodes; each proves itself to the other. */
  public record NodeTls(Pem pem, Path authority) {}

  /** The defaults and, over them, the file's settings; system properties go before both. */
  public static NodeConfig load(Optional<Path> file) {
    return of(file.map(NodeConfig::parse).orElse(ConfigFactory.empty()));
  }

  /**
   * The defaults and, over them, {@code settings}.
   *
   * @throws akkasinks.base.FailureException INVALID_PARAMETER naming the key that is wrong
   */
  public static NodeConfig of(Config settings) {
    try {
      var all =
          ConfigFactory.systemProperties()
              .withFallback(settings)
              .withFallback(ConfigFactory.parseResources("node.conf"))
              .withFallback(ConfigFactory.defaultReferenceUnresolved())
              .resolve();
      KnownKeys.check(settings.resolveWith(all));
      var config = read(all);
      Listening.check(config);
      return config;
    } catch (ConfigException e) {
      throw Failure.of(Code.INVALID_PARAMETER, "the configuration cannot be read")
          .detail(String.valueOf(e.getMessage()))
          .exception(e);
    }
  }

  private static Config parse(Path file) {
    if (!file.toFile().canRead()) {
      throw Failure.of(Code.INVALID_PARAMETER, "cannot read configuration file \"" + file + "\"")
          .exception();
    }
    return ConfigFactory.parseFile(file.toFile());
  }

  private static NodeConfig read(Config all) {
    var ours = all.getConfig("akkasinks");
    var management =
        new Management(ours.getString("management.host"), ours.getInt("management.port"));
    var node =
        new Address(
            ours.getString("node.host"),
            ours.getInt("node.port"),
            ours.getStringList("node.seeds"),
            Discovery.of(ours.getConfig("node"), management),
            ours.getStringList("node.roles"),
            nodeTls(ours.getConfig("node.tls")));
    var state =
        new State(
            Path.of(ours.getString("state.dir")),
            ours.getString("state.jdbc-url"),
            ours.getString("state.user"),
            ours.getString("state.password"));
    return new NodeConfig(
        node,
        state,
        new Key(
            Path.of(ours.getString("secrets.key-file")),
            ours.getString("secrets.key"),
            ours.getStringList("secrets.folders").stream().map(Path::of).toList(),
            ours.getStringList("secrets.variables")),
        new SinkSettings(
            backoff(ours.getConfig("sinks")),
            ours.getDuration("sinks.user-retry"),
            ours.getDuration("sinks.mirror-interval")),
        backoff(ours.getConfig("debts")),
        ours.getDuration("answer-within"),
        new Auth(
            ours.getBoolean("auth.required"),
            ours.getBoolean("auth.open-to-network"),
            ours.getString("auth.password"),
            file(ours.getString("auth.password-file"))),
        new Http(
            ours.getString("http.host"),
            ours.getInt("http.port"),
            pem(ours.getConfig("http.tls"), "akkasinks.http.tls")),
        pgwire(ours.getConfig("pgwire")),
        management,
        ConfigFactory.parseMap(filledIn(node, management, state))
            .withFallback(all.withoutPath("akkasinks")));
  }

  private static Pgwire pgwire(Config config) {
    return new Pgwire(
        config.getString("host"),
        config.getInt("port"),
        config.getInt("max-connections"),
        pem(config.getConfig("tls"), "akkasinks.pgwire.tls"),
        config.getBoolean("tls.required"));
  }

  private static Optional<NodeTls> nodeTls(Config config) {
    var authority = file(config.getString("authority"));
    var pem = pem(config, "akkasinks.node.tls");
    if (pem.isPresent() != authority.isPresent()) {
      throw Failure.of(
              Code.INVALID_PARAMETER, "TLS between nodes needs certificate, key and authority")
          .hint("See akkasinks.node.tls in the node's configuration.")
          .exception();
    }
    return pem.flatMap(own -> authority.map(trusted -> new NodeTls(own, trusted)));
  }

  private static Optional<Pem> pem(Config config, String settings) {
    var certificate = file(config.getString("certificate"));
    var key = file(config.getString("key"));
    if (certificate.isPresent() != key.isPresent()) {
      throw Failure.of(Code.INVALID_PARAMETER, "TLS needs both a certificate and its key")
          .hint("See " + settings + " in the node's configuration.")
          .exception();
    }
    return certificate.flatMap(of -> key.map(its -> new Pem(of, its, settings)));
  }

  private static Optional<Path> file(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
  }

  private static Backoff backoff(Config config) {
    return new Backoff(config.getDuration("backoff-least"), config.getDuration("backoff-most"));
  }

  private static void fillIn(NodeTls tls, Map<String, Object> values) {
    values.put("pekko.remote.artery.transport", "tls-tcp");
    values.put("pekko.remote.artery.ssl.ssl-engine-provider", NodeTlsEngine.class.getName());
    values.put(NodeTlsEngine.SETTINGS + ".certificate", tls.pem().certificate().toString());
    values.put(NodeTlsEngine.SETTINGS + ".key", tls.pem().key().toString());
    values.put(NodeTlsEngine.SETTINGS + ".authority", tls.authority().toString());
  }

  private static Map<String, Object> filledIn(Address node, Management management, State state) {
    Map<String, Object> values = new HashMap<>();
    values.put("pekko.remote.artery.canonical.hostname", node.host());
    values.put("pekko.remote.artery.canonical.port", node.port());
    values.put(
        "pekko.cluster.seed-nodes",
        ConfigValueFactory.fromIterable(
            node.seeds().stream().map(seed -> "pekko://" + SYSTEM + "@" + seed).toList()));
    node.tls().ifPresent(tls -> fillIn(tls, values));
    values.put("pekko.cluster.roles", ConfigValueFactory.fromIterable(node.roles()));
    node.discovery().ifPresent(discovery -> values.putAll(discovery.pekko()));
    // Under this address Cluster Bootstrap knows this node among those that it finds.
    values.put("pekko.management.http.hostname", management.host());
    values.put("pekko.management.http.port", management.port());
    var database = "pekko-persistence-jdbc.shared-databases.slick.";
    boolean postgres = state.url().startsWith("jdbc:postgresql:");
    values.put(
        database + "profile", postgres ? "slick.jdbc.PostgresProfile$" : "slick.jdbc.H2Profile$");
    values.put(database + "db.url", state.url());
    values.put(database + "db.user", state.user());
    values.put(database + "db.password", state.password());
    values.put(database + "db.driver", postgres ? "org.postgresql.Driver" : "org.h2.Driver");
    return values;
  }
}
