package akkasinks.catalog;

import static akkasinks.catalog.OptionTables.properties;
import static akkasinks.catalog.OptionTables.spec;

import akkasinks.catalog.OptionType.Bool;
import akkasinks.catalog.OptionType.ConnectionName;
import akkasinks.catalog.OptionType.OneOf;
import akkasinks.catalog.OptionType.SecretOnly;
import akkasinks.catalog.OptionType.Text;
import akkasinks.catalog.OptionType.TextOrSecret;
import akkasinks.catalog.OptionType.Texts;
import akkasinks.catalog.OptionType.Whole;
import java.util.List;
import java.util.stream.Stream;

/** The options of connections. */
final class ConnectionOptions {
  private static final OptionType TEXT = new Text();
  private static final OptionType BOOL = new Bool();

  private static final OptionSpec AUTHORITY =
      spec(
          "SSL CERTIFICATE AUTHORITY",
          new TextOrSecret(),
          "",
          "PEM of the certificates to trust; the JVM's own if left out.");

  private static final OptionSpec CERTIFICATE =
      spec(
          "SSL CERTIFICATE",
          new TextOrSecret(),
          "",
          "PEM of the client's certificate; needs `SSL KEY`.");

  private static final OptionSpec KEY =
      spec(
          "SSL KEY",
          new SecretOnly(),
          "",
          "PEM (PKCS#8) of the client's private key; needs `SSL CERTIFICATE`.");

  private static final OptionSpec TUNNEL =
      spec(
          "SSH TUNNEL",
          new ConnectionName(),
          "",
          "The connection to the bastion that leads there; the host is one that the bastion"
              + " knows.");

  static final OptionTable SSH =
      new OptionTable(
          "CREATE CONNECTION … TO SSH TUNNEL",
          "the connection's parentheses",
          List.of(
              spec("HOST", TEXT, "", "Name or address of the bastion. Required."),
              spec(
                  "PORT",
                  new Whole(1, 65_535, "must be between 1 and 65535"),
                  "22",
                  "Where its sshd listens."),
              spec("USER", TEXT, "", "Who logs in there, with the tunnel's keys. Required."),
              spec(
                  "HOST KEY",
                  TEXT,
                  "",
                  "The bastion's own key, `'ssh-ed25519 AAAA…'`, as `ssh-keyscan` shows it: no"
                      + " other server is taken for it. Without it any is.")));

  static final OptionTable POSTGRES =
      new OptionTable(
          "CREATE CONNECTION … TO POSTGRES",
          "the connection's parentheses",
          List.of(
              spec("HOST", TEXT, "", "Name or address of the server. Required."),
              spec(
                  "PORT", new Whole(1, 65_535, "must be between 1 and 65535"), "5432", "Its port."),
              spec("USER", TEXT, "", "Role to log in as; it needs `REPLICATION`. Required."),
              spec(
                  "PASSWORD",
                  new SecretOnly(),
                  "",
                  "Its password, as `SECRET name`; never in clear, since definitions are stored and"
                      + " shown."),
              spec("DATABASE", TEXT, "", "The database. Required."),
              spec(
                  "SSL MODE",
                  new OneOf(
                      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full")),
                  "prefer",
                  "As libpq's `sslmode`."),
              spec(
                  "SSL CERTIFICATE AUTHORITY",
                  new TextOrSecret(),
                  "",
                  "PEM of the certificates to trust; if given, the server's is checked in every"
                      + " mode. Without it `verify-ca` and `verify-full` trust the JVM's own."),
              CERTIFICATE,
              KEY,
              TUNNEL));

  /** Who logs in, with every mechanism but OAUTHBEARER. */
  static final List<String> SASL_USER = List.of("SASL USERNAME", "SASL PASSWORD");

  /** What OAUTHBEARER needs instead. */
  static final List<String> SASL_OAUTH =
      List.of(
          "SASL OAUTHBEARER TOKEN ENDPOINT URL",
          "SASL OAUTHBEARER CLIENT ID",
          "SASL OAUTHBEARER CLIENT SECRET");

  static final String SASL_SCOPE = "SASL OAUTHBEARER SCOPE";

  /** Options that make a Kafka connection a SASL one. */
  static final List<String> SASL =
      Stream.of(
              Stream.of("SASL MECHANISMS"),
              SASL_USER.stream(),
              SASL_OAUTH.stream(),
              Stream.of(SASL_SCOPE))
          .flatMap(names -> names)
          .toList();

  static final OptionTable KAFKA =
      new OptionTable(
          "CREATE CONNECTION … TO KAFKA",
          "the connection's parentheses",
          Stream.concat(
                  Stream.of(
                      spec("BROKER", TEXT, "", "`host:port` of one broker; port 9092 if left out."),
                      spec("BROKERS", new Texts(), "", "The same for several: `('a:1', 'b:2')`."),
                      spec(
                          "SECURITY PROTOCOL",
                          new OneOf(List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")),
                          "SASL_SSL with a SASL option, else SSL",
                          "How to talk to the brokers. Clear text has to be asked for."),
                      spec(
                          "SASL MECHANISMS",
                          new OneOf(
                              List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")),
                          "",
                          "How to log in."),
                      spec("SASL USERNAME", new TextOrSecret(), "", "Who logs in."),
                      spec("SASL PASSWORD", new SecretOnly(), "", "With what password."),
                      spec(
                          "SASL OAUTHBEARER TOKEN ENDPOINT URL",
                          TEXT,
                          "",
                          "Where `OAUTHBEARER` gets its tokens (OAuth's client credentials)."),
                      spec(
                          "SASL OAUTHBEARER CLIENT ID", new TextOrSecret(), "", "As which client."),
                      spec(
                          "SASL OAUTHBEARER CLIENT SECRET",
                          new SecretOnly(),
                          "",
                          "With what secret."),
                      spec(SASL_SCOPE, TEXT, "", "For what scope, if the endpoint wants one."),
                      AUTHORITY,
                      CERTIFICATE,
                      KEY,
                      spec(
                          "PROGRESS TOPIC",
                          TEXT,
                          "_akkasinks-progress-{installation}-{connection id}",
                          "Where the sinks of this connection keep their progress; made if it is"
                              + " not there."),
                      spec(
                          "PROGRESS TOPIC REPLICATION FACTOR",
                          new Whole(1, Short.MAX_VALUE, "must be greater than 0"),
                          "the broker's",
                          "Used when the progress topic is made.")),
                  properties(
                      "client.id",
                      "client.rack",
                      "client.dns.lookup",
                      "connections.max.idle.ms",
                      "metadata.max.age.ms",
                      "reconnect.backoff.max.ms",
                      "reconnect.backoff.ms",
                      "request.timeout.ms",
                      "retry.backoff.max.ms",
                      "retry.backoff.ms",
                      "socket.connection.setup.timeout.max.ms",
                      "socket.connection.setup.timeout.ms",
                      "ssl.cipher.suites",
                      "ssl.enabled.protocols",
                      "ssl.endpoint.identification.algorithm"))
              .toList(),
          List.of(List.of("BROKER", "BROKERS")));

  static final OptionTable REGISTRY =
      new OptionTable(
          "CREATE CONNECTION … TO CONFLUENT SCHEMA REGISTRY",
          "the connection's parentheses",
          List.of(
              spec(
                  "URL",
                  TEXT,
                  "",
                  "`http://` or `https://`, host, port, and a path if the registry's API has one."
                      + " Required."),
              spec("USERNAME", new TextOrSecret(), "", "Who logs in, by HTTP basic auth."),
              spec("PASSWORD", new SecretOnly(), "", "With what password; needs `USERNAME`."),
              AUTHORITY,
              CERTIFICATE,
              KEY,
              TUNNEL));

  static final OptionTable WITH =
      new OptionTable(
          "CREATE CONNECTION",
          "WITH (…)",
          List.of(
              spec("VALIDATE", BOOL, "TRUE", "Whether to connect once before it is accepted.")));

  private ConnectionOptions() {}
}
