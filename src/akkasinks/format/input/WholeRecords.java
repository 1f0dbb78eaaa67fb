package akkasinks.format.input;

import akkasinks.change.Type;

/** Readers of keys and values that are one column as a whole. */
public final class WholeRecords {
  private WholeRecords() {}

  /** Text, checked to be a value of the column's type. */
  public static RowReader text(InputColumn column) {
    TypedText text = new TypedText();
    return (bytes, out) -> text.read(column.type(), bytes, 0, bytes.length, out, column.column());
  }

  /** Any bytes, as a bytea. */
  public static RowReader bytes(InputColumn column) {
    return (bytes, out) -> TypedText.hex(bytes, 0, bytes.length, out, column.column());
  }

  /** A JSON value of whatever kind, as a jsonb; JSON's null is one. */
  public static RowReader json(InputColumn column) {
    TypedText text = new TypedText();
    return (bytes, out) ->
        text.typed(Type.Scalar.JSONB, bytes, 0, bytes.length, out, column.column());
  }

  /** A JSON value, as a column of its type. */
  public static RowReader jsonScalar(InputColumn column) {
    JsonCursor json = new JsonCursor();
    JsonValue value = new JsonValue();
    return (bytes, out) -> {
      json.over(bytes, 0, bytes.length);
      value.read(column.type(), json, out, column.column());
      json.expectEnd();
    };
  }

  /** A moment in milliseconds since 1970, as a timestamp. */
  public static void timestamp(long millis, Fields out, int column) {
    int mark = out.made().size();
    Times.put(Type.Scalar.TIMESTAMP, millis, 0, out.made());
    out.setMade(column, mark);
  }
}
