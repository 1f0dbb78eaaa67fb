package akkasinks.pipeline;

import akkasinks.base.Failure;
import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Messages;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.change.Type;
import akkasinks.format.json.JsonFormat;
import akkasinks.format.json.JsonOptions;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * What goes to the dead letter topic: changes that cannot be told as the sink is defined, with all
 * columns of the rows before and after as PostgreSQL's text, and records that its source cannot
 * read. Why is in the headers.
 */
final class DeadLetters {
  private final String sink;
  private final Messages messages;

  DeadLetters(String sink, Batch of) {
    this.sink = sink;
    this.messages = new Messages(of, 64);
  }

  boolean isEmpty() {
    return messages.size() == 0;
  }

  Messages messages() {
    return messages;
  }

  void add(Batch batch, int change, Failure why) {
    messages.noKey();
    var headers = messages.addHeaders();
    headers.add("akkasinks-sink", utf8(sink));
    headers.add("akkasinks-error", utf8(why.message()));
    headers.add("akkasinks-code", utf8(why.code().sqlState()));
    var relation = batch.relation();
    headers.add("akkasinks-table", utf8(relation.schema() + "." + relation.name()));
    var out = messages.value();
    out.put("{\"op\":\"" + batch.op(change) + "\",\"before\":");
    row(batch, batch.before(change), out);
    out.put(",\"after\":");
    row(batch, batch.after(change), out);
    out.put('}');
    messages.end();
  }

  /** As it was, but for its headers. */
  void add(Batch.Refused record) {
    if (record.key() == null) {
      messages.noKey();
    } else {
      messages.key().put(record.key());
    }
    var headers = messages.addHeaders();
    record.headers().forEach(header -> headers.add(header.name(), header.value()));
    headers.add("akkasinks-sink", utf8(sink));
    if (record.value() == null) {
      messages.tombstone();
    } else {
      messages.value().put(record.value());
      messages.end();
    }
  }

  private static void row(Batch batch, int row, Buffer out) {
    if (row == Batch.NO_ROW) {
      out.put("null");
      return;
    }
    var sent =
        IntStream.range(0, batch.relation().columns().size())
            .filter(column -> batch.length(row, column) != Batch.ABSENT)
            .toArray();
    texts(batch.relation(), sent).encode(batch, row, out);
  }

  /** Each column as a JSON string. */
  private static RowEncoder texts(Relation relation, int[] columns) {
    var all =
        new Relation(
            relation.id(),
            relation.schema(),
            relation.name(),
            relation.columns().stream()
                .map(column -> Column.of(column.name(), Type.Scalar.TEXT))
                .toList());
    return new JsonFormat(JsonOptions.DEFAULT).row(all, columns);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
