package akkasinks.format.input;

import akkasinks.change.Type;
import java.util.List;

/**
 * A column to be read.
 *
 * @param column its place in {@link Fields}
 */
public record InputColumn(String name, Type.Scalar type, boolean nullable, int column) {
  /** The same, of a row that may lack any of them. */
  static List<InputColumn> nullable(List<InputColumn> columns) {
    return columns.stream()
        .map(c -> new InputColumn(c.name(), c.type(), true, c.column()))
        .toList();
  }
}
