package akkasinks.control.relations;

import akkasinks.command.ColumnType;
import java.util.List;
import java.util.Optional;

/**
 * A relation and what it holds now.
 *
 * @param schema where it lies; it is found without the schema, too
 * @param rows texts as PostgreSQL writes them, empty for NULL; as many as columns
 */
public record Relation(
    String schema, String name, List<Column> columns, List<List<Optional<String>>> rows) {
  public Relation {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  public record Column(String name, ColumnType type) {}
}
