package akkasinks.envelope;

import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.RowEncoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last value per key is the row; a tombstone says that it has gone. A change of the key is a
 * tombstone for the old key, then the row under the new one.
 */
public final class Upsert implements Envelope {
  private final RowEncoder key;
  private final RowEncoder value;
  private final int[] keyColumns;
  private final @Nullable Marks marks;

  /**
   * @param keyColumns the columns that {@code key} writes; they stay in the value too
   */
  public Upsert(RowEncoder key, RowEncoder value, int[] keyColumns) {
    this(key, value, keyColumns, Optional.empty());
  }

  /** The same. */
  public Upsert(RowEncoder key, RowEncoder value, int[] keyColumns, Optional<Marks> marks) {
    this.key = key;
    this.value = value;
    this.keyColumns = keyColumns.clone();
    this.marks = marks.orElse(null);
  }

  @Override
  public void wrap(Batch batch, Messages out) {
    for (int change = 0; change < batch.size(); change++) {
      int before = batch.before(change);
      int after = batch.after(change);
      switch (batch.op(change)) {
        case READ, INSERT -> row(batch, after, out);
        case UPDATE -> {
          if (before != Batch.NO_ROW && leaves(batch, before, after)) {
            gone(batch, before, out);
          }
          row(batch, after, out);
        }
        case DELETE -> gone(batch, before, out);
      }
    }
  }

  private boolean leaves(Batch batch, int before, int after) {
    return !batch.sameColumns(before, after, keyColumns)
        || (marks != null && marks.moves(batch, before, after));
  }

  private void row(Batch batch, int row, Messages out) {
    key.encode(batch, row, out.key());
    if (marks != null) {
      marks.mark(batch, row, out);
    }
    value.encode(batch, row, out.value());
    out.end();
  }

  private void gone(Batch batch, int row, Messages out) {
    key.encode(batch, row, out.key());
    if (marks != null) {
      marks.mark(batch, row, out);
    }
    out.tombstone();
  }
}
