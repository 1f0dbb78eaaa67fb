package akkasinks.change;

import java.util.Comparator;
import java.util.Optional;

/**
 * A point in the stream of one replication slot.
 *
 * @param systemIdentifier of the PostgreSQL cluster ({@code pg_control_system()})
 * @param end P: end LSN of the last transaction consumed whole
 * @param within how far the next transaction has been consumed, if it was begun
 * @param snapshot what is left of the snapshot; empty once it is done (or was not asked for)
 * @param origin what the rows come from; empty in records of versions that did not keep it, and the
 *     next stream adopts what it finds
 * @param tables how far each table is, if the slot is that of a whole source; {@code snapshot} is
 *     then empty
 */
public record PostgresPosition(
    String systemIdentifier,
    int timeline,
    String slot,
    long end,
    Optional<Within> within,
    Optional<SnapshotState> snapshot,
    Optional<Origin> origin,
    Optional<SourceTables> tables)
    implements Position {

  /** Of one table. */
  public PostgresPosition(
      String systemIdentifier,
      int timeline,
      String slot,
      long end,
      Optional<Within> within,
      Optional<SnapshotState> snapshot,
      Optional<Origin> origin) {
    this(systemIdentifier, timeline, slot, end, within, snapshot, origin, Optional.empty());
  }

  /**
   * Inside a transaction.
   *
   * @param finalLsn of its Begin message: the start of its commit record
   * @param changes row changes of it consumed, before netting; Relation, Type and Message messages
   *     are not counted
   */
  public record Within(long finalLsn, long changes) {}

  /**
   * Either has another oid once it is dropped and created again: the new one does not continue the
   * old one, although it bears its name.
   *
   * @param table oid of the table whose rows the target holds; 0 for a whole source
   * @param publication oid of the publication that they come through
   */
  public record Origin(long table, long publication) {}

  /** On a commit boundary, with no snapshot under way and no origin known. */
  public static PostgresPosition of(String systemIdentifier, int timeline, String slot, long end) {
    return new PostgresPosition(
        systemIdentifier,
        timeline,
        slot,
        end,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Another point of this history. */
  public PostgresPosition at(long there, Optional<Within> inside, Optional<SnapshotState> state) {
    return new PostgresPosition(
        systemIdentifier, timeline, slot, there, inside, state, origin, tables);
  }

  /** The same point, with the tables so far. */
  public PostgresPosition with(SourceTables now) {
    return new PostgresPosition(
        systemIdentifier, timeline, slot, end, within, snapshot, origin, Optional.of(now));
  }

  /**
   * This point on the timeline that the server writes now.
   *
   * @param found the origin that is adopted if none was known
   */
  public PostgresPosition on(int timelineNow, Origin found) {
    return new PostgresPosition(
        systemIdentifier,
        timelineNow,
        slot,
        end,
        within,
        snapshot,
        Optional.of(origin.orElse(found)),
        tables);
  }

  private static final Comparator<PostgresPosition> ORDER =
      Comparator.comparing(PostgresPosition::end, Long::compareUnsigned)
          .thenComparing(p -> p.within.map(Within::changes).orElse(0L))
          .thenComparing(
              p ->
                  p.tables
                      .map(SourceTables::steps)
                      .or(() -> p.snapshot.map(SnapshotState::steps))
                      .orElse(Long.MAX_VALUE));

  @Override
  public boolean sameHistory(Position other) {
    return other instanceof PostgresPosition that
        && systemIdentifier.equals(that.systemIdentifier)
        && slot.equals(that.slot);
  }

  @Override
  public boolean precedes(Position other) {
    return other instanceof PostgresPosition that && ORDER.compare(this, that) < 0;
  }

  @Override
  public boolean snapshotting() {
    return snapshot.isPresent() || tables.filter(t -> !t.reading().isEmpty()).isPresent();
  }

  @Override
  public boolean reaches(long point) {
    return within.isEmpty() && Long.compareUnsigned(end, point) >= 0;
  }
}
