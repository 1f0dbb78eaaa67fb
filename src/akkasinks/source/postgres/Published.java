package akkasinks.source.postgres;

import akkasinks.change.Column;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What the publication publishes of the table: a query of it reads what the stream sends.
 *
 * @param relation the published columns
 * @param filter the publication's row filter as SQL; empty for none
 * @param publication its oid; 0 while it is not made yet
 * @param partitioned changes of all partitions are published as the table's
 */
record Published(Relation relation, String filter, long publication, boolean partitioned) {

  /**
   * What is published of the table now, checked for what the sink needs of it.
   *
   * @param mustExist false for a publication that is not made yet
   */
  static Published checked(
      Connection connection, PostgresSpec spec, TableInspection.Table table, boolean mustExist)
      throws SQLException {
    var state = new Publication(spec).state(connection, table);
    return of(connection, spec, table, state, mustExist);
  }

  /**
   * The same.
   *
   * @param state of the publication as it was found, if it was
   */
  static Published of(
      Connection connection,
      PostgresSpec spec,
      TableInspection.Table table,
      Optional<Publication.State> state,
      boolean mustExist)
      throws SQLException {
    var checks = new Checks(spec);
    var columns = checks.published(table, state, mustExist);
    checks.key(columns);
    checks.identity(table, columns);
    return new Published(
        CatalogSession.relation(connection, new TypeCatalog(), table, columns, spec.toldKey()),
        state.map(Publication.State::filter).orElse(""),
        state.map(Publication.State::oid).orElse(0L),
        table.partitioned());
  }

  /** {@code SELECT columns FROM table [WHERE filter]}; more conditions go after {@link #and}. */
  String select() {
    var columns = relation.columns().stream().map(Column::name).map(Sql::name).toList();
    return "SELECT " + String.join(", ", columns) + " FROM " + from() + where();
  }

  /** The table, without tables that inherit from it: those are published by themselves. */
  String from() {
    return (partitioned ? "" : "ONLY ") + name();
  }

  String name() {
    return Sql.name(relation.schema(), relation.name());
  }

  PostgresPosition.Origin origin() {
    return new PostgresPosition.Origin(relation.id(), publication);
  }

  /** What a session that has locked the table by its name must find under it. */
  SameTable same() {
    return new SameTable(relation.schema(), relation.name(), relation.id());
  }

  /** {@code " WHERE (filter)"} or nothing. */
  String where() {
    return filter.isEmpty() ? "" : " WHERE (" + filter + ")";
  }

  /** How a further condition is joined on: {@code " AND "} or {@code " WHERE "}. */
  String and() {
    return filter.isEmpty() ? " WHERE " : " AND ";
  }
}
