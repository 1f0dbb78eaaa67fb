package akkasinks.testing;

import akkasinks.testing.RealPostgres.Database;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a query in the JSON forms that a sink's topic must hold. Postgres itself makes them,
 * by its own functions: none of the product's encoders is asked.
 */
final class RowsAsJson {
  private RowsAsJson() {}

  /** One object per row, its fields in the order of the query's columns. */
  static List<JsonNode> of(Database database, String select) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres';"
              + " SET extra_float_digits = 1");
      List<String> fields = new ArrayList<>();
      try (ResultSet types = statement.executeQuery(select + " LIMIT 0")) {
        for (int i = 1; i <= types.getMetaData().getColumnCount(); i++) {
          String name = types.getMetaData().getColumnName(i);
          String type = base(connection, types.getMetaData().getColumnTypeName(i));
          fields.add(
              "'%s', %s".formatted(name.replace("'", "''"), form(type, "q.\"" + name + "\"")));
        }
      }
      List<JsonNode> rows = new ArrayList<>();
      statement.setFetchSize(10_000);
      connection.setAutoCommit(false);
      try (ResultSet result =
          statement.executeQuery(
              "SELECT json_build_object(%s)::text FROM (%s) q"
                  .formatted(String.join(", ", fields), select))) {
        while (result.next()) {
          rows.add(Canonical.parse(result.getString(1)));
        }
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
      return rows;
    }
  }

  /** The type below all domains. */
  private static String base(Connection connection, String type) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            WITH RECURSIVE t AS (
              SELECT oid, typname, typbasetype FROM pg_type WHERE typname = ?
              UNION ALL SELECT p.oid, p.typname, p.typbasetype FROM pg_type p, t
              WHERE p.oid = t.typbasetype)
            SELECT typname FROM t WHERE typbasetype = 0
            """)) {
      statement.setString(1, type.replaceFirst("^.*\\.", "").replace("\"", ""));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : type;
      }
    }
  }

  private static String form(String type, String c) {
    return switch (type) {
      case "bool", "int2", "int4", "int8", "float4", "float8", "json", "jsonb" -> c;
      case "serial" -> c + "::int4";
      case "bigserial" -> c + "::int8";
      case "oid" -> c + "::int8";
      case "bytea" ->
          """
          CASE WHEN %1$s IS NOT NULL THEN coalesce((SELECT json_agg(get_byte(%1$s, i) ORDER BY i)
            FROM generate_series(0, length(%1$s) - 1) i), '[]') END\
          """
              .formatted(c);
      case "time" ->
          """
          CASE WHEN extract(microseconds FROM %1$s)::int8 %% 1000 > 0
            THEN to_char(%1$s, 'HH24:MI:SS.US')
            WHEN extract(microseconds FROM %1$s)::int8 %% 1000000 > 0
            THEN to_char(%1$s, 'HH24:MI:SS.MS') ELSE %1$s::text END\
          """
              .formatted(c);
      case "timestamp", "timestamptz" ->
          """
          CASE WHEN isfinite(%1$s) THEN floor(extract(epoch FROM %1$s) * 1000)::int8 || '.'
            || lpad(((extract(epoch FROM %1$s) * 1000000)::numeric
                 - floor(extract(epoch FROM %1$s) * 1000) * 1000)::int8::text, 3, '0')
            ELSE %1$s::text END\
          """
              .formatted(c);
      case "bpchar" -> "rpad(%1$s::text, octet_length(%1$s))".formatted(c);
      default -> type.startsWith("_") ? "to_json(" + c + ")" : c + "::text";
    };
  }
}
