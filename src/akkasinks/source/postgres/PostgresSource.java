package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.change.PostgresPosition.Origin;
import akkasinks.change.SnapshotState;
import akkasinks.source.ChangeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postgresql.jdbc.PgConnection;

/** One table of a PostgreSQL database as the source of one sink, through a slot of its own. */
public final class PostgresSource implements ChangeSource {
  private final PostgresSpec spec;
  private final Sessions sessions;
  private final Checks checks;
  private final Publication publication;
  private final SinkSlot slot;
  private final SlotReading reading;

  public PostgresSource(PostgresSpec spec) {
    this.spec = spec;
    this.sessions = new Sessions(spec.settings());
    this.checks = new Checks(spec);
    this.publication = new Publication(spec);
    this.slot = SinkSlot.of(spec, sessions);
    this.reading = new SlotReading(spec, sessions, slot.slot());
  }

  @Override
  public Inspection inspect() {
    return slot.over(
        "cannot inspect table " + spec.tableName(),
        connection -> {
          checks.server(connection);
          var table = checks.table(connection);
          var state = publication.state(connection, table);
          var published = published(connection, table, !publication.owned());
          sessions.replication("check " + spec.slot()).close();
          return new Inspection(
              published.relation(),
              table.unique(spec.key()),
              table.uniqueKeys(),
              checks.notices(table, state),
              TableInspection.comments(connection, table.oid()));
        });
  }

  @Override
  public Position begin() {
    return begin(false);
  }

  private PostgresPosition begin(boolean again) {
    return slot.over(
        "cannot begin slot \"" + spec.slot() + "\"",
        connection -> {
          var table = checks.table(connection);
          if (!publication.owned()) {
            published(connection, table, true);
          }
          slot.slot().drop(connection);
          checks.server(connection);
          if (publication.owned()) {
            publication.create(connection, List.of(table));
          }
          FailPoints.reach("source.publication.created");
          var published = published(connection, table, true);
          var begun = slot.begin(connection);
          return begun.position(
              spec.slot(),
              spec.snapshot() || again
                  ? Optional.of(
                      SnapshotState.atSlot(Visibles.parse(begun.created().exported()), again))
                  : Optional.empty(),
              published.origin());
        });
  }

  @Override
  public Position again(Optional<Position> frontier) {
    var usable =
        frontier
            .filter(PostgresPosition.class::isInstance)
            .map(PostgresPosition.class::cast)
            .filter(this::continues);
    if (usable.isEmpty()) {
      return begin(true);
    }
    var from = usable.get();
    return slot.over(
        "cannot begin a RESNAPSHOT of " + spec.tableName(),
        connection ->
            from.at(
                from.end(),
                from.within(),
                Optional.of(SnapshotState.beside(Visibles.now(connection), true))));
  }

  /**
   * Whether the stream can go on from there. A publication that was dropped and created again, or
   * one of the sink's own that lost the table, does not show what changed meanwhile, although the
   * slot and the table are as they were. Nor does a slot that the server cannot decode.
   */
  private boolean continues(PostgresPosition position) {
    return slot.over(
        "cannot look at slot \"" + spec.slot() + "\"",
        connection -> {
          try {
            var table = table(connection, position);
            continuesOrFails(connection, position);
            var now = publication.state(connection, table);
            return (position.origin().isEmpty()
                    || now.map(Publication.State::oid)
                        .equals(position.origin().map(Origin::publication)))
                && (!publication.owned() || now.flatMap(Publication.State::columns).isPresent())
                && reading.decodes(connection, position);
          } catch (FailureException e) {
            if (e.failure().code() != Code.HISTORY_CHANGED) {
              throw e;
            }
            return false;
          }
        });
  }

  private void continuesOrFails(Connection connection, PostgresPosition position)
      throws SQLException {
    try (var replication = sessions.replication("check " + spec.slot())) {
      History.check(replication, position);
      slot.require(connection, position);
    }
  }

  /** The table as it is now, which must be the one that the position was reached with. */
  private TableInspection.Table table(Connection connection, PostgresPosition position)
      throws SQLException {
    var table = checks.table(connection);
    long oid = position.origin().map(Origin::table).orElse(table.oid());
    if (oid != table.oid()) {
      throw new SameTable(spec.schema(), spec.table(), oid).lost(connection);
    }
    return table;
  }

  @Override
  public Stream open(Position position) {
    if (!(position instanceof PostgresPosition from)) {
      throw Failure.of(Code.INTERNAL, "not a position in PostgreSQL: " + position).exception();
    }
    return slot.over(
        "cannot open slot \"" + spec.slot() + "\"",
        connection -> {
          if (from.snapshot().isPresent()) {
            var table = table(connection, from);
            var published = published(connection, table, true);
            if (SnapshotStart.key(table, published, spec).isEmpty()) {
              SnapshotStart.requireKey(spec, from.snapshot().get());
              continuesOrFails(connection, from);
              return WholeTableStream.open(
                  sessions, published, from, table.estimatedRows(), this::open);
            }
          }
          return slot.open(replication -> open(from, connection, replication));
        });
  }

  private Stream open(PostgresPosition from, Connection connection, PgConnection replication)
      throws SQLException {
    var server = History.check(replication, from);
    slot.require(connection, from);
    var table = table(connection, from);
    var published = published(connection, table, true);
    FailPoints.reach("source.open.checked");
    var copy = reading.start(connection, replication, from.end());
    FailPoints.reach("source.open.started");
    var at = from.on(server.timeline(), published.origin());
    var reader = reading.reader(replication, copy, from.end());
    var snapshot =
        SnapshotStart.resume(
            connection, sessions, spec, table, published, at, SnapshotStart.ALL_STATE);
    var same = published.same();
    var catalog = new LazySession(sessions, "catalog " + spec.slot());
    var tables =
        new OneTable(
            new TableChanges(
                (int) table.oid(),
                published.relation(),
                new CatalogSession(spec, catalog, same),
                snapshot,
                spec.tells()));
    return slot.stream(reader, tables, at, catalog, same::changed);
  }

  @Override
  public Reading read(Duration patience) {
    return slot.over(
        "cannot read table " + spec.tableName(),
        connection -> {
          var table = checks.table(connection);
          return TableReading.open(sessions, published(connection, table, true), patience);
        });
  }

  /** What is published of the table now, checked. */
  private Published published(Connection connection, TableInspection.Table table, boolean mustExist)
      throws SQLException {
    return Published.checked(connection, spec, table, mustExist);
  }

  @Override
  public void forget() {
    slot.forget();
  }
}
