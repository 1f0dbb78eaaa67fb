package akkasinks.format.avro;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.format.text.ColumnFailures;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.NoForm;
import java.util.stream.IntStream;

/**
 * The schemas and encoders of one relation. An encoder belongs to one thread; make one for each.
 *
 * <p>Encoders throw DATA, naming the column, if a value was not sent by the source, is not text of
 * its type, or has no form in the schema.
 */
public final class AvroFormat {
  /** Bytes before the body: zero, and the schema's id, most significant byte first. */
  public static final int HEADER = 5;

  private static final String PAIRED_ROW = "row";

  private final Relation relation;
  private final int[] keyColumns;
  private final int[] valueColumns;
  private final AvroOptions options;
  private final AvroType.Row key;
  private final AvroType.Row value;
  private final AvroType.Row pairedRow;

  /**
   * @throws akkasinks.base.FailureException NOT_SUPPORTED for a column that has no Avro type
   */
  public AvroFormat(Relation relation, int[] keyColumns, AvroOptions options) {
    this.relation = relation;
    this.keyColumns = keyColumns.clone();
    this.valueColumns = IntStream.range(0, relation.columns().size()).toArray();
    this.options = options;
    this.key =
        new AvroTypes(options, AvroOptions.Side.KEY).row(options.keyName(), relation, keyColumns);
    this.value = valueRow(options.valueName());
    this.pairedRow = valueRow(pairedName(options.valueName()));
  }

  private AvroType.Row valueRow(String name) {
    return new AvroTypes(options, AvroOptions.Side.VALUE).row(name, relation, valueColumns);
  }

  /** The row's record lies in the envelope's namespace, and must not have its name. */
  private static String pairedName(String envelope) {
    return envelope.equals(PAIRED_ROW) || envelope.endsWith("." + PAIRED_ROW) ? "row1" : PAIRED_ROW;
  }

  /** The schema of the key's record. */
  public String keySchema() {
    return AvroSchema.of(key, options.nullDefaults()).toString();
  }

  /** The schema of a row as a value. */
  public String rowSchema() {
    return AvroSchema.of(value, options.nullDefaults()).toString();
  }

  /** The schema of {@code before} and {@code after}. */
  public String pairSchema() {
    return AvroSchema.pair(options.valueName(), pairedRow, options.nullDefaults()).toString();
  }

  /**
   * @param schemaId what the registry knows {@link #keySchema} by
   */
  public RowEncoder key(int schemaId) {
    var row = new Row(relation, keyColumns, key);
    return (batch, index, out) -> {
      header(schemaId, out);
      row.encode(batch, index, out);
    };
  }

  /**
   * @param schemaId what the registry knows {@link #rowSchema} by
   */
  public RowEncoder row(int schemaId) {
    var row = new Row(relation, valueColumns, value);
    return (batch, index, out) -> {
      header(schemaId, out);
      row.encode(batch, index, out);
    };
  }

  /**
   * @param schemaId what the registry knows {@link #pairSchema} by
   */
  public PairEncoder pair(int schemaId) {
    var row = new Row(relation, valueColumns, pairedRow);
    return (batch, before, after, out) -> {
      header(schemaId, out);
      row.encodeOrNull(batch, before, out);
      row.encodeOrNull(batch, after, out);
    };
  }

  private static void header(int schemaId, Buffer out) {
    out.put(0);
    Binary.int32(Integer.reverseBytes(schemaId), out);
  }

  private static final class Row {
    private final Relation relation;
    private final int[] columns;
    private final boolean[] nullable;
    private final ValueWriter[] writers;

    Row(Relation relation, int[] columns, AvroType.Row type) {
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

    void encodeOrNull(Batch batch, int row, Buffer out) {
      if (row == Batch.NO_ROW) {
        out.put(Binary.NULL);
      } else {
        out.put(Binary.VALUE);
        encode(batch, row, out);
      }
    }

    void encode(Batch batch, int row, Buffer out) {
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
}
