package akkasinks.pgwire;

import akkasinks.base.Failure;
import java.util.List;
import java.util.Optional;

/** What a client sends once it is connected. */
sealed interface FrontendMessage {

  record Query(String sql) implements FrontendMessage {}

  /**
   * @param types oids of the first parameters; 0 for one whose type the client leaves open
   */
  record Parse(String name, String sql, List<Integer> types) implements FrontendMessage {
    public Parse {
      types = List.copyOf(types);
    }
  }

  /**
   * @param formats of the values: none for text, one for all, or one each; 0 text, 1 binary
   * @param results formats of the result's columns, in the same way
   */
  record Bind(
      String portal,
      String statement,
      List<Integer> formats,
      List<Optional<byte[]>> values,
      List<Integer> results)
      implements FrontendMessage {
    public Bind {
      formats = List.copyOf(formats);
      values = List.copyOf(values);
      results = List.copyOf(results);
    }
  }

  record Describe(Target target, String name) implements FrontendMessage {}

  record Close(Target target, String name) implements FrontendMessage {}

  /** What {@link Describe} and {@link Close} are about. */
  enum Target {
    STATEMENT,
    PORTAL
  }

  /**
   * @param mostRows 0 for all
   */
  record Execute(String portal, int mostRows) implements FrontendMessage {}

  record Sync() implements FrontendMessage {}

  record Flush() implements FrontendMessage {}

  record Terminate() implements FrontendMessage {}

  /** Copy data that comes although no COPY is under way: PostgreSQL ignores it, too. */
  record Ignored() implements FrontendMessage {}

  /**
   * @param name of the message, for the error
   */
  record Unsupported(String name) implements FrontendMessage {}

  /**
   * One whose text is none; the connection goes on.
   *
   * @param query whether it was a simple query
   */
  record Unreadable(Failure failure, boolean query) implements FrontendMessage {}
}
