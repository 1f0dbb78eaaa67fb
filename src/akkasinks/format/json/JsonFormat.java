package akkasinks.format.json;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.format.debezium.Origin;
import akkasinks.format.text.ColumnFailures;
import akkasinks.format.text.MalformedText;
import java.nio.charset.StandardCharsets;

/**
 * Compiles encoders for a relation. An encoder belongs to one thread; compile one for each.
 *
 * <p>Encoders throw DATA, naming the column, if a value was not sent by the source or is not text
 * of its type; NOT_SUPPORTED comes when compiling.
 */
public final class JsonFormat {
  private static final byte[] NULL = ascii("null");
  private static final byte[] EMPTY = ascii("{}");
  private static final byte[] BEFORE = ascii("{\"before\":");
  private static final byte[] AFTER = ascii(",\"after\":");

  private final JsonOptions options;

  public JsonFormat(JsonOptions options) {
    this.options = options;
  }

  /** An object of those columns, in the order given. */
  public RowEncoder row(Relation relation, int[] columns) {
    if (columns.length == 0) {
      return (batch, row, out) -> out.put(EMPTY);
    }
    var names = new Buffer(16 * columns.length);
    var nameEnds = new int[columns.length + 1];
    var writers = new ValueWriter[columns.length];
    for (int i = 0; i < columns.length; i++) {
      var column = relation.columns().get(columns[i]);
      names.put(nameOf(column.name(), i == 0));
      nameEnds[i + 1] = names.size();
      writers[i] = ValueWriters.of(column, options);
    }
    return new Row(relation, columns.clone(), names.room(0).clone(), nameEnds, writers);
  }

  /** {@code {"before":…,"after":…}}, each an object of those columns or null. */
  public PairEncoder pair(Relation relation, int[] columns) {
    var row = row(relation, columns);
    return (batch, before, after, out) -> {
      out.put(BEFORE);
      rowOrNull(row, batch, before, out);
      out.put(AFTER);
      rowOrNull(row, batch, after, out);
      out.put('}');
    };
  }

  /** Debezium's whole event of those columns. */
  public EventEncoder event(Relation relation, int[] columns, Origin origin) {
    return new JsonEvents(pair(relation, columns), relation, origin);
  }

  private static void rowOrNull(RowEncoder encoder, Batch batch, int row, Buffer out) {
    if (row == Batch.NO_ROW) {
      out.put(NULL);
    } else {
      encoder.encode(batch, row, out);
    }
  }

  /** What stands before a field's value: the brace or comma, the name, and the colon. */
  static byte[] nameOf(String name, boolean first) {
    var out = new Buffer(name.length() + 8);
    out.put(first ? '{' : ',');
    var utf8 = name.getBytes(StandardCharsets.UTF_8);
    JsonText.write(utf8, 0, utf8.length, out);
    out.put(':');
    return out.toBytes();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @param names one behind the other, and spare room for {@link Buffer} to read over the end
   * @param nameEnds where each name begins, and where the last one ends
   */
  private record Row(
      Relation relation, int[] columns, byte[] names, int[] nameEnds, ValueWriter[] writers)
      implements RowEncoder {
    @Override
    public void encode(Batch batch, int row, Buffer out) {
      byte[] bytes = batch.bytes();
      int at = 0;
      try {
        for (; at < columns.length; at++) {
          out.put(names, nameEnds[at], nameEnds[at + 1] - nameEnds[at]);
          int length = batch.length(row, columns[at]);
          if (length >= 0) {
            int from = batch.offset(row, columns[at]);
            switch (writers[at]) {
              case ScalarWriter scalar -> scalar.write(bytes, from, from + length, out);
              case ValueWriter parts -> parts.write(bytes, from, from + length, out);
            }
          } else if (length == Batch.NULL) {
            out.put(NULL);
          } else {
            throw new ColumnFailures(relation).notSent(columns[at]);
          }
        }
      } catch (MalformedText e) {
        throw new ColumnFailures(relation).malformed(columns[at], e);
      }
      out.put('}');
    }
  }
}
