package akkasinks.source.postgres;

import akkasinks.change.Batch;
import akkasinks.change.Lsn;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a table without a key to read it in chunks by: first the whole table as it was at
 * one point, then the changes from that point on.
 *
 * <p>Until the last row every batch bears the position that the stream was opened with. As that
 * does not lie after the frontier nothing is committed before, and a crash begins from the start:
 * the table is one target transaction.
 */
final class WholeTableStream implements ChangeSource.Stream {
  private static final Duration CONSISTENT_POINT_WAIT = Duration.ofSeconds(60);

  private final TableReading reading;
  private final Published published;
  private final PostgresPosition from;
  private final long estimatedRows;
  private final Function<Position, ChangeSource.Stream> open;

  // Guarded by this.
  private ChangeSource.@Nullable Stream changes;
  private boolean held;
  private long cut;
  private boolean closed;
  private long rows;

  private WholeTableStream(
      TableReading reading,
      Published published,
      PostgresPosition from,
      long estimatedRows,
      Function<Position, ChangeSource.Stream> open) {
    this.reading = reading;
    this.published = published;
    this.from = from;
    this.estimatedRows = estimatedRows;
    this.open = open;
  }

  /**
   * @param from holds the state of a snapshot that has emitted nothing
   * @param open opens the stream of changes at a position without a snapshot
   * @throws akkasinks.base.FailureException BUSY if a transaction stays open for too long
   */
  static WholeTableStream open(
      Sessions sessions,
      Published published,
      PostgresPosition from,
      long estimatedRows,
      Function<Position, ChangeSource.Stream> open)
      throws SQLException {
    var reading = TableReading.open(sessions, published, CONSISTENT_POINT_WAIT);
    return new WholeTableStream(reading, published, from, estimatedRows, open);
  }

  @Override
  public Batch next(Duration patience) throws InterruptedException {
    var opened = changes();
    if (opened != null) {
      return opened.next(patience);
    }
    var batch = reading.next(from);
    if (batch != null) {
      read(batch.size());
      return batch;
    }
    reading.close();
    var after = from.at(Lsn.max(from.end(), reading.point()), Optional.empty(), Optional.empty());
    begun(open.apply(after));
    return Batch.empty(published.relation(), after, true);
  }

  private synchronized ChangeSource.@Nullable Stream changes() {
    return changes;
  }

  private synchronized void read(int more) {
    rows += more;
  }

  private synchronized void begun(ChangeSource.Stream stream) {
    changes = stream;
    if (held) {
      stream.hold();
    }
    if (cut != 0) {
      stream.cutAt(cut);
    }
    if (closed) {
      stream.close();
    }
  }

  @Override
  public void confirm(Position frontier) {
    var opened = changes();
    if (opened != null) {
      opened.confirm(frontier);
    }
  }

  @Override
  public boolean wantsConfirmation() {
    var opened = changes();
    return opened != null && opened.wantsConfirmation();
  }

  @Override
  public synchronized void hold() {
    held = true;
    cut = 0;
    if (changes != null) {
      changes.hold();
    }
  }

  @Override
  public synchronized void cutAt(long point) {
    held = false;
    cut = point;
    if (changes != null) {
      changes.cutAt(point);
    }
  }

  @Override
  public ChangeSource.Status status() {
    var opened = changes();
    return opened == null ? reading() : opened.status();
  }

  private synchronized ChangeSource.Status reading() {
    return new ChangeSource.Status(
        -1, -1, Optional.of(new ChangeSource.Snapshot(rows, estimatedRows)), "");
  }

  @Override
  public synchronized void close() {
    closed = true;
    reading.close();
    if (changes != null) {
      changes.close();
    }
  }
}
