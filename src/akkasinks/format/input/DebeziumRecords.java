package akkasinks.format.input;

import akkasinks.change.Op;
import java.util.List;

/**
 * A Debezium change in JSON, with or without its schema: {@code before}, {@code after} and {@code
 * op}. Without {@code op}, as Materialize writes it, the two rows tell what happened. One thread.
 */
public final class DebeziumRecords {
  private final JsonCursor json = new JsonCursor();
  private final JsonRows before;
  private final JsonRows after;

  private int beforeFrom;
  private int beforeTo;
  private int afterFrom;
  private int afterTo;
  private int op;

  public DebeziumRecords(List<InputColumn> columns) {
    this.before =
        new JsonRows(
            columns.stream()
                .map(c -> new InputColumn(c.name(), c.type(), true, c.column()))
                .toList());
    this.after = new JsonRows(columns);
  }

  /** What a record says. */
  public enum Kind {
    INSERT,
    UPDATE,
    /** An update whose record does not hold the row before. */
    UPDATE_BLIND,
    DELETE,
    /** Of no row: a message that went through the log. */
    NOTHING;

    /** The operation on a row; not of NOTHING. */
    public Op op() {
      return switch (this) {
        case INSERT -> Op.INSERT;
        case UPDATE, UPDATE_BLIND -> Op.UPDATE;
        case DELETE -> Op.DELETE;
        case NOTHING -> throw new IllegalStateException("it is no change of a row");
      };
    }
  }

  /**
   * @param rowBefore its columns are set for UPDATE and DELETE
   * @param rowAfter its columns are set for all but DELETE
   */
  public Kind read(byte[] bytes, Fields rowBefore, Fields rowAfter) {
    json.over(bytes, 0, bytes.length);
    beforeFrom = -1;
    afterFrom = -1;
    op = 0;
    envelope(true);
    json.expectEnd();
    Kind kind = kind();
    if (kind == Kind.UPDATE || kind == Kind.DELETE) {
      before.part(bytes, beforeFrom, beforeTo, rowBefore);
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

  private Kind kind() {
    boolean hasBefore = beforeFrom >= 0;
    boolean hasAfter = afterFrom >= 0;
    return switch (op) {
      case 'c', 'r' -> demand(hasAfter, "after", Kind.INSERT);
      case 'u' -> demand(hasAfter, "after", hasBefore ? Kind.UPDATE : Kind.UPDATE_BLIND);
      case 'd' -> demand(hasBefore, "before", Kind.DELETE);
      case 'm' -> Kind.NOTHING;
      case 0 -> {
        if (hasAfter) {
          yield hasBefore ? Kind.UPDATE : Kind.INSERT;
        }
        yield demand(hasBefore, "before nor after", Kind.DELETE);
      }
      case 't' -> throw new BadRecord("it tells of a TRUNCATE");
      default -> throw new BadRecord("its op is not known");
    };
  }

  private static Kind demand(boolean there, String what, Kind kind) {
    if (!there) {
      throw new BadRecord("it has no row " + what);
    }
    return kind;
  }
}
