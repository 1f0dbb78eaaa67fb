package akkasinks.control;

import akkasinks.command.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the rows of an answer. */
final class Table {
  private final String tag;
  private final List<String> columns;
  private final List<List<Optional<String>>> rows = new ArrayList<>();

  Table(String tag, String... columns) {
    this.tag = tag;
    this.columns = List.of(columns);
  }

  /** One row; an empty text stands for NULL. */
  Table row(String... values) {
    List<Optional<String>> row = new ArrayList<>();
    for (var value : values) {
      row.add(value.isEmpty() ? Optional.empty() : Optional.of(value));
    }
    rows.add(List.copyOf(row));
    return this;
  }

  Outcome outcome() {
    return new Outcome.Rows(tag, columns, rows, List.of());
  }
}
