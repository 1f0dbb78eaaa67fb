package akkasinks.envelope;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
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
  private final Buffer buffer = new Buffer(1024);

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
        case READ, INSERT -> out.add(encode(key, batch, after), encode(value, batch, after));
        case UPDATE -> {
          if (before != Batch.NO_ROW && !batch.sameColumns(before, after, keyColumns)) {
            out.add(encode(key, batch, before), null);
          }
          out.add(encode(key, batch, after), encode(value, batch, after));
        }
        case DELETE -> out.add(encode(key, batch, before), null);
      }
    }
  }

  private byte[] encode(RowEncoder encoder, Batch batch, int row) {
    buffer.clear();
    encoder.encode(batch, row, buffer);
    return buffer.toBytes();
  }
}
