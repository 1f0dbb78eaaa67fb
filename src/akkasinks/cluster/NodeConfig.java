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
    Http http,
    Pgwire pgwire,
    Management management,
    Config pekko) {

  /** Name of the actor system: the same on all nodes of a cluster. */
  public static final String SYSTEM = "akkasinks";

  /**
   * @param port 0 for a free one
   * @param seeds host:port each; empty if there is a discovery
   */
  public record Address(
      String host,
      int port,
      List<String> seeds,
      Optional<Discovery> discovery,
      List<String> roles) {
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

  public record Http(String host, int port) {}

  /**
   * @param port 0 for a free one
   */
  public record Management(String host, int port) {}

  /**
   * @param certificate,key empty for no TLS
   */
  public record Pgwire(
      String host,
      int port,
      int maxConnections,
      Optional<Path> certificate,
      Optional<Path> key,
      boolean tlsRequired) {}

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
      return read(all);
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
            ours.getStringList("node.roles"));
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
        new Http(ours.getString("http.host"), ours.getInt("http.port")),
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
        file(config.getString("tls.certificate")),
        file(config.getString("tls.key")),
        config.getBoolean("tls.required"));
  }

  private static Optional<Path> file(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
  }

  private static Backoff backoff(Config config) {
    return new Backoff(config.getDuration("backoff-least"), config.getDuration("backoff-most"));
  }

  private static Map<String, Object> filledIn(Address node, Management management, State state) {
    Map<String, Object> values = new HashMap<>();
    values.put("pekko.remote.artery.canonical.hostname", node.host());
    values.put("pekko.remote.artery.canonical.port", node.port());
    values.put(
        "pekko.cluster.seed-nodes",
        ConfigValueFactory.fromIterable(
            node.seeds().stream().map(seed -> "pekko://" + SYSTEM + "@" + seed).toList()));
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
