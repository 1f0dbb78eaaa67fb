package akkasinks.command;

import akkasinks.base.Failure;
import akkasinks.base.Notice;
import java.util.List;

/** What became of a {@link Command}. */
public sealed interface Outcome {

  /**
   * @param tag as PostgreSQL's command tag: {@code CREATE SINK}
   */
  record Done(String tag, List<Notice> notices) implements Outcome {
    public Done {
      notices = List.copyOf(notices);
    }
  }

  /**
   * @param tag as PostgreSQL's command tag
   * @param rows texts; NULL is an empty Optional's place, the Java null never
   */
  record Rows(
      String tag,
      List<String> columns,
      List<List<java.util.Optional<String>>> rows,
      List<Notice> notices)
      implements Outcome {
    public Rows {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      notices = List.copyOf(notices);
    }
  }

  record Failed(Failure failure) implements Outcome {}
}
