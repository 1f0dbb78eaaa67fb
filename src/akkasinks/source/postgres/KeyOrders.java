package akkasinks.source.postgres;

import akkasinks.source.postgres.LocalOrder.ColumnOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who knows the order of a table's key: the JVM if it can be exact, else the database.
 */
final class KeyOrders {
  private static final String COLUMNS =
      """
      SELECT k.name, b.typname, bn.nspname = 'pg_catalog', format_type(t.oid, NULL),
        CASE WHEN a.attcollation = 0 THEN ''
          ELSE quote_ident(cn.nspname) || '.' || quote_ident(c.collname) END,
        CASE WHEN c.collname = 'default' AND cn.nspname = 'pg_catalog'
          THEN coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'b'
            OR coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c'
              AND d.datcollate IN ('C', 'POSIX')
          ELSE c.collprovider = 'b' OR c.collprovider = 'c' AND c.collcollate IN ('C', 'POSIX') END
      FROM unnest(?::text[]) WITH ORDINALITY AS k(name, place)
      JOIN pg_attribute a ON a.attrelid = ?::oid AND a.attname = k.name
      JOIN pg_type t ON t.oid = a.atttypid
      JOIN LATERAL (
        WITH RECURSIVE base AS (
          SELECT t.oid, t.typtype, t.typbasetype
          UNION ALL SELECT n.oid, n.typtype, n.typbasetype
          FROM base JOIN pg_type n ON base.typtype = 'd' AND n.oid = base.typbasetype)
        SELECT oid FROM base WHERE typtype <> 'd') undomained ON true
      JOIN pg_type b ON b.oid = undomained.oid
      JOIN pg_namespace bn ON bn.oid = b.typnamespace
      JOIN pg_database d ON d.datname = current_database()
      LEFT JOIN pg_collation c ON c.oid = a.attcollation
      LEFT JOIN pg_namespace cn ON cn.oid = c.collnamespace
      ORDER BY k.place
      """;

  private KeyOrders() {}

  static KeyOrder of(Connection connection, Sessions sessions, long table, List<String> key)
      throws SQLException {
    var local = new ArrayList<ColumnOrder>();
    var types = new ArrayList<String>();
    try (var statement = connection.prepareStatement(COLUMNS)) {
      statement.setArray(1, connection.createArrayOf("text", key.toArray()));
      statement.setLong(2, table);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var collation = rows.getString(5);
          types.add(rows.getString(4) + (collation.isEmpty() ? "" : " COLLATE " + collation));
          if (rows.getBoolean(3)) {
            local(rows.getString(2), rows.getBoolean(6)).ifPresent(local::add);
          }
        }
      }
    }
    return local.size() == key.size() ? new LocalOrder(local) : new AskedOrder(sessions, types);
  }

  /** Empty where only the database knows: collated text, char(n) with its blanks, floats, enums. */
  private static Optional<ColumnOrder> local(String type, boolean byBytes) {
    return switch (type) {
      case "int2", "int4", "int8", "oid" -> Optional.of(ColumnOrder.INTEGER);
      case "numeric" -> Optional.of(ColumnOrder.NUMERIC);
      case "uuid", "bytea", "bool" -> Optional.of(ColumnOrder.ASCII);
      case "text", "varchar" -> byBytes ? Optional.of(ColumnOrder.BYTES) : Optional.empty();
      case "date" -> Optional.of(ColumnOrder.DATE);
      case "timestamp", "timestamptz" -> Optional.of(ColumnOrder.TIMESTAMP);
      default -> Optional.empty();
    };
  }
}
