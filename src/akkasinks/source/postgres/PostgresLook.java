package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.catalog.Definition.Table;
import akkasinks.catalog.Definition.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a database for statements that make no sink; changes nothing there. */
public final class PostgresLook {
  private final Sessions sessions;
  private final Checks checks;

  public PostgresLook(PostgresSettings settings, InstantSource clock) {
    this.sessions = new Sessions(settings);
    this.checks =
        new Checks(
            new PostgresSpec(
                settings,
                "",
                Optional.empty(),
                "",
                "",
                List.of(),
                false,
                false,
                false,
                OnTruncate.STALL,
                new Retention(0, false),
                0,
                0,
                clock));
  }

  /** Connects and authenticates, no more: VALIDATE CONNECTION. */
  public void connection() {
    sessions.over("validate", "cannot connect", _ -> 0);
  }

  /**
   * That a source could be read: a primary with wal_level = logical, the publication if one is
   * named, and each listed schema and table.
   */
  public void source(Optional<String> publication, Tables tables) {
    sessions.over(
        "inspect source",
        "cannot inspect the database",
        connection -> {
          checks.server(connection);
          asTheUserSees(connection);
          if (publication.isPresent()) {
            demand(
                connection,
                "SELECT FROM pg_publication WHERE pubname = ?",
                publication.get(),
                "publication \"%s\" does not exist".formatted(publication.get()),
                "CREATE PUBLICATION %s FOR TABLE …; or leave PUBLICATION out, and each sink owns one."
                    .formatted(Sql.name(publication.get())));
          }
          switch (tables) {
            case Tables.All() -> {}
            case Tables.Schemas(var names) -> {
              for (var name : names) {
                demand(
                    connection,
                    "SELECT FROM pg_namespace WHERE nspname = ?",
                    name,
                    "schema \"%s\" does not exist".formatted(name),
                    "Check its name, as SELECT nspname FROM pg_namespace shows it, and DATABASE of"
                        + " the connection.");
              }
            }
            case Tables.Listed(var listed) -> {
              for (var table : listed) {
                listed(connection, table);
                if (publication.isPresent()) {
                  published(connection, publication.get(), table);
                }
              }
            }
          }
          return 0;
        });
  }

  private static void listed(Connection connection, Table table) throws SQLException {
    var name =
        table.schema().isEmpty() ? Sql.name(table.name()) : Sql.name(table.schema(), table.name());
    demand(
        connection,
        "SELECT FROM pg_class WHERE oid = to_regclass(?)",
        name,
        "table %s does not exist".formatted(name),
        TableInspection.nearest(
                connection, table.schema().isEmpty() ? "public" : table.schema(), table.name())
            .map(nearest -> "Is it " + nearest + "?")
            .orElse("Write schema.table if it lies outside the role's search_path."));
  }

  /** A partitioned table may be published as its partitions: CREATE SINK looks at that closer. */
  private static void published(Connection connection, String publication, Table table)
      throws SQLException {
    var name =
        table.schema().isEmpty() ? Sql.name(table.name()) : Sql.name(table.schema(), table.name());
    try (var statement =
        connection.prepareStatement(
            "SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = to_regclass(?) AND c.relkind = 'r' AND NOT EXISTS (SELECT FROM"
                + " pg_publication_tables p WHERE p.pubname = ? AND p.schemaname = n.nspname"
                + " AND p.tablename = c.relname)")) {
      statement.setString(1, name);
      statement.setString(2, publication);
      try (var row = statement.executeQuery()) {
        if (row.next()) {
          throw Failure.of(
                  Code.PREREQUISITE,
                  "publication \"%s\" does not contain table %s".formatted(publication, name))
              .hint("ALTER PUBLICATION %s ADD TABLE %s;".formatted(Sql.name(publication), name))
              .exception();
        }
      }
    }
  }

  private static void demand(
      Connection connection, String query, String name, String message, String hint)
      throws SQLException {
    try (var statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          throw Failure.of(Code.UNDEFINED_OBJECT, message).hint(hint).exception();
        }
      }
    }
  }

  /**
   * The schema where the search path finds the table, or the first of {@code schemas} that has it;
   * {@code public} if there is none, so that a later check says what is missing.
   */
  public String schemaOf(String table, List<String> schemas) {
    return sessions.over(
        "inspect table",
        "cannot look for table \"%s\"".formatted(table),
        connection -> {
          asTheUserSees(connection);
          for (var schema : schemas) {
            if (schemaHolding(connection, Sql.name(schema, table)).isPresent()) {
              return schema;
            }
          }
          return schemas.isEmpty()
              ? schemaHolding(connection, Sql.name(table)).orElse("public")
              : schemas.getFirst();
        });
  }

  /** Our sessions pin an empty search path; names that the user wrote are found by theirs. */
  private static void asTheUserSees(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("RESET search_path");
    }
  }

  private static Optional<String> schemaHolding(Connection connection, String name)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = to_regclass(?)")) {
      statement.setString(1, name);
      try (var row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** Names of the relation's columns; none if there is no such relation. */
  public List<String> columns(String schema, String table) {
    return sessions.over(
        "inspect table",
        "cannot look at table " + Sql.name(schema, table),
        connection -> {
          var names = new ArrayList<String>();
          try (var statement =
              connection.prepareStatement(
                  "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?)"
                      + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            statement.setString(1, Sql.name(schema, table));
            try (var row = statement.executeQuery()) {
              while (row.next()) {
                names.add(row.getString(1));
              }
            }
          }
          return List.copyOf(names);
        });
  }

  /** WAL that the slot holds back, in bytes; −1 if there is no such slot. */
  public long retainedBytes(String slot) {
    return sessions.over(
        "look at slot " + slot,
        "cannot look at slot " + slot,
        connection ->
            new Slot(sessions, slot).state(connection).map(Slot.State::retainedBytes).orElse(-1L));
  }
}
