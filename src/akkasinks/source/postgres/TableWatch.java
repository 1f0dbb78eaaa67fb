package akkasinks.source.postgres;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.source.postgres.OfferedTables.Offered;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches which tables a whole source's publication holds; and has the sink's own publication hold
 * those that were created since. Called on the monitor's thread; what it has seen is for any.
 */
final class TableWatch implements SlotMonitor.Watch {
  private final PostgresSpec.Whole whole;
  private final OfferedTables offered;
  private final Publication publication;
  private final TableOpening opening;
  private volatile List<Offered> published;
  private volatile Map<Offered, Failure> refused = Map.of();

  /**
   * @param published what the publication holds at the beginning
   */
  TableWatch(
      PostgresSpec spec,
      PostgresSpec.Whole whole,
      OfferedTables offered,
      TableOpening opening,
      List<Offered> published) {
    this.whole = whole;
    this.offered = offered;
    this.publication = new Publication(spec);
    this.opening = opening;
    this.published = published;
  }

  /** The same list until another one is found. */
  List<Offered> published() {
    return published;
  }

  /** Tables that could not be added to the sink's own publication. */
  Map<Offered, Failure> refused() {
    return refused;
  }

  @Override
  public Optional<Failure> look(Connection connection) throws SQLException {
    if (publication.owned() && offered.grows()) {
      refused = publish(connection);
      if (!whole.excludes() && !refused.isEmpty()) {
        return Optional.of(refused.values().iterator().next());
      }
    }
    var now = offered.published(connection);
    if (!now.equals(published)) {
      published = now;
    }
    return Optional.empty();
  }

  /** Has the sink's own publication hold all tables that can be carried; gives the others. */
  Map<Offered, Failure> publish(Connection connection) throws SQLException {
    Set<Long> held =
        offered.published(connection).stream()
            .map(Offered::oid)
            .collect(Collectors.toCollection(HashSet::new));
    var not = new HashMap<Offered, Failure>();
    for (var table : offered.all(connection)) {
      if (!held.contains(table.oid())) {
        add(connection, table).ifPresent(why -> not.put(table, why));
      }
    }
    return Map.copyOf(not);
  }

  private Optional<Failure> add(Connection connection, Offered table) {
    try {
      publication.add(connection, opening.look(connection, table, false).table());
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(PostgresFailures.of("cannot publish table " + table.shown(), e).failure());
    } catch (FailureException e) {
      return Optional.of(e.failure());
    }
  }
}
