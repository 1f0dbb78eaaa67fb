package akkasinks.format.protobuf;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Relation;
import akkasinks.format.text.ColumnFailures;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Rows of a relation as messages, their fields by number. Belongs to one thread. */
final class RowWriter {
  private final ColumnFailures failures;
  private final int[] columns;
  private final int[] tags;
  private final ValueWriter[] writers;
  private final Buffer scratch = new Buffer(0);

  RowWriter(Relation relation, int[] columns, MessageFields fields) {
    this.failures = new ColumnFailures(relation);
    int[] order =
        IntStream.range(0, columns.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> fields.numbers()[i]))
            .mapToInt(i -> i)
            .toArray();
    this.columns = new int[order.length];
    this.tags = new int[order.length];
    this.writers = new ValueWriter[order.length];
    for (int i = 0; i < order.length; i++) {
      this.columns[i] = columns[order[i]];
      tags[i] = fields.tags()[order[i]];
      writers[i] = fields.writers()[order[i]];
    }
  }

  /** The row as a field of another message; nothing if there is none. */
  void writeIfAny(Batch batch, int row, int tag, Buffer out) {
    if (row == Batch.NO_ROW) {
      return;
    }
    scratch.clear();
    write(batch, row, scratch);
    Wire.varint(tag, out);
    Wire.bytes(scratch, out);
  }

  void write(Batch batch, int row, Buffer out) {
    byte[] bytes = batch.bytes();
    int at = 0;
    try {
      for (; at < columns.length; at++) {
        int length = batch.length(row, columns[at]);
        if (length >= 0) {
          Wire.varint(tags[at], out);
          int from = batch.offset(row, columns[at]);
          switch (writers[at]) {
            case ScalarWriter scalar -> scalar.write(bytes, from, from + length, out);
            case ValueWriter parts -> parts.write(bytes, from, from + length, out);
          }
        } else if (length != Batch.NULL) {
          throw failures.notSent(columns[at]);
        }
      }
    } catch (MalformedText e) {
      throw failures.malformed(columns[at], e);
    } catch (NoForm e) {
      throw failures.noForm(
          columns[at], e, "Protobuf", "FORMAT AVRO or JSON", "docs/types-protobuf.md");
    }
  }
}
