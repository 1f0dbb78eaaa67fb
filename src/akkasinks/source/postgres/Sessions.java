package akkasinks.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.PgConnection;

/**
 * Opens sessions whose text output is the same everywhere: a value read by a chunk query and the
 * same value sent by the walsender have the same bytes, whatever the role's or server's settings.
 */
public final class Sessions {
  private static final String PINNED =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres';"
          + " SET extra_float_digits = 1; SET bytea_output = 'hex'; SET row_security = off;"
          + " SET client_encoding = 'UTF8'; SET lc_monetary = 'C'; SET search_path = pg_catalog;"
          // Else a backslash in a key's text would end its literal early, or mean another value.
          + " SET standard_conforming_strings = on;"
          // Names that a value shows (regclass and its like) would come in quotes.
          + " SET quote_all_identifiers = off; SET client_min_messages = 'warning';"
          // Those that this version has: each would end a session that only waits.
          + " SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN"
          + " ('statement_timeout', 'lock_timeout', 'transaction_timeout',"
          + " 'idle_session_timeout', 'idle_in_transaction_session_timeout')";

  private final PostgresSettings settings;

  public Sessions(PostgresSettings settings) {
    this.settings = settings;
  }

  public PostgresSettings settings() {
    return settings;
  }

  /**
   * A session for queries, in auto-commit.
   *
   * @param purpose shown in the server's pg_stat_activity
   */
  public Connection plain(String purpose) {
    return open(properties(purpose));
  }

  /** What is done over a session that is closed afterwards. */
  @FunctionalInterface
  interface Act<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Acts over a plain session and closes it.
   *
   * @param doing for the message if it fails: "cannot read …"
   */
  <T> T over(String purpose, String doing, Act<T> act) {
    try (var connection = plain(purpose)) {
      return act.on(connection);
    } catch (SQLException e) {
      throw PostgresFailures.of(doing, e);
    }
  }

  /** A session of a walsender: replication commands, and SQL in simple queries. */
  PgConnection replication(String purpose) {
    var properties = properties(purpose);
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.4");
    return open(properties);
  }

  private Properties properties(String purpose) {
    var properties = new Properties();
    PGProperty.PG_HOST.set(properties, settings.host());
    PGProperty.PG_PORT.set(properties, settings.port());
    PGProperty.PG_DBNAME.set(properties, settings.database());
    PGProperty.USER.set(properties, settings.user());
    var password = settings.password().get();
    if (!password.isEmpty()) {
      PGProperty.PASSWORD.set(properties, password);
    }
    PGProperty.SSL_MODE.set(properties, settings.sslMode());
    if (!settings.sslMode().equals("disable")) {
      PemSockets.ask(properties, settings.tls().get());
    }
    settings.way().get().ifPresent(way -> SocketsTo.ask(properties, way));
    PGProperty.APPLICATION_NAME.set(properties, "akkasinks " + purpose);
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
    PGProperty.SOCKET_TIMEOUT.set(properties, seconds(settings.socketTimeout()));
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.LOG_UNCLOSED_CONNECTIONS.set(properties, false);
    return properties;
  }

  private PgConnection open(Properties properties) {
    long began = System.nanoTime();
    try {
      var connection = new Driver().connect("jdbc:postgresql://", properties);
      if (connection == null) {
        throw new SQLException("the driver took the address for another database's", "08001");
      }
      pin(connection);
      return connection.unwrap(PgConnection.class);
    } catch (SQLException e) {
      throw PostgresFailures.connecting(settings, Duration.ofNanos(System.nanoTime() - began), e);
    }
  }

  private static void pin(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(PINNED);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static int seconds(Duration duration) {
    return (int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(duration.toMillis() + 999));
  }
}
