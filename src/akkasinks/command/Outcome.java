package akkasinks.command;

import akkasinks.base.Failure;
import akkasinks.base.Notice;
import java.util.List;
import java.util.Objects;

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
   * @param types one per column; empty if all are texts
   */
  record Rows(
      String tag,
      List<String> columns,
      List<List<java.util.Optional<String>>> rows,
      List<Notice> notices,
      List<ColumnType> types)
      implements Outcome {
    public Rows {
      // A node of an older version does not send them.
      types = List.copyOf(Objects.requireNonNullElse(types, List.of()));
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      notices = List.copyOf(notices);
    }

    /** All columns are texts. */
    public Rows(
        String tag,
        List<String> columns,
        List<List<java.util.Optional<String>>> rows,
        List<Notice> notices) {
      this(tag, columns, rows, notices, List.of());
    }

    public ColumnType type(int column) {
      return types.isEmpty() ? ColumnType.TEXT : types.get(column);
    }
  }

  record Failed(Failure failure) implements Outcome {}
}
