package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.SnapshotState;
import akkasinks.change.SourceTables.Begun;
import akkasinks.source.postgres.OfferedTables.Offered;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Checks single tables of a whole source, and makes their parts of its stream. */
record TableOpening(PostgresSpec spec, Sessions sessions, LazySession session) {

  /** A table that can be carried, and how. */
  record Sound(PostgresSpec spec, TableInspection.Table table, Published published) {
    Begun begun() {
      return new Begun(table.schema(), table.name(), spec.key());
    }
  }

  /**
   * @param published false for a table that the sink's own publication does not hold yet
   * @throws akkasinks.base.FailureException why the table cannot be carried
   */
  Sound look(Connection connection, Offered offered, boolean published) throws SQLException {
    var bare = spec.of(offered.schema(), offered.name(), List.of());
    var checks = new Checks(bare);
    var table = checks.table(connection);
    if (table.oid() != offered.oid()) {
      throw new SameTable(offered.schema(), offered.name(), offered.oid()).lost(connection);
    }
    var state =
        published
            ? new Publication(bare).state(connection, table)
            : Optional.<Publication.State>empty();
    var columns = checks.published(table, state, published);
    var key = table.uniqueKeys().stream().filter(columns::containsAll).findFirst();
    if (key.isEmpty() && spec.whole().filter(PostgresSpec.Whole::keyed).isPresent()) {
      throw keyless(offered, "could be the key of its records");
    }
    var its = spec.of(offered.schema(), offered.name(), key.orElse(List.of()));
    var found = Published.of(connection, its, table, state, published);
    if (spec.snapshot() && SnapshotStart.key(table, found, its).isEmpty()) {
      throw keyless(offered, "and its replica identity could order its rows for the snapshot");
    }
    return new Sound(its, table, found);
  }

  private static RuntimeException keyless(Offered table, String lacking) {
    return Failure.of(
            Code.KEY_MISSING,
            "table %s has no unique index over NOT NULL columns that %s"
                .formatted(table.shown(), lacking))
        .hint("ALTER TABLE " + table.shown() + " ADD PRIMARY KEY (…);")
        .exception();
  }

  /**
   * The table's part of the stream.
   *
   * @param state if its rows are read beside the stream
   * @param at the stream's position
   */
  TableChanges open(
      Connection connection, Sound sound, Optional<SnapshotState> state, PostgresPosition at)
      throws SQLException {
    var snapshot =
        SnapshotStart.resume(
            connection,
            sessions,
            sound.spec(),
            sound.table(),
            sound.published(),
            at.at(at.end(), at.within(), state),
            Snapshot.MAX_STATE_BYTES / ManyTables.AT_ONCE);
    return changes(sound.spec(), sound.published().relation(), sound.published().same(), snapshot);
  }

  /** The part of a table whose rows are all in the topic: it is looked at when a change comes. */
  TableChanges known(long oid, Begun begun) {
    return changes(
        spec.of(begun.schema(), begun.name(), begun.key()),
        new Relation(oid, begun.schema(), begun.name(), List.of(), begun.key()),
        new SameTable(begun.schema(), begun.name(), oid),
        Optional.empty());
  }

  private TableChanges changes(
      PostgresSpec its, Relation relation, SameTable same, Optional<Snapshot> snapshot) {
    return new TableChanges(
        (int) same.oid(), relation, new CatalogSession(its, session, same), snapshot, its.tells());
  }
}
