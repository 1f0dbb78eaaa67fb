package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.change.SnapshotState;
import akkasinks.source.ChangeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sink's slot on its server: made so that nothing is lost to it, and known again. */
record SinkSlot(PostgresSpec spec, Sessions sessions, Slot slot) {
  private static final Logger LOG = LoggerFactory.getLogger(SinkSlot.class);

  /** To make the slot while nobody alters a table. */
  private static final int QUIET_ATTEMPTS = 3;

  private static final String HINT =
      "ALTER SINK … RESNAPSHOT makes a new slot and brings the topic in step.";
  private static final String WHOLE_HINT =
      "Drop the sink and create it again: RESNAPSHOT is not supported with FROM SOURCE.";

  static SinkSlot of(PostgresSpec spec, Sessions sessions) {
    return new SinkSlot(spec, sessions, new Slot(sessions, spec.slot()));
  }

  /**
   * Makes the slot so that it lacks nothing that its changes are decoded by: while no table is
   * altered, or else beside another slot.
   *
   * @see DecodedBy
   */
  private Slot.Created create(Connection connection) throws SQLException {
    var publication = spec.publicationName();
    for (int attempt = 1; attempt <= QUIET_ATTEMPTS; attempt++) {
      var before = DecodedBy.now(connection, publication);
      var created = slot.create();
      if (DecodedBy.now(connection, publication).equals(before)) {
        return created;
      }
      LOG.info(
          "a table was altered or truncated while replication slot \"{}\" was being made: it is"
              + " made again",
          spec.slot());
      slot.drop(connection);
      FailPoints.reach("source.slot.create.again");
    }
    return slot.createBesideAnother();
  }

  /** Acts over a session of its own. */
  <T> T over(String doing, Sessions.Act<T> act) {
    return sessions.over("control " + spec.slot(), doing, act);
  }

  /** Makes the slot, and gives where its stream begins. */
  Begun begin(Connection connection) throws SQLException {
    var server = server();
    return new Begun(server, create(connection));
  }

  /** A slot that was made, and on which server. */
  record Begun(History.Server server, Slot.Created created) {
    PostgresPosition position(
        String slot, Optional<SnapshotState> snapshot, PostgresPosition.Origin origin) {
      return new PostgresPosition(
          server.systemIdentifier(),
          server.timeline(),
          slot,
          created.consistentPoint(),
          Optional.empty(),
          snapshot,
          Optional.of(origin));
    }
  }

  /** Opens a stream over a session of a walsender, which the stream keeps. */
  ChangeSource.Stream open(Opening opening) throws SQLException {
    var replication = sessions.replication(spec.slot());
    try {
      return opening.over(replication);
    } catch (SQLException | RuntimeException e) {
      replication.close();
      throw e;
    }
  }

  /** Makes a stream of a walsender's session. */
  @FunctionalInterface
  interface Opening {
    ChangeSource.Stream over(PgConnection replication) throws SQLException;
  }

  /** The stream of these tables, reading from now on. */
  ChangeSource.Stream stream(
      WalReader reader,
      StreamTables tables,
      PostgresPosition at,
      LazySession catalog,
      SlotMonitor.Watch watch) {
    var assembler =
        new ChangeAssembler(tables, spec.onTruncate(), ChangeAssembler.Limits.DEFAULT, at);
    reader.start();
    return new PostgresStream(
        reader,
        assembler,
        tables,
        catalog,
        new SlotMonitor(sessions, slot, spec.slot(), spec.retention(), watch));
  }

  /** Drops the slot, and the publication if it is the sink's own. */
  void forget() {
    over(
        "cannot drop slot \"" + spec.slot() + "\"",
        connection -> {
          slot.drop(connection);
          FailPoints.reach("source.slot.dropped");
          new Publication(spec).drop(connection);
          return true;
        });
  }

  private History.Server server() throws SQLException {
    try (var replication = sessions.replication("identify " + spec.slot())) {
      return History.identify(replication);
    }
  }

  /**
   * The slot is still the one that the position was reached through.
   *
   * @throws akkasinks.base.FailureException HISTORY_CHANGED if not
   */
  void require(Connection connection, PostgresPosition position) throws SQLException {
    var name = "replication slot \"" + spec.slot() + "\"";
    var hint = spec.whole().isPresent() ? WHOLE_HINT : HINT;
    var found = slot.state(connection);
    if (found.isEmpty()) {
      throw Failure.of(Code.HISTORY_CHANGED, name + " is gone")
          .detail("The changes since " + Lsn.text(position.end()) + " can no longer be read.")
          .hint(hint)
          .exception();
    }
    var state = found.get();
    if (state.lost()) {
      throw Failure.of(
              Code.HISTORY_CHANGED,
              name
                  + " was invalidated by the server: "
                  + Optional.of(state.invalidated())
                      .filter(why -> !why.isEmpty())
                      .orElse("its WAL was removed"))
          .detail("max_slot_wal_keep_size limits the WAL that a slot may hold back.")
          .hint(hint)
          .exception();
    }
    if (!state.plugin().equals("pgoutput") || Lsn.before(position.end(), state.confirmed())) {
      throw Failure.of(
              Code.HISTORY_CHANGED,
              "%s stands at %s, beyond the sink's frontier %s"
                  .formatted(name, Lsn.text(state.confirmed()), Lsn.text(position.end())))
          .detail("Somebody has moved it, or dropped it and made it again.")
          .hint(hint)
          .exception();
    }
  }
}
