package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Looks whether the state store has its tables. Pekko's own "create if not exists" is none on H2:
 * it meets its own index and leaves a stack trace in the state directory at each start.
 */
final class StateSchema {
  private StateSchema() {}

  /**
   * @throws akkasinks.base.FailureException UNREACHABLE if the store cannot be opened
   */
  static boolean exists(NodeConfig.State state) {
    try (var connection = DriverManager.getConnection(state.url(), state.user(), state.password());
        var tables = connection.getMetaData().getTables(null, null, "durable_state", null)) {
      return tables.next();
    } catch (SQLException e) {
      throw unreachable(state, e);
    }
  }

  static RuntimeException unreachable(NodeConfig.State state, Throwable cause) {
    return Failure.of(Code.UNREACHABLE, "the state store cannot be opened")
        .detail(String.valueOf(cause.getMessage()))
        .hint(
            state.isFile()
                ? "Does another node use \"" + state.dir() + "\"?"
                : "See akkasinks.state.jdbc-url, user and password.")
        .exception(cause);
  }
}
