package akkasinks.source.postgres;

import akkasinks.catalog.Definition.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which tables a source has in its database now. */
final class OfferedTables {
  /** Partitions go with their root. */
  private static final String ALL =
      """
      SELECT c.oid::bigint, n.nspname, c.relname FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 2, 3
      """;

  private static final String PUBLISHED =
      """
      SELECT c.oid::bigint, p.schemaname, p.tablename FROM pg_publication_tables p
      JOIN pg_namespace n ON n.nspname = p.schemaname
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
      WHERE p.pubname = ? ORDER BY 2, 3
      """;

  private final PostgresSpec spec;
  private final Tables tables;

  record Offered(long oid, String schema, String name) {
    String shown() {
      return Sql.name(schema, name);
    }
  }

  OfferedTables(PostgresSpec spec, Tables tables) {
    this.spec = spec;
    this.tables = tables;
  }

  /** Whether tables can come that nobody has named. */
  boolean grows() {
    return !(tables instanceof Tables.Listed);
  }

  /** Of the source's tables those that the publication holds. */
  List<Offered> published(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(PUBLISHED)) {
      statement.setString(1, spec.publicationName());
      return chosen(connection, read(statement));
    }
  }

  /** The source's tables, whether they are published or not. */
  List<Offered> all(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(ALL)) {
      return chosen(connection, read(statement));
    }
  }

  private static List<Offered> read(java.sql.PreparedStatement statement) throws SQLException {
    var found = new ArrayList<Offered>();
    try (var rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(new Offered(rows.getLong(1), rows.getString(2), rows.getString(3)));
      }
    }
    return found;
  }

  private List<Offered> chosen(Connection connection, List<Offered> found) throws SQLException {
    return switch (tables) {
      case Tables.All() -> List.copyOf(found);
      case Tables.Schemas(var names) ->
          found.stream().filter(table -> names.contains(table.schema())).toList();
      case Tables.Listed(var listed) -> {
        var oids = oids(connection, listed);
        yield found.stream().filter(table -> oids.contains(table.oid())).toList();
      }
    };
  }

  /** Names without a schema are found by the user's search path, and not by our sessions'. */
  private static Set<Long> oids(
      Connection connection, List<akkasinks.catalog.Definition.Table> listed) throws SQLException {
    var oids = new HashSet<Long>();
    try (var path = connection.createStatement();
        var statement = connection.prepareStatement("SELECT to_regclass(?)::oid::bigint")) {
      path.execute("RESET search_path");
      for (var table : listed) {
        statement.setString(
            1,
            table.schema().isEmpty()
                ? Sql.name(table.name())
                : Sql.name(table.schema(), table.name()));
        try (var row = statement.executeQuery()) {
          row.next();
          oids.add(row.getLong(1));
        }
      }
      path.execute("SET search_path = pg_catalog");
    }
    return oids;
  }
}
