package akkasinks.change;

/**
 * A point in a source's history, and which history: everything needed to go on from there, on any
 * node. Its JSON form is {@code progress.PositionJson}'s.
 */
public sealed interface Position permits PostgresPosition, KafkaPosition {

  /** True if both are points of one history, so that {@link #precedes} has a meaning. */
  boolean sameHistory(Position other);

  /** True if this point lies before {@code other} in the same history. */
  boolean precedes(Position other);

  /**
   * True if all before {@code point} (a {@code ChangeSource.Reading}'s) lies behind, and on a
   * commit boundary.
   */
  boolean reaches(long point);

  /** True while a snapshot is not complete at this point. */
  boolean snapshotting();
}
