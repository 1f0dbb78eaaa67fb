package akkasinks.source.postgres;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How to reach a PostgreSQL database.
 *
 * @param password asked for at each connection; empty text for none
 * @param sslMode as libpq's: disable, allow, prefer, require, verify-ca, verify-full
 * @param tls asked for at each connection
 * @param way asked for at each connection: where to connect to reach the host, if not at its own
 *     address
 * @param connectTimeout for a connection to be made, authentication included
 * @param socketTimeout a connection that is silent for so long, although it should not be, is dead
 */
public record PostgresSettings(
    String host,
    int port,
    String user,
    Supplier<String> password,
    String database,
    String sslMode,
    Supplier<Tls> tls,
    Supplier<Optional<InetSocketAddress>> way,
    Duration connectTimeout,
    Duration socketTimeout) {

  /** PEM texts; an empty one is the JVM's default. */
  public record Tls(
      Optional<String> authority, Optional<String> certificate, Optional<String> key) {
    static final Tls NONE = new Tls(Optional.empty(), Optional.empty(), Optional.empty());

    @Override
    public String toString() {
      return "Tls[<redacted>]";
    }
  }

  /** The same with certificates of one's own. */
  public PostgresSettings with(Supplier<Tls> certificates) {
    return new PostgresSettings(
        host,
        port,
        user,
        password,
        database,
        sslMode,
        certificates,
        way,
        connectTimeout,
        socketTimeout);
  }

  /** The same, reached by another way. */
  public PostgresSettings by(Supplier<Optional<InetSocketAddress>> other) {
    return new PostgresSettings(
        host, port, user, password, database, sslMode, tls, other, connectTimeout, socketTimeout);
  }

  /** With a connect timeout of 10 s and a socket timeout of 60 s, and no certificates. */
  public static PostgresSettings of(
      String host,
      int port,
      String user,
      Supplier<String> password,
      String database,
      String sslMode) {
    return new PostgresSettings(
        host,
        port,
        user,
        password,
        database,
        sslMode,
        () -> Tls.NONE,
        Optional::empty,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60));
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }
}
