package akkasinks.change;

import java.util.List;

/**
 * A named, typed collection that changes, as of one moment: a column added later makes another
 * Relation of the same id.
 *
 * @param id the source's own lasting id (PostgreSQL: the table's oid)
 * @param schema the namespace in the source
 * @param columns in the source's order
 * @param key columns that tell rows apart, for sinks that leave it to the source; else empty
 */
public record Relation(
    long id, String schema, String name, List<Column> columns, List<String> key) {
  /** Of what concerns no single one. */
  public static final Relation NONE = new Relation(0, "", "", List.of());

  public Relation {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** Of a source that was told its sink's key. */
  public Relation(long id, String schema, String name, List<Column> columns) {
    this(id, schema, name, columns, List.of());
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
