package akkasinks.source.postgres;

import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Definition.Table;
import akkasinks.catalog.Definition.Tables;
import akkasinks.catalog.NeededRight;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All that PostgreSQL must allow a sink, as statements; {@link Checks} asks for the same. */
public final class PostgresRights {
  private static final String OWNER = "ALTER TABLE %s OWNER TO %s;";
  private static final String TO_PUBLISH = "to make the sink's publication";

  private PostgresRights() {}

  public static List<NeededRight> of(
      PostgresConnection connection, PostgresSource source, Sink sink) {
    String role = Sql.name(connection.user());
    String database = Sql.name(connection.database());
    List<NeededRight> all = new ArrayList<>();
    all.add(new NeededRight("POSTGRES", NeededRight.ALWAYS, replication(connection.user())));
    all.add(right(NeededRight.ALWAYS, "GRANT CONNECT ON DATABASE %s TO %s;", database, role));
    reading(source, sink, connection.user())
        .forEach(statement -> all.add(new NeededRight("POSTGRES", NeededRight.ALWAYS, statement)));
    if (source.publication().isEmpty()) {
      all.add(right(TO_PUBLISH, "GRANT CREATE ON DATABASE %s TO %s;", database, role));
      all.addAll(owning(source, sink, role));
    }
    return all;
  }

  private static List<NeededRight> owning(PostgresSource source, Sink sink, String role) {
    if (sink.details().whole().isEmpty()) {
      return List.of(right(TO_PUBLISH, OWNER, Sql.name(sink.schema(), sink.table()), role));
    }
    return switch (source.tables()) {
      case Tables.Listed(var tables) ->
          tables.stream().map(table -> right(TO_PUBLISH, OWNER, name(table), role)).toList();
      // An owner of all tables is more than anybody should run unread.
      case Tables.All _, Tables.Schemas _ ->
          List.of(
              right(TO_PUBLISH, "-- " + OWNER, "each table of the source", role),
              right(
                  TO_PUBLISH,
                  "-- or name a publication at the source, and these two are not needed"));
    };
  }

  private static List<String> reading(PostgresSource source, Sink sink, String role) {
    if (sink.details().whole().isEmpty()) {
      return List.of(
          schema(sink.schema(), role), table(Sql.name(sink.schema(), sink.table()), role));
    }
    return switch (source.tables()) {
      case Tables.All _ -> List.of("GRANT pg_read_all_data TO " + Sql.name(role) + ";");
      case Tables.Schemas(var schemas) ->
          schemas.stream()
              .flatMap(
                  name ->
                      Stream.of(
                          schema(name, role),
                          table("ALL TABLES IN SCHEMA " + Sql.name(name), role)))
              .toList();
      case Tables.Listed(var tables) ->
          Stream.concat(
                  tables.stream()
                      .map(Table::schema)
                      .filter(schema -> !schema.isEmpty())
                      .distinct()
                      .map(schema -> schema(schema, role)),
                  tables.stream().map(listed -> table(name(listed), role)))
              .toList();
    };
  }

  private static String name(Table table) {
    return table.schema().isEmpty()
        ? Sql.name(table.name())
        : Sql.name(table.schema(), table.name());
  }

  private static NeededRight right(String needed, String statement, Object... parts) {
    return new NeededRight("POSTGRES", needed, statement.formatted(parts));
  }

  static String replication(String role) {
    return "ALTER ROLE " + Sql.name(role) + " REPLICATION;";
  }

  static String schema(String schema, String role) {
    return "GRANT USAGE ON SCHEMA %s TO %s;".formatted(Sql.name(schema), Sql.name(role));
  }

  static String table(String table, String role) {
    return "GRANT SELECT ON %s TO %s;".formatted(table, Sql.name(role));
  }
}
