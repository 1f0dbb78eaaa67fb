package akkasinks.format.input;

import akkasinks.change.Buffer;
import akkasinks.change.Type;
import java.util.List;

/**
 * A line of CSV (RFC 4180) as a row. An empty field without quotes is an empty text in a column of
 * text, and NULL in any other.
 */
public final class CsvRows implements RowReader {
  private final List<InputColumn> columns;
  private final char delimiter;
  private final TypedText text = new TypedText();
  private final Buffer field = new Buffer(64);

  public CsvRows(List<InputColumn> columns, char delimiter) {
    this.columns = List.copyOf(columns);
    this.delimiter = delimiter;
  }

  @Override
  public void read(byte[] bytes, Fields out) {
    int end = lineEnd(bytes);
    int at = 0;
    for (int i = 0; i < columns.size(); i++) {
      InputColumn column = columns.get(i);
      if (at > end) {
        throw new BadRecord("it has %d fields, not %d".formatted(i, columns.size()));
      }
      at =
          at < end && bytes[at] == '"'
              ? quoted(bytes, at + 1, end, column, out)
              : plain(bytes, at, end, column, out);
    }
    if (at <= end) {
      throw new BadRecord("it has more fields than %d".formatted(columns.size()));
    }
  }

  private static int lineEnd(byte[] bytes) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
      if (end > 0 && bytes[end - 1] == '\r') {
        end--;
      }
    }
    return end;
  }

  /** Gives where the next field begins, behind the end if there is none. */
  private int plain(byte[] bytes, int from, int end, InputColumn column, Fields out) {
    int to = from;
    while (to < end && bytes[to] != delimiter) {
      if (bytes[to] == '"' || bytes[to] == '\n' || bytes[to] == '\r') {
        throw new BadRecord("a quote or line break stands in a field without quotes");
      }
      to++;
    }
    boolean isText = column.type() == Type.Scalar.TEXT || column.type() == Type.Scalar.VARCHAR;
    if (from < to || isText) {
      set(column, bytes, from, to, out);
    } else if (column.nullable()) {
      out.setNull(column.column());
    } else {
      throw new BadRecord("column \"%s\" is NULL".formatted(column.name()));
    }
    return to + 1;
  }

  private int quoted(byte[] bytes, int from, int end, InputColumn column, Fields out) {
    field.clear();
    int at = from;
    while (true) {
      if (at >= end) {
        throw new BadRecord("a quoted field does not end");
      }
      byte b = bytes[at++];
      if (b != '"') {
        field.put(b);
      } else if (at < end && bytes[at] == '"') {
        field.put('"');
        at++;
      } else {
        break;
      }
    }
    if (at < end && bytes[at] != delimiter) {
      throw new BadRecord("something follows a quoted field");
    }
    byte[] content = field.toBytes();
    set(column, content, 0, content.length, out);
    return at + 1;
  }

  private void set(InputColumn column, byte[] bytes, int from, int to, Fields out) {
    try {
      text.read(column.type(), bytes, from, to, out, column.column());
    } catch (BadRecord e) {
      throw JsonRows.in(column, e);
    }
  }
}
