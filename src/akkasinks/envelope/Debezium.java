package akkasinks.envelope;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.PairEncoder;
import akkasinks.change.RowEncoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Each change as {@code before} and {@code after}. With a key, a change of the key is a delete
 * under the old key, then an insert under the new one: so each key's records tell its own history,
 * whatever partition it lies in. No tombstones.
 */
public final class Debezium implements Envelope {
  private final @Nullable RowEncoder key;
  private final PairEncoder value;
  private final int[] keyColumns;

  /**
   * @param key empty if records have no key
   * @param keyColumns the columns that {@code key} writes
   */
  public Debezium(Optional<RowEncoder> key, PairEncoder value, int[] keyColumns) {
    this.key = key.orElse(null);
    this.value = value;
    this.keyColumns = keyColumns.clone();
  }

  @Override
  public void wrap(Batch batch, Messages out) {
    for (int change = 0; change < batch.size(); change++) {
      int before = batch.before(change);
      int after = batch.after(change);
      switch (batch.op(change)) {
        case READ, INSERT -> add(batch, Batch.NO_ROW, after, out);
        case DELETE -> add(batch, before, Batch.NO_ROW, out);
        case UPDATE -> {
          demandBefore(batch, before);
          if (batch.sameColumns(before, after, keyColumns)) {
            add(batch, before, after, out);
          } else {
            add(batch, before, Batch.NO_ROW, out);
            add(batch, Batch.NO_ROW, after, out);
          }
        }
      }
    }
  }

  private void add(Batch batch, int before, int after, Messages out) {
    if (key == null) {
      out.noKey();
    } else {
      key.encode(batch, after == Batch.NO_ROW ? before : after, out.key());
    }
    value.encode(batch, before, after, out.value());
    out.end();
  }

  private static void demandBefore(Batch batch, int before) {
    if (before == Batch.NO_ROW) {
      var relation = batch.relation();
      throw Failure.of(
              Code.DATA,
              "the source did not send the row before an UPDATE of table \"%s\".\"%s\""
                  .formatted(relation.schema(), relation.name()))
          .detail("ENVELOPE DEBEZIUM needs it for its before")
          .hint(
              "ALTER TABLE \"%s\".\"%s\" REPLICA IDENTITY FULL"
                  .formatted(relation.schema(), relation.name()))
          .exception();
    }
  }
}
