package akkasinks.envelope;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.Op;
import akkasinks.change.RowEncoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows as they come. A relation that loses or changes one cannot be told in this envelope. */
public final class Append implements Envelope {
  private final @Nullable RowEncoder key;
  private final RowEncoder value;
  private final @Nullable Marks marks;

  /**
   * @param key empty if records have no key
   */
  public Append(Optional<RowEncoder> key, RowEncoder value, Optional<Marks> marks) {
    this.key = key.orElse(null);
    this.value = value;
    this.marks = marks.orElse(null);
  }

  @Override
  public void wrap(Batch batch, Messages out) {
    for (int change = 0; change < batch.size(); change++) {
      switch (batch.op(change)) {
        case READ, INSERT -> row(batch, batch.after(change), out);
        case UPDATE, DELETE -> throw refusal(batch, batch.op(change));
      }
    }
  }

  private void row(Batch batch, int row, Messages out) {
    if (key == null) {
      out.noKey();
    } else {
      key.encode(batch, row, out.key());
    }
    if (marks != null) {
      marks.mark(batch, row, out);
    }
    value.encode(batch, row, out.value());
    out.end();
  }

  private static FailureException refusal(Batch batch, Op op) {
    var relation = batch.relation();
    return Failure.of(
            Code.DATA,
            "%s of a row of table \"%s\".\"%s\", and ENVELOPE APPEND carries inserts only"
                .formatted(op, relation.schema(), relation.name()))
        .hint("Drop the sink and create it with ENVELOPE UPSERT or DEBEZIUM.")
        .exception();
  }
}
