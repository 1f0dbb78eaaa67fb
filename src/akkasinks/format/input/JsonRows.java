package akkasinks.format.input;

import akkasinks.change.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A JSON object as a row: each member of a column's name is that column, others are passed over,
 * and a column without a member is NULL. Of members with one name the last counts.
 */
public final class JsonRows implements RowReader {
  private final List<InputColumn> columns;
  private final byte[][] names;
  private final JsonCursor json = new JsonCursor();
  private final JsonValue value = new JsonValue();
  private final Buffer unescaped = new Buffer(64);

  public JsonRows(List<InputColumn> columns) {
    this.columns = List.copyOf(columns);
    this.names =
        columns.stream()
            .map(column -> column.name().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  @Override
  public void read(byte[] bytes, Fields out) {
    read(bytes, 0, bytes.length, out);
  }

  /** The object in {@code bytes[from, to)}. */
  void read(byte[] bytes, int from, int to, Fields out) {
    json.over(bytes, from, to);
    object(json, out);
    json.expectEnd();
    complete(columns, out);
  }

  private void object(JsonCursor from, Fields out) {
    if (!from.accept('{')) {
      throw JsonCursor.bad("an object is missing");
    }
    if (from.accept('}')) {
      return;
    }
    int expected = 0;
    do {
      from.string();
      int found = find(from, expected);
      from.expect(':');
      if (found < 0) {
        from.value();
      } else {
        member(columns.get(found), from, out);
        expected = found + 1;
      }
    } while (from.accept(','));
    from.expect('}');
  }

  private void member(InputColumn column, JsonCursor from, Fields out) {
    try {
      value.read(column.type(), from, out, column.column());
    } catch (BadRecord e) {
      throw in(column, e);
    }
  }

  static BadRecord in(InputColumn column, BadRecord e) {
    return new BadRecord("column \"%s\": %s".formatted(column.name(), e.why()));
  }

  /** The column of the name just read; members mostly come in the columns' order. */
  private int find(JsonCursor from, int expected) {
    byte[] bytes = from.bytes();
    int begin = from.from();
    int end = from.to();
    if (from.escaped()) {
      unescaped.clear();
      from.unescape(unescaped);
      bytes = unescaped.room(0);
      begin = 0;
      end = unescaped.size();
    }
    for (int i = 0; i < names.length; i++) {
      int column = expected + i < names.length ? expected + i : expected + i - names.length;
      byte[] name = names[column];
      if (name.length == end - begin && Arrays.equals(bytes, begin, end, name, 0, name.length)) {
        return column;
      }
    }
    return -1;
  }

  /** What was not set is NULL. */
  static void complete(List<InputColumn> columns, Fields out) {
    for (int i = 0; i < columns.size(); i++) {
      InputColumn column = columns.get(i);
      int length = out.length(column.column());
      if (length < 0) {
        if (!column.nullable()) {
          throw new BadRecord("column \"%s\" is NULL".formatted(column.name()));
        }
        out.setNull(column.column());
      }
    }
  }
}
