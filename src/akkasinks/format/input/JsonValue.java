package akkasinks.format.input;

import akkasinks.change.Buffer;
import akkasinks.change.Type;

/** One JSON value as a column of a type. One thread. */
final class JsonValue {
  private final TypedText text = new TypedText();
  private final Buffer unescaped = new Buffer(64);

  /** Takes the value that is next. */
  void read(Type.Scalar type, JsonCursor json, Fields out, int column) {
    int next = json.peek();
    if (next == 'n') {
      json.word();
      out.setNull(column);
      return;
    }
    switch (type) {
      case JSON, JSONB -> {
        int from = json.at();
        json.value();
        out.set(column, json.bytes(), from, json.at());
      }
      case TEXT, VARCHAR -> {
        TypedText.demand(next == '"', type);
        json.string();
        text(json, out, column);
      }
      case BOOL -> {
        TypedText.demand(next == 't' || next == 'f', type);
        json.word();
        text.typed(type, json.bytes(), json.from(), json.to(), out, column);
      }
      case BYTEA -> {
        if (next == '[') {
          bytes(json, out, column);
        } else {
          scalar(type, next, json, out, column);
        }
      }
      default -> scalar(type, next, json, out, column);
    }
  }

  private static void text(JsonCursor json, Fields out, int column) {
    if (json.escaped()) {
      int mark = out.made().size();
      json.unescape(out.made());
      out.setMade(column, mark);
    } else {
      out.set(column, json.bytes(), json.from(), json.to());
    }
  }

  /** A number, or a string that says what a number or another text of the type would. */
  private void scalar(Type.Scalar type, int next, JsonCursor json, Fields out, int column) {
    if (next == '"') {
      json.string();
      if (json.escaped()) {
        unescaped.clear();
        json.unescape(unescaped);
        byte[] copy = unescaped.toBytes();
        text.typed(type, copy, 0, copy.length, out, column);
        return;
      }
    } else {
      TypedText.demand(next == '-' || (next >= '0' && next <= '9'), type);
      TypedText.demand(takesNumbers(type), type);
      json.number();
    }
    text.typed(type, json.bytes(), json.from(), json.to(), out, column);
  }

  private static boolean takesNumbers(Type.Scalar type) {
    return switch (type) {
      case INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, TIMESTAMP, TIMESTAMPTZ -> true;
      default -> false;
    };
  }

  /** {@code [209,130]}. */
  private static void bytes(JsonCursor json, Fields out, int column) {
    Buffer made = out.made();
    int mark = made.size();
    made.put('\\');
    made.put('x');
    json.expect('[');
    if (!json.accept(']')) {
      do {
        json.number();
        TypedText.hex((byte) octet(json), made);
      } while (json.accept(','));
      json.expect(']');
    }
    out.setMade(column, mark);
  }

  private static int octet(JsonCursor json) {
    int value = 0;
    TypedText.demand(json.to() - json.from() <= 3, Type.Scalar.BYTEA);
    for (int at = json.from(); at < json.to(); at++) {
      int digit = json.bytes()[at] - '0';
      TypedText.demand(digit >= 0 && digit <= 9, Type.Scalar.BYTEA);
      value = value * 10 + digit;
    }
    TypedText.demand(value <= 255, Type.Scalar.BYTEA);
    return value;
  }
}
