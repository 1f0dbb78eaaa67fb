package akkasinks.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The publication that a stream is read through. One that the user named is only looked at; one
 * that the sink owns bears the slot's name and holds just the sink's table.
 */
final class Publication {

  /**
   * @param lacking what of insert, update, delete it does not publish
   * @param columns published of the table, in table order; empty if the table is not in it
   * @param filter the row filter as SQL; empty for none
   */
  record State(
      long oid,
      List<String> lacking,
      boolean truncate,
      boolean viaRoot,
      Optional<List<String>> columns,
      String filter) {}

  private record Entry(List<String> columns, String filter) {}

  private final PostgresSpec spec;

  Publication(PostgresSpec spec) {
    this.spec = spec;
  }

  boolean owned() {
    return spec.publication().isEmpty();
  }

  /** Empty if there is no such publication. */
  Optional<State> state(Connection connection, TableInspection.Table table) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, oid::bigint"
                + " FROM pg_publication WHERE pubname = ?")) {
      statement.setString(1, spec.publicationName());
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        var lacking = new ArrayList<String>();
        var acts = List.of("insert", "update", "delete");
        for (int i = 0; i < acts.size(); i++) {
          if (!row.getBoolean(i + 1)) {
            lacking.add(acts.get(i));
          }
        }
        var entry = entry(connection, table);
        return Optional.of(
            new State(
                row.getLong(6),
                lacking,
                row.getBoolean(4),
                row.getBoolean(5),
                entry.map(Entry::columns),
                entry.map(Entry::filter).orElse("")));
      }
    }
  }

  private Optional<Entry> entry(Connection connection, TableInspection.Table table)
      throws SQLException {
    boolean lists = connection.getMetaData().getDatabaseMajorVersion() >= 15;
    try (var statement =
        connection.prepareStatement(
            "SELECT "
                + (lists ? "attnames::text[], coalesce(rowfilter, '')" : "NULL::text[], ''")
                + " FROM pg_publication_tables"
                + " WHERE pubname = ? AND schemaname = ? AND tablename = ?")) {
      statement.setString(1, spec.publicationName());
      statement.setString(2, table.schema());
      statement.setString(3, table.name());
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        var names = row.getArray(1);
        return Optional.of(
            new Entry(
                names == null ? withoutGenerated(table) : List.of((String[]) names.getArray()),
                row.getString(2)));
      }
    }
  }

  /** What a publication without a column list publishes. */
  static List<String> withoutGenerated(TableInspection.Table table) {
    return table.columns().stream()
        .filter(c -> !c.generated())
        .map(TableInspection.TableColumn::name)
        .toList();
  }

  /** Makes the sink's own; one that is there already is made anew, as its tables may be others. */
  void create(Connection connection, List<TableInspection.Table> tables) throws SQLException {
    drop(connection);
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE PUBLICATION %s%s WITH (publish_via_partition_root = %s)"
              .formatted(
                  Sql.name(spec.publicationName()),
                  tables.isEmpty()
                      ? ""
                      : tables.stream()
                          .map(
                              t ->
                                  (t.partitioned() ? "" : "ONLY ") + Sql.name(t.schema(), t.name()))
                          .collect(Collectors.joining(", ", " FOR TABLE ", "")),
                  spec.whole().isPresent()
                      || tables.stream().anyMatch(TableInspection.Table::partitioned)));
    }
  }

  /** Has the sink's own hold another table. */
  void add(Connection connection, TableInspection.Table table) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "ALTER PUBLICATION %s ADD TABLE %s%s"
              .formatted(
                  Sql.name(spec.publicationName()),
                  table.partitioned() ? "" : "ONLY ",
                  Sql.name(table.schema(), table.name())));
    }
  }

  /** Drops the sink's own; a named one is left alone. */
  void drop(Connection connection) throws SQLException {
    if (owned()) {
      try (var statement = connection.createStatement()) {
        statement.execute("DROP PUBLICATION IF EXISTS " + Sql.name(spec.publicationName()));
      }
    }
  }
}
