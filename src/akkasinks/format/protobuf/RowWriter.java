package akkasinks.format.protobuf;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Relation;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Rows of a relation as messages, their fields by number. Belongs to one thread. */
final class RowWriter {
  private final Relation relation;
  private final int[] columns;
  private final int[] tags;
  private final ValueWriter[] writers;
  private final Buffer scratch = new Buffer(0);

  RowWriter(Relation relation, int[] columns, MessageFields fields) {
    this.relation = relation;
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
          throw notSent(columns[at]);
        }
      }
    } catch (MalformedText e) {
      throw malformed(columns[at], e);
    } catch (NoForm e) {
      throw noForm(columns[at], e);
    }
  }

  private FailureException notSent(int column) {
    return Failure.of(
            Code.DATA, "the source did not send the value of %s".formatted(described(column)))
        .detail("The value is not part of the table's replica identity, or is an unchanged TOAST")
        .hint(
            "ALTER TABLE \"%s\".\"%s\" REPLICA IDENTITY FULL"
                .formatted(relation.schema(), relation.name()))
        .exception();
  }

  /** The value itself stays out of the message: it is the user's data. */
  private FailureException malformed(int column, MalformedText cause) {
    return Failure.of(
            Code.DATA,
            "the value of %s is not text that PostgreSQL writes for %s"
                .formatted(described(column), relation.columns().get(column).type()))
        .detail("Expected " + cause.getMessage())
        .hint("Report this with the column's type and, if you can, the value")
        .exception(cause);
  }

  private FailureException noForm(int column, NoForm cause) {
    return Failure.of(
            Code.DATA, "the value of %s has no form in Protobuf".formatted(described(column)))
        .detail("Reason: " + cause.getMessage())
        .hint(
            "Change the value or the column's type in PostgreSQL, or use FORMAT AVRO or JSON; see"
                + " docs/types-protobuf.md")
        .exception(cause);
  }

  private String described(int column) {
    return "column \"%s\" of table \"%s\".\"%s\""
        .formatted(relation.columns().get(column).name(), relation.schema(), relation.name());
  }
}
