package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;

/** What PostgreSQL and its driver report, as failures; never with a secret. */
final class PostgresFailures {
  private PostgresFailures() {}

  /**
   * @param doing what was being done: "cannot read the catalog of …"
   */
  static FailureException of(String doing, SQLException error) {
    var failure = Failure.of(code(error), doing + ": " + reason(error));
    return (error.getSQLState() != null && error.getSQLState().equals("42501")
            ? failure.hint("Grant the role what the message names.")
            : failure)
        .exception(error);
  }

  /** No connection could be made. */
  static FailureException connecting(PostgresSettings to, Duration tried, SQLException error) {
    var state = String.valueOf(error.getSQLState());
    var where = to.host() + ":" + to.port();
    return (switch (state) {
          case "28P01", "28000" ->
              Failure.of(
                      Code.AUTHENTICATION,
                      "PostgreSQL at %s refused user \"%s\": %s"
                          .formatted(where, to.user(), reason(error)))
                  .hint("Check USER, PASSWORD and the server's pg_hba.conf.");
          case "3D000" ->
              Failure.of(
                      Code.UNDEFINED_OBJECT,
                      "PostgreSQL at %s has no database \"%s\"".formatted(where, to.database()))
                  .hint("Check DATABASE: upper and lower case matter, and it is no schema.");
          case "42501" ->
              Failure.of(
                      Code.PRIVILEGE,
                      "role \"%s\" may not connect so to PostgreSQL at %s: %s"
                          .formatted(to.user(), where, reason(error)))
                  .hint("ALTER ROLE " + Sql.name(to.user()) + " REPLICATION; grants replication.");
          case "53300" ->
              Failure.of(
                      Code.BUSY,
                      "PostgreSQL at %s has no connection left: %s".formatted(where, reason(error)))
                  .hint("Raise max_connections or max_wal_senders and restart the server.");
          default ->
              encrypting(error)
                  ? Failure.of(
                          Code.AUTHENTICATION,
                          "TLS with PostgreSQL at %s failed: %s".formatted(where, reason(error)))
                      .hint(
                          "Check SSL MODE and SSL CERTIFICATE AUTHORITY, that HOST is a name in the"
                              + " server's certificate, and that the server has ssl = on.")
                  : Failure.of(
                          Code.UNREACHABLE,
                          "PostgreSQL at %s is not reachable (tried for %.1f s): %s"
                              .formatted(where, tried.toMillis() / 1000.0, reason(error)))
                      .hint(
                          "Check HOST and PORT, and that the server runs and accepts connections.");
        })
        .exception(error);
  }

  /** Whether it was TLS that failed: of the driver's errors only their texts tell. */
  private static boolean encrypting(SQLException error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      var text = String.valueOf(at.getMessage());
      if (at instanceof SSLException
          || text.contains("SSL")
          || text.contains("could not be verified")) {
        return true;
      }
    }
    return false;
  }

  /** The server's primary message without its severity, or the driver's. */
  static String reason(SQLException error) {
    if (error instanceof PSQLException known && known.getServerErrorMessage() != null) {
      var message = known.getServerErrorMessage().getMessage();
      if (message != null) {
        return message;
      }
    }
    var cause = error.getCause();
    var text = String.valueOf(error.getMessage());
    return cause == null || cause.getMessage() == null || text.contains(cause.getMessage())
        ? text
        : text + " (" + cause.getMessage() + ")";
  }

  /** Whether it is an error of the server's, and not one that the driver met. */
  static boolean reported(SQLException error) {
    return error instanceof PSQLException known && known.getServerErrorMessage() != null;
  }

  static boolean timedOut(SQLException error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static Code code(SQLException error) {
    var state = error.getSQLState();
    if (state == null) {
      return Code.INTERNAL;
    }
    return switch (state) {
      case "42501" -> Code.PRIVILEGE;
      case "42P01" -> Code.UNDEFINED_TABLE;
      case "42704" -> Code.UNDEFINED_OBJECT;
      case "42710" -> Code.DUPLICATE_OBJECT;
      case "55006", "55P03", "53300", "40001", "40P01" -> Code.BUSY;
      case "55000", "53400" -> Code.PREREQUISITE;
      case "57P01", "57P02", "57P03", "57P05" -> Code.CONNECTION_LOST;
      default -> state.startsWith("08") ? Code.CONNECTION_LOST : Code.INTERNAL;
    };
  }
}
