package akkasinks.envelope;

import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.RowEncoder;

/**
 * The last value per key is the row; a tombstone says that it has gone. A change of the key is a
 * tombstone for the old key, then the row under the new one.
 */
public final class Upsert implements Envelope {
  private final RowEncoder key;
  private final RowEncoder value;
  private final int[] keyColumns;

  /**
   * @param keyColumns the columns that {@code key} writes; they stay in the value too
   */
  public Upsert(RowEncoder key, RowEncoder value, int[] keyColumns) {
    this.key = key;
    this.value = value;
    this.keyColumns = keyColumns.clone();
  }

  @Override
  public void wrap(Batch batch, Messages out) {
    for (int change = 0; change < batch.size(); change++) {
      int before = batch.before(change);
      int after = batch.after(change);
      switch (batch.op(change)) {
        case READ, INSERT -> row(batch, after, out);
        case UPDATE -> {
          if (before != Batch.NO_ROW && !batch.sameColumns(before, after, keyColumns)) {
            gone(batch, before, out);
          }
          row(batch, after, out);
        }
        case DELETE -> gone(batch, before, out);
      }
    }
  }

  private void row(Batch batch, int row, Messages out) {
    key.encode(batch, row, out.key());
    value.encode(batch, row, out.value());
    out.end();
  }

  private void gone(Batch batch, int row, Messages out) {
    key.encode(batch, row, out.key());
    out.tombstone();
  }
}
