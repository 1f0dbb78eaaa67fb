package akkasinks.control.relations;

import akkasinks.command.ColumnType;
import akkasinks.control.relations.Relation.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A relation as it is declared, once: its columns, and how its rows come about.
 *
 * @param rows as many cells as columns each
 */
record Declared(
    String schema,
    String name,
    List<Column> columns,
    Function<Seen, List<List<Optional<String>>>> rows) {
  static final String CATALOG = "mz_catalog";
  static final String INTERNAL = "mz_internal";
  static final String OURS = "akkasinks";
  static final String POSTGRES = "pg_catalog";

  /**
   * @param columns {@code name type, …} with the types of {@link ColumnType}
   */
  static Declared of(
      String schema,
      String name,
      String columns,
      Function<Seen, List<List<Optional<String>>>> rows) {
    List<Column> all = new ArrayList<>();
    for (String column : columns.split(",\\s*")) {
      String[] words = column.split(" ");
      all.add(new Column(words[0], ColumnType.valueOf(words[1].toUpperCase(Locale.ROOT))));
    }
    return new Declared(schema, name, all, rows);
  }

  Relation filled(Seen seen) {
    // The engine has a schema of that name itself; QueryText takes the name away.
    return new Relation(
        schema.equals(POSTGRES) ? "public" : schema, name, columns, rows.apply(seen));
  }
}
