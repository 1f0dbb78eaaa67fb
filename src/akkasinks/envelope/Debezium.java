package akkasinks.envelope;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Batch;
import akkasinks.change.EventEncoder;
import akkasinks.change.Messages;
import akkasinks.change.Op;
import akkasinks.change.PairEncoder;
import akkasinks.change.RowEncoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Each change as {@code before} and {@code after}. With a key, a change of the key is a delete
 * under the old key, then an insert under the new one: so each key's records tell its own history,
 * whatever partition it lies in. Tombstones follow deletes only if that was asked for.
 */
public final class Debezium implements Envelope {
  private final @Nullable RowEncoder key;
  private final EventEncoder value;
  private final int[] keyColumns;
  private final boolean tombstones;
  private final @Nullable Marks marks;

  /**
   * Of before and after alone.
   *
   * @param key empty if records have no key
   * @param keyColumns the columns that {@code key} writes
   */
  public Debezium(Optional<RowEncoder> key, PairEncoder value, int[] keyColumns) {
    this(key, EventEncoder.of(value), keyColumns, false, Optional.empty());
  }

  /**
   * The same.
   *
   * @param tombstones whether a record without value follows each delete; needs a key
   */
  public Debezium(
      Optional<RowEncoder> key,
      EventEncoder value,
      int[] keyColumns,
      boolean tombstones,
      Optional<Marks> marks) {
    this.key = key.orElse(null);
    this.value = value;
    this.keyColumns = keyColumns.clone();
    this.tombstones = tombstones;
    this.marks = marks.orElse(null);
  }

  @Override
  public void wrap(Batch batch, Messages out) {
    for (int change = 0; change < batch.size(); change++) {
      int before = batch.before(change);
      int after = batch.after(change);
      switch (batch.op(change)) {
        case READ, INSERT -> add(batch, change, batch.op(change), Batch.NO_ROW, after, out);
        case DELETE -> gone(batch, change, before, out);
        case UPDATE -> {
          demandBefore(batch, before);
          if (batch.sameColumns(before, after, keyColumns)) {
            add(batch, change, Op.UPDATE, before, after, out);
          } else {
            gone(batch, change, before, out);
            add(batch, change, Op.INSERT, Batch.NO_ROW, after, out);
          }
        }
      }
    }
  }

  private void add(Batch batch, int change, Op op, int before, int after, Messages out) {
    begin(batch, after == Batch.NO_ROW ? before : after, out);
    value.encode(batch, change, op, before, after, out.value());
    out.end();
  }

  private void gone(Batch batch, int change, int before, Messages out) {
    add(batch, change, Op.DELETE, before, Batch.NO_ROW, out);
    if (tombstones) {
      begin(batch, before, out);
      out.tombstone();
    }
  }

  private void begin(Batch batch, int row, Messages out) {
    if (key == null) {
      out.noKey();
    } else {
      key.encode(batch, row, out.key());
    }
    if (marks != null) {
      marks.mark(batch, row, out);
    }
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
