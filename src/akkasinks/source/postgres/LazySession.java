package akkasinks.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A session that is opened when it is needed, kept, and opened anew when it is gone. Used by one
 * thread, except for {@link #close}.
 */
final class LazySession implements AutoCloseable {
  private final Sessions sessions;
  private final String purpose;
  private volatile @Nullable Connection connection;

  LazySession(Sessions sessions, String purpose) {
    this.sessions = sessions;
    this.purpose = purpose;
  }

  /**
   * Acts over the session; one that has failed is not used again.
   *
   * @param doing for the message if it fails: "cannot read …"
   */
  <T> T over(String doing, Sessions.Act<T> act) {
    try {
      return act.on(open());
    } catch (SQLException e) {
      close();
      throw PostgresFailures.of(doing, e);
    }
  }

  private Connection open() throws SQLException {
    var current = connection;
    if (current == null || current.isClosed()) {
      current = sessions.plain(purpose);
      connection = current;
    }
    return current;
  }

  @Override
  public void close() {
    var current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException ignored) {
        // The server notices by itself.
      }
    }
  }
}
