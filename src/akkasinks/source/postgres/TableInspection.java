package akkasinks.source.postgres;

import akkasinks.base.Nearest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads from pg_catalog what a table is now. */
final class TableInspection {

  /**
   * @param kind pg_class.relkind: r an ordinary table, p a partitioned one, …
   * @param persistence pg_class.relpersistence: p permanent, u unlogged, t temporary
   * @param identity replica identity: d primary key, i an index, f full, n nothing
   * @param identityColumns that UPDATE and DELETE carry of the old row
   * @param uniqueKeys columns of each usable unique index
   * @param leaves partitions that hold rows; empty unless partitioned
   * @param estimatedRows −1 if not known
   */
  record Table(
      long oid,
      String schema,
      String name,
      char kind,
      char persistence,
      char identity,
      boolean toasted,
      boolean rowSecurity,
      long estimatedRows,
      List<TableColumn> columns,
      List<String> identityColumns,
      List<List<String>> uniqueKeys,
      List<Leaf> leaves) {

    boolean partitioned() {
      return kind == 'p';
    }

    /** Whether {@code key} contains a unique key. */
    boolean unique(List<String> key) {
      return uniqueKeys.stream().anyMatch(key::containsAll);
    }

    Optional<TableColumn> column(String wanted) {
      return columns.stream().filter(c -> c.name().equals(wanted)).findFirst();
    }
  }

  /**
   * @param toastable a value can be stored out of line, and is then not sent when it is unchanged
   */
  record TableColumn(
      String name,
      int typeOid,
      int modifier,
      boolean notNull,
      boolean generated,
      boolean toastable) {}

  /** One partition that holds rows. */
  record Leaf(String schema, String name, char kind, char identity, boolean toasted) {}

  private TableInspection() {}

  static Optional<Table> read(Connection connection, String schema, String name)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT c.oid::bigint, c.relkind, c.relpersistence, c.relreplident,"
                + " c.reltoastrelid <> 0, c.relrowsecurity,"
                + " (SELECT sum(greatest(l.reltuples, 0))::bigint FROM pg_class l"
                + "   WHERE l.oid = c.oid OR l.oid IN"
                + "     (SELECT relid FROM pg_partition_tree(c.oid) WHERE c.relkind = 'p')),"
                + " c.reltuples"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ?")) {
      statement.setString(1, schema);
      statement.setString(2, name);
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        long oid = row.getLong(1);
        char kind = row.getString(2).charAt(0);
        char identity = row.getString(4).charAt(0);
        var columns = columns(connection, oid);
        var indexes = uniqueIndexes(connection, oid);
        return Optional.of(
            new Table(
                oid,
                schema,
                name,
                kind,
                row.getString(3).charAt(0),
                identity,
                row.getBoolean(5),
                row.getBoolean(6),
                row.getDouble(8) < 0 && kind == 'r' ? -1 : row.getLong(7),
                columns,
                identityColumns(identity, columns, indexes),
                usable(columns, indexes),
                kind == 'p' ? leaves(connection, oid) : List.of()));
      }
    }
  }

  /** By column; under the empty name that on the table itself. */
  static Map<String, String> comments(Connection connection, long table) throws SQLException {
    Map<String, String> comments = new HashMap<>();
    try (var statement =
        connection.prepareStatement(
            "SELECT coalesce(a.attname::text, ''), d.description"
                + " FROM pg_description d LEFT JOIN pg_attribute a"
                + "   ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid > 0"
                + " WHERE d.classoid = 'pg_class'::regclass AND d.objoid = ?"
                + " AND NOT coalesce(a.attisdropped, false)")) {
      statement.setLong(1, table);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          comments.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return comments;
  }

  private record UniqueIndex(
      List<String> columns, boolean primary, boolean identity, boolean sound, boolean partial) {}

  private static List<TableColumn> columns(Connection connection, long table) throws SQLException {
    var columns = new ArrayList<TableColumn>();
    try (var statement =
        connection.prepareStatement(
            "SELECT attname, atttypid::bigint, atttypmod, attnotnull, attgenerated <> '',"
                + " attlen = -1 AND attstorage <> 'p'"
                + " FROM pg_attribute WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped"
                + " ORDER BY attnum")) {
      statement.setLong(1, table);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          int type = (int) rows.getLong(2);
          int modifier = rows.getInt(3);
          columns.add(
              new TableColumn(
                  rows.getString(1),
                  type,
                  modifier,
                  rows.getBoolean(4),
                  rows.getBoolean(5),
                  rows.getBoolean(6) && !alwaysShort(type, modifier)));
        }
      }
    }
    return columns;
  }

  /**
   * The toaster leaves a value of at most 24 bytes where it is (a toast pointer, aligned). As
   * PostgreSQL's type_maximum_size: up to 4 bytes a character, numeric in groups of 4 digits.
   */
  private static boolean alwaysShort(int type, int modifier) {
    return switch (type) {
      case 1042, 1043 -> modifier >= 4 && 4 + 4 * (modifier - 4) <= 24;
      case 1700 -> modifier >= 4 && 8 + 2 * (((((modifier - 4) >>> 16) & 0xFFFF) + 6) / 4) <= 24;
      default -> false;
    };
  }

  private static List<UniqueIndex> uniqueIndexes(Connection connection, long table)
      throws SQLException {
    var indexes = new ArrayList<UniqueIndex>();
    try (var statement =
        connection.prepareStatement(
            "SELECT ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[])"
                + "   WITH ORDINALITY k(attnum, ord) JOIN pg_attribute a"
                + "   ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
                + "   WHERE k.ord <= i.indnkeyatts ORDER BY k.ord),"
                + " i.indisprimary, i.indisreplident,"
                + " i.indisvalid AND i.indisready AND i.indislive AND i.indimmediate,"
                + " i.indpred IS NOT NULL OR i.indexprs IS NOT NULL"
                + " FROM pg_index i WHERE i.indrelid = ? AND i.indisunique"
                + " ORDER BY NOT i.indisprimary, i.indexrelid")) {
      statement.setLong(1, table);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          indexes.add(
              new UniqueIndex(
                  List.of((String[]) rows.getArray(1).getArray()),
                  rows.getBoolean(2),
                  rows.getBoolean(3),
                  rows.getBoolean(4),
                  rows.getBoolean(5)));
        }
      }
    }
    return indexes;
  }

  private static List<String> identityColumns(
      char identity, List<TableColumn> columns, List<UniqueIndex> indexes) {
    return switch (identity) {
      case 'f' -> columns.stream().map(TableColumn::name).toList();
      case 'd' -> first(indexes.stream().filter(i -> i.primary() && i.sound()).toList());
      case 'i' -> first(indexes.stream().filter(UniqueIndex::identity).toList());
      default -> List.of();
    };
  }

  private static List<String> first(List<UniqueIndex> indexes) {
    return indexes.isEmpty() ? List.of() : indexes.getFirst().columns();
  }

  private static List<List<String>> usable(List<TableColumn> columns, List<UniqueIndex> indexes) {
    Set<String> notNull = new HashSet<>();
    columns.stream().filter(TableColumn::notNull).forEach(c -> notNull.add(c.name()));
    return indexes.stream()
        .filter(i -> i.sound() && !i.partial() && notNull.containsAll(i.columns()))
        .map(UniqueIndex::columns)
        .toList();
  }

  private static List<Leaf> leaves(Connection connection, long root) throws SQLException {
    var leaves = new ArrayList<Leaf>();
    try (var statement =
        connection.prepareStatement(
            "SELECT n.nspname, c.relname, c.relkind, c.relreplident, c.reltoastrelid <> 0"
                + " FROM pg_partition_tree(?::oid::regclass) t JOIN pg_class c ON c.oid = t.relid"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.isleaf ORDER BY 1, 2")) {
      statement.setLong(1, root);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          leaves.add(
              new Leaf(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3).charAt(0),
                  rows.getString(4).charAt(0),
                  rows.getBoolean(5)));
        }
      }
    }
    return leaves;
  }

  /** The name among the database's tables that is most like {@code schema.name}, if one is. */
  static Optional<String> nearest(Connection connection, String schema, String name)
      throws SQLException {
    Optional<String> best = Optional.empty();
    int least = Math.max(2, name.length() / 3) + 1;
    try (var statement =
            connection.prepareStatement(
                "SELECT n.nspname, c.relname FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'"
                    + " AND n.nspname <> 'information_schema' ORDER BY 1, 2 LIMIT 10000");
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        int distance =
            Nearest.distance(name, rows.getString(2)) + (rows.getString(1).equals(schema) ? 0 : 1);
        if (distance < least) {
          least = distance;
          best = Optional.of(Sql.name(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return best;
  }
}
