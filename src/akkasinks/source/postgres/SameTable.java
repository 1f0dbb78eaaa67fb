package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Whether the sink's table still is the one whose rows the topic holds. Its name proves nothing: a
 * table that is dropped and created again does not continue the old one, whose keys nobody has
 * deleted.
 */
record SameTable(String schema, String name, long oid) {
  private static final String BY_OID_AND_BY_NAME =
      """
      SELECT was.nspname, was.relname, is_now.oid IS NOT NULL
      FROM (SELECT) one
      LEFT JOIN (SELECT nspname, relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?) was ON true
      LEFT JOIN (SELECT c.oid FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?) is_now ON true
      """;

  /** What has become of it; empty if it is there under its name. */
  Optional<Failure> changed(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(BY_OID_AND_BY_NAME)) {
      statement.setLong(1, oid);
      statement.setString(2, schema);
      statement.setString(3, name);
      try (var row = statement.executeQuery()) {
        row.next();
        var schemaNow = row.getString(1);
        var nameNow = row.getString(2);
        boolean nameTaken = row.getBoolean(3);
        if (schemaNow == null || nameNow == null) {
          return Optional.of(nameTaken ? recreated() : dropped());
        }
        if (schemaNow.equals(schema) && nameNow.equals(name)) {
          return Optional.empty();
        }
        return Optional.of(nameTaken ? replaced(schemaNow, nameNow) : renamed(schemaNow, nameNow));
      }
    }
  }

  /** What has become of it, once its name has been seen to be another's. */
  FailureException lost(Connection connection) throws SQLException {
    return changed(connection).orElseGet(this::recreated).exception();
  }

  Failure recreated() {
    return another("table " + shown() + " was dropped and created again");
  }

  Failure renamed(String schemaNow, String nameNow) {
    return Failure.of(
            Code.SCHEMA_CHANGED,
            "table %s was renamed to %s".formatted(shown(), Sql.name(schemaNow, nameNow)))
        .hint("Rename it back, or drop the sink and create it on the new name.");
  }

  private Failure replaced(String schemaNow, String nameNow) {
    return another(
        "table %s was renamed to %s, and another bears its name"
            .formatted(shown(), Sql.name(schemaNow, nameNow)));
  }

  private static Failure another(String message) {
    return Failure.of(Code.HISTORY_CHANGED, message)
        .detail("The topic holds rows of the old table.")
        .hint("ALTER SINK … RESNAPSHOT brings the topic in step with the new table.");
  }

  private Failure dropped() {
    return Failure.of(Code.UNDEFINED_TABLE, "table " + shown() + " was dropped")
        .hint("Drop the sink too; or create the table again, then ALTER SINK … RESNAPSHOT.");
  }

  private String shown() {
    return Sql.name(schema, name);
  }
}
