package akkasinks.change;

import java.util.List;

/**
 * A named, typed collection that changes, as of one moment: a column added later makes another
 * Relation of the same id.
 *
 * @param id the source's own lasting id (PostgreSQL: the table's oid)
 * @param schema the namespace in the source
 * @param columns in the source's order
 */
public record Relation(long id, String schema, String name, List<Column> columns) {
  public Relation {
    columns = List.copyOf(columns);
  }

  /** The column's place, or −1. */
  public int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }
}
