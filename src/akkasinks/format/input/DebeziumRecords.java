package akkasinks.format.input;

import java.util.List;

/**
 * A Debezium change in JSON, with or without its schema: {@code before}, {@code after} and {@code
 * op}. Without {@code op}, as Materialize writes it, the two rows tell what happened. One thread.
 */
public final class DebeziumRecords implements ChangeReader {
  private final JsonCursor json = new JsonCursor();
  private final JsonRows before;
  private final JsonRows after;

  private int beforeFrom;
  private int beforeTo;
  private int afterFrom;
  private int afterTo;
  private int op;

  public DebeziumRecords(List<InputColumn> columns) {
    this.before = new JsonRows(InputColumn.nullable(columns));
    this.after = new JsonRows(columns);
  }

  @Override
  public Kind read(byte[] bytes, Fields rowBefore, Fields rowAfter) {
    json.over(bytes, 0, bytes.length);
    beforeFrom = -1;
    afterFrom = -1;
    op = 0;
    envelope(true);
    json.expectEnd();
    Kind kind = Kind.of(op, beforeFrom >= 0, afterFrom >= 0);
    if (kind == Kind.UPDATE || kind == Kind.DELETE) {
      before.read(bytes, beforeFrom, beforeTo, rowBefore);
    }
    if (kind == Kind.INSERT || kind == Kind.UPDATE || kind == Kind.UPDATE_BLIND) {
      after.read(bytes, afterFrom, afterTo, rowAfter);
    }
    return kind;
  }

  private void envelope(boolean outermost) {
    if (!json.accept('{')) {
      throw JsonCursor.bad("an object is missing");
    }
    if (json.accept('}')) {
      return;
    }
    do {
      json.string();
      int from = json.from();
      int length = json.to() - from;
      json.expect(':');
      int next = json.peek();
      if (is("payload", from, length) && outermost && next == '{') {
        envelope(false);
      } else {
        member(from, length, next);
      }
    } while (json.accept(','));
    json.expect('}');
  }

  private void member(int from, int length, int next) {
    int begin = json.at();
    json.value();
    boolean row = next == '{';
    if (is("before", from, length)) {
      beforeFrom = row ? begin : -1;
      beforeTo = json.at();
    } else if (is("after", from, length)) {
      afterFrom = row ? begin : -1;
      afterTo = json.at();
    } else if (is("op", from, length) && next == '"') {
      op = json.at() - begin == 3 ? json.bytes()[begin + 1] : '?';
    }
  }

  private boolean is(String name, int from, int length) {
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (json.bytes()[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
