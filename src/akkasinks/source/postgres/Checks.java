package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import akkasinks.base.Notice;
import akkasinks.source.postgres.TableInspection.Leaf;
import akkasinks.source.postgres.TableInspection.Table;
import akkasinks.source.postgres.TableInspection.TableColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold in the database for a sink to run; each failure says the statement to run. */
final class Checks {
  private static final int OLDEST = 14;

  private final PostgresSpec spec;

  Checks(PostgresSpec spec) {
    this.spec = spec;
  }

  /** What concerns the server and the role, before anything is made. */
  void server(Connection connection) throws SQLException {
    var metadata = connection.getMetaData();
    if (metadata.getDatabaseMajorVersion() < OLDEST) {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "PostgreSQL %s is too old: %d or newer is needed"
                  .formatted(metadata.getDatabaseProductVersion(), OLDEST))
          .exception();
    }
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT pg_is_in_recovery(), current_setting('wal_level'),"
                    + " current_setting('max_replication_slots')::int,"
                    + " (SELECT count(*) FROM pg_replication_slots),"
                    + " current_setting('max_wal_senders')::int,"
                    + " (SELECT count(*) FROM pg_stat_get_wal_senders()),"
                    + " (SELECT rolreplication OR rolsuper FROM pg_roles"
                    + "   WHERE rolname = current_user),"
                    + " EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = "
                    + Sql.string(spec.slot())
                    + ")")) {
      row.next();
      if (row.getBoolean(1)) {
        throw Failure.of(
                Code.NOT_SUPPORTED,
                spec.settings().host() + ":" + spec.settings().port() + " is a standby")
            .detail("A standby's snapshots leave out transactions in progress.")
            .hint("Connect to the primary.")
            .exception();
      }
      if (!row.getString(2).equals("logical")) {
        throw Failure.of(Code.PREREQUISITE, "wal_level is \"" + row.getString(2) + "\"")
            .detail("Logical replication needs wal_level = logical.")
            .hint("ALTER SYSTEM SET wal_level = logical; then restart the server.")
            .exception();
      }
      if (!row.getBoolean(7)) {
        throw Failure.of(
                Code.PRIVILEGE,
                "role \"" + spec.settings().user() + "\" lacks the REPLICATION attribute")
            .hint(PostgresRights.replication(spec.settings().user()))
            .exception();
      }
      if (!row.getBoolean(8) && row.getInt(4) >= row.getInt(3)) {
        throw full("max_replication_slots", row.getInt(3), "replication slots");
      }
      if (row.getInt(6) >= row.getInt(5)) {
        throw full("max_wal_senders", row.getInt(5), "walsenders");
      }
    }
  }

  private static RuntimeException full(String setting, int limit, String what) {
    return Failure.of(Code.PREREQUISITE, "all %d %s are in use".formatted(limit, what))
        .hint(
            "ALTER SYSTEM SET %s = %d; then restart the server."
                .formatted(setting, Math.max(limit + 1, limit * 2)))
        .exception();
  }

  /** The table as it is now, if a stream of it can be had. */
  Table table(Connection connection) throws SQLException {
    var found = TableInspection.read(connection, spec.schema(), spec.table());
    if (found.isEmpty()) {
      var failure =
          Failure.of(Code.UNDEFINED_TABLE, "table %s does not exist".formatted(spec.tableName()));
      var nearest = TableInspection.nearest(connection, spec.schema(), spec.table());
      throw nearest.map(n -> failure.hint("Is it " + n + "?")).orElse(failure).exception();
    }
    var table = found.get();
    if (table.kind() != 'r' && table.kind() != 'p') {
      throw Failure.of(
              Code.NOT_SUPPORTED, spec.tableName() + " is " + kind(table.kind()) + ", not a table")
          .detail("Logical replication carries tables only.")
          .exception();
    }
    if (table.persistence() != 'p') {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "table %s is %s: it writes no WAL"
                  .formatted(
                      spec.tableName(), table.persistence() == 'u' ? "unlogged" : "temporary"))
          .hint(
              table.persistence() == 'u'
                  ? "ALTER TABLE " + spec.tableName() + " SET LOGGED;"
                  : "Use a permanent table.")
          .exception();
    }
    for (var leaf : table.leaves()) {
      if (leaf.kind() != 'r') {
        throw Failure.of(
                Code.NOT_SUPPORTED,
                "partition %s of %s is a foreign table"
                    .formatted(Sql.name(leaf.schema(), leaf.name()), spec.tableName()))
            .detail("Its changes are not in this server's WAL.")
            .exception();
      }
    }
    readable(connection);
    return table;
  }

  private void readable(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT has_schema_privilege(?, 'USAGE') AND has_table_privilege(?, 'SELECT'),"
                + " row_security_active(?)")) {
      statement.setString(1, spec.schema());
      statement.setString(2, spec.tableName());
      statement.setString(3, spec.tableName());
      try (var row = statement.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          throw Failure.of(
                  Code.PRIVILEGE,
                  "role \"%s\" may not read table %s"
                      .formatted(spec.settings().user(), spec.tableName()))
              .hint(
                  PostgresRights.schema(spec.schema(), spec.settings().user())
                      + " "
                      + PostgresRights.table(spec.tableName(), spec.settings().user()))
              .exception();
        }
        if (row.getBoolean(2)) {
          throw Failure.of(
                  Code.PRIVILEGE,
                  "row-level security hides rows of table %s from role \"%s\""
                      .formatted(spec.tableName(), spec.settings().user()))
              .hint("ALTER ROLE " + Sql.name(spec.settings().user()) + " BYPASSRLS;")
              .exception();
        }
      }
    }
  }

  private static String kind(char relkind) {
    return switch (relkind) {
      case 'v' -> "a view";
      case 'm' -> "a materialized view";
      case 'f' -> "a foreign table";
      case 'S' -> "a sequence";
      case 'i', 'I' -> "an index";
      default -> "of kind '" + relkind + "'";
    };
  }

  /** The columns that the publication carries; for one that is not made yet, all it will. */
  List<String> published(Table table, Optional<Publication.State> state, boolean mustExist) {
    var name = Sql.name(spec.publicationName());
    if (state.isEmpty()) {
      if (!mustExist) {
        return Publication.withoutGenerated(table);
      }
      var failure =
          Failure.of(
              Code.UNDEFINED_OBJECT,
              "publication \"%s\" does not exist".formatted(spec.publicationName()));
      throw (spec.publication().isPresent()
              ? failure.hint(
                  "CREATE PUBLICATION %s FOR TABLE %s;".formatted(name, spec.tableName()))
              : failure.hint("ALTER SINK … RESNAPSHOT makes it again and begins anew."))
          .exception();
    }
    var publication = state.get();
    if (table.partitioned() && !publication.viaRoot()) {
      throw Failure.of(
              Code.PREREQUISITE,
              "publication \"%s\" publishes the partitions of %s, not the table itself"
                  .formatted(spec.publicationName(), spec.tableName()))
          .hint("ALTER PUBLICATION %s SET (publish_via_partition_root = true);".formatted(name))
          .exception();
    }
    if (publication.columns().isEmpty()) {
      var lacking =
          Failure.of(
              Code.PREREQUISITE,
              "publication \"%s\" does not contain table %s"
                  .formatted(spec.publicationName(), spec.tableName()));
      // What changed while the table was out of it would be lost if it were just put back.
      throw (spec.publication().isPresent()
              ? lacking.hint("ALTER PUBLICATION %s ADD TABLE %s;".formatted(name, spec.tableName()))
              : lacking.hint("ALTER SINK … RESNAPSHOT makes it again and begins anew."))
          .exception();
    }
    if (!publication.lacking().isEmpty()) {
      throw Failure.of(
              Code.PREREQUISITE,
              "publication \"%s\" does not publish %s"
                  .formatted(spec.publicationName(), String.join(", ", publication.lacking())))
          .hint(
              "ALTER PUBLICATION %s SET (publish = 'insert, update, delete, truncate');"
                  .formatted(name))
          .exception();
    }
    return publication.columns().get();
  }

  /** KEY names published columns. */
  void key(List<String> published) {
    for (var column : spec.key()) {
      if (!published.contains(column)) {
        throw Failure.of(
                Code.UNDEFINED_COLUMN,
                "column \"%s\" of KEY is not a published column of %s"
                    .formatted(column, spec.tableName()))
            .column(column)
            .detail("Published columns: " + String.join(", ", published))
            .hint(
                Nearest.to(column, published.stream())
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElse("Choose KEY from the published columns."))
            .exception();
      }
    }
  }

  /** The replica identity carries what the sink must know of old rows. */
  void identity(Table table, List<String> published) {
    if (spec.insertsOnly()) {
      return;
    }
    if (table.identity() != 'f') {
      needsFull(table.identityColumns(), table.columns(), table.toasted(), published)
          .ifPresent(why -> refuse(spec.tableName(), why));
    }
    for (var leaf : table.leaves()) {
      if (leaf.identity() != 'f') {
        var identity = leaf.identity() == 'n' ? List.<String>of() : table.identityColumns();
        needsFull(identity, table.columns(), leaf.toasted(), published)
            .ifPresent(why -> refuse(name(leaf), why));
      }
    }
  }

  private static String name(Leaf leaf) {
    return Sql.name(leaf.schema(), leaf.name());
  }

  private static void refuse(String table, String why) {
    throw Failure.of(Code.PREREQUISITE, "table " + table + " needs REPLICA IDENTITY FULL: " + why)
        .hint("ALTER TABLE " + table + " REPLICA IDENTITY FULL;")
        .exception();
  }

  private Optional<String> needsFull(
      List<String> identity, List<TableColumn> columns, boolean toasted, List<String> published) {
    if (spec.needsBefore()) {
      return Optional.of("the envelope carries the whole row before each change");
    }
    if (identity.isEmpty()) {
      return Optional.of("it has no replica identity, so updates and deletes could not be sent");
    }
    for (var column : spec.key()) {
      if (!identity.contains(column)) {
        return Optional.of("column \"" + column + "\" of KEY is not in its replica identity");
      }
    }
    if (toasted) {
      for (var column : columns) {
        if (column.toastable()
            && published.contains(column.name())
            && !identity.contains(column.name())) {
          return Optional.of(
              "an update that leaves a large value of column \""
                  + column.name()
                  + "\" unchanged would not send it");
        }
      }
    }
    return Optional.empty();
  }

  /** What the author of the sink should know. */
  List<Notice> notices(Table table, Optional<Publication.State> publication) {
    var notices = new ArrayList<Notice>();
    if (publication.isPresent() && !publication.get().truncate()) {
      notices.add(
          Notice.of(
                  "publication \"%s\" does not publish truncate".formatted(spec.publicationName()))
              .detail("A TRUNCATE of " + spec.tableName() + " will not be seen."));
    }
    if (table.partitioned()) {
      notices.add(
          Notice.of("table " + spec.tableName() + " is partitioned")
              .detail(
                  "PostgreSQL does not publish TRUNCATE of a single partition, nor ATTACH and"
                      + " DETACH PARTITION, as changes of the table."));
    }
    return notices;
  }
}
