package akkasinks.source.postgres;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How to reach a PostgreSQL database.
 *
 * @param password asked for at each connection; empty text for none
 * @param sslMode as libpq's: disable, allow, prefer, require, verify-ca, verify-full
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
    Duration connectTimeout,
    Duration socketTimeout) {

  /** With a connect timeout of 10 s and a socket timeout of 60 s. */
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
        Duration.ofSeconds(10),
        Duration.ofSeconds(60));
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }
}
