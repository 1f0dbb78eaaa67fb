package akkasinks.format.avro;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Relation;
import akkasinks.format.text.ColumnFailures;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;

/** Rows of a relation as records. Belongs to one thread. */
final class RowWriter {
  private final Relation relation;
  private final int[] columns;
  private final boolean[] nullable;
  private final ValueWriter[] writers;

  RowWriter(Relation relation, int[] columns, AvroType.Row type) {
    this.relation = relation;
    this.columns = columns;
    this.nullable = new boolean[columns.length];
    this.writers = new ValueWriter[columns.length];
    for (int i = 0; i < columns.length; i++) {
      var field = type.fields().get(i);
      nullable[i] = field.nullable();
      writers[i] = ValueWriter.of(field.type());
    }
  }

  void writeOrNull(Batch batch, int row, Buffer out) {
    if (row == Batch.NO_ROW) {
      out.put(Binary.NULL);
    } else {
      out.put(Binary.VALUE);
      write(batch, row, out);
    }
  }

  void write(Batch batch, int row, Buffer out) {
    byte[] bytes = batch.bytes();
    int at = 0;
    try {
      for (; at < columns.length; at++) {
        int length = batch.length(row, columns[at]);
        if (length >= 0) {
          if (nullable[at]) {
            out.put(Binary.VALUE);
          }
          int from = batch.offset(row, columns[at]);
          switch (writers[at]) {
            case ScalarWriter scalar -> scalar.write(bytes, from, from + length, out);
            case ValueWriter parts -> parts.write(bytes, from, from + length, out);
          }
        } else if (length == Batch.NULL && nullable[at]) {
          out.put(Binary.NULL);
        } else {
          throw length == Batch.NULL ? nullInside(columns[at]) : failures().notSent(columns[at]);
        }
      }
    } catch (MalformedText e) {
      throw failures().malformed(columns[at], e);
    } catch (NoForm e) {
      throw failures().noForm(columns[at], e, "Avro", "FORMAT JSON", "docs/types-avro.md");
    }
  }

  private ColumnFailures failures() {
    return new ColumnFailures(relation);
  }

  private FailureException nullInside(int column) {
    return Failure.of(
            Code.DATA,
            "%s is NULL in a change made before it was NOT NULL"
                .formatted(failures().described(column)))
        .detail("The schema of a NOT NULL column has no place for null.")
        .hint(
            "ALTER TABLE \"%s\".\"%s\" ALTER COLUMN \"%s\" DROP NOT NULL, until the sink is past"
                    .formatted(
                        relation.schema(), relation.name(), relation.columns().get(column).name())
                + " that change")
        .exception();
  }
}
