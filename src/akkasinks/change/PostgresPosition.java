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
 */
public record PostgresPosition(
    String systemIdentifier,
    int timeline,
    String slot,
    long end,
    Optional<Within> within,
    Optional<SnapshotState> snapshot)
    implements Position {

  /**
   * Inside a transaction.
   *
   * @param finalLsn of its Begin message: the start of its commit record
   * @param changes row changes of it consumed, before netting; Relation, Type and Message messages
   *     are not counted
   */
  public record Within(long finalLsn, long changes) {}

  private static final Comparator<PostgresPosition> ORDER =
      Comparator.comparing(PostgresPosition::end, Long::compareUnsigned)
          .thenComparing(p -> p.within.map(Within::changes).orElse(0L))
          .thenComparing(p -> p.snapshot.map(SnapshotState::steps).orElse(Long.MAX_VALUE));

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
    return snapshot.isPresent();
  }

  @Override
  public boolean reaches(long point) {
    return within.isEmpty() && Long.compareUnsigned(end, point) >= 0;
  }
}
