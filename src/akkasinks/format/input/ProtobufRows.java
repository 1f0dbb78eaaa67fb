package akkasinks.format.input;

import akkasinks.format.protobuf.ProtoSchema;
import akkasinks.format.protobuf.ProtoType;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A Protobuf message as a row: each field of a column's name is that column, whatever schema a
 * record was written with; others are passed over. One thread.
 */
public final class ProtobufRows implements RowReader, ChangeReader {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final List<InputColumn> columns;
  private final List<InputColumn> lenient;
  private final Opening opening;
  private final ProtobufCursor cursor = new ProtobufCursor();
  private final ProtobufValue value = new ProtobufValue();

  /** Passes what stands before a message, and says which one it is. */
  @FunctionalInterface
  private interface Opening {
    ProtoType.Struct open(ProtobufCursor cursor);
  }

  private ProtobufRows(List<InputColumn> columns, Opening opening) {
    this.columns = List.copyOf(columns);
    this.lenient = InputColumn.nullable(columns);
    this.opening = opening;
  }

  /** Records are that message, with nothing before it. */
  public static ProtobufRows of(List<InputColumn> columns, ProtoType.Struct message) {
    return new ProtobufRows(columns, _ -> message);
  }

  /**
   * Records as a schema registry's clients write them.
   *
   * @param schemas the schema of an id; may block, is asked once for each
   */
  public static ProtobufRows registered(List<InputColumn> columns, IntFunction<String> schemas) {
    Map<Integer, ProtoSchema> known = new HashMap<>();
    return new ProtobufRows(
        columns,
        cursor -> {
          var schema = known.computeIfAbsent(cursor.schema(), id -> parsed(schemas.apply(id)));
          return schema
              .message(cursor.path())
              .orElseThrow(() -> new BadRecord("its schema has no such message"));
        });
  }

  private static ProtoSchema parsed(String text) {
    try {
      return ProtoSchema.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadRecord("the schema that it was written with cannot be read");
    }
  }

  /** The message as a whole, as a jsonb. */
  public RowReader whole(InputColumn column) {
    return (bytes, out) -> {
      var struct = begin(bytes);
      value.json(value.whole(struct, cursor), column.type(), out, column.column());
    };
  }

  @Override
  public void read(byte[] bytes, Fields out) {
    struct(begin(bytes), columns, out);
  }

  /** A Debezium change: fields {@code before}, {@code after} and, perhaps, {@code op}. */
  @Override
  public Kind read(byte[] bytes, Fields before, Fields after) {
    var struct = begin(bytes);
    boolean hasBefore = false;
    boolean hasAfter = false;
    int op = 0;
    while (cursor.more()) {
      long tag = cursor.varint();
      var field = struct.field((int) (tag >>> 3));
      String name = field == null ? "" : field.name();
      if (field != null && field.type() instanceof ProtoType.Struct row && name.equals("before")) {
        within(row, lenient, before);
        hasBefore = true;
      } else if (field != null
          && field.type() instanceof ProtoType.Struct row
          && name.equals("after")) {
        within(row, columns, after);
        hasAfter = true;
      } else if (name.equals("op") && (tag & 7) == ProtobufCursor.LENGTH) {
        String text = cursor.text();
        op = text.length() == 1 ? text.charAt(0) : '?';
      } else {
        cursor.skip((int) (tag & 7));
      }
    }
    return Kind.of(op, hasBefore, hasAfter);
  }

  private void within(ProtoType.Struct row, List<InputColumn> into, Fields out) {
    int outer = cursor.enter();
    struct(row, into, out);
    cursor.leave(outer);
  }

  private ProtoType.Struct begin(byte[] bytes) {
    cursor.over(bytes);
    return opening.open(cursor);
  }

  private void struct(ProtoType.Struct struct, List<InputColumn> into, Fields out) {
    Map<String, ArrayNode> arrays = new HashMap<>();
    Map<String, ObjectNode> maps = new HashMap<>();
    while (cursor.more()) {
      long tag = cursor.varint();
      int wire = (int) (tag & 7);
      var field = struct.field((int) (tag >>> 3));
      var column = field == null ? null : column(field.name(), into);
      if (field == null || column == null) {
        cursor.skip(wire);
      } else if (field.type() instanceof ProtoType.Mapped map) {
        value.add(map, cursor, maps.computeIfAbsent(field.name(), _ -> JSON.objectNode()));
      } else if (field.repeated()) {
        var array = arrays.computeIfAbsent(field.name(), _ -> JSON.arrayNode());
        value.add(field.type(), wire, cursor, array);
      } else {
        member(field, wire, column, out);
      }
    }
    for (var field : struct.fields()) {
      var column = column(field.name(), into);
      if (column != null && field.type() instanceof ProtoType.Mapped) {
        var map = maps.getOrDefault(field.name(), JSON.objectNode());
        value.json(map, column.type(), out, column.column());
      } else if (column != null && field.repeated()) {
        var array = arrays.getOrDefault(field.name(), JSON.arrayNode());
        value.json(array, column.type(), out, column.column());
      } else if (column != null && field.implicit() && out.length(column.column()) < 0) {
        value.zero(field.type(), column.type(), out, column.column());
      }
    }
    JsonRows.complete(into, out);
  }

  private void member(ProtoType.Field field, int wire, InputColumn column, Fields out) {
    if (wire != ProtobufValue.wire(field.type())) {
      throw new BadRecord("it does not follow its schema");
    }
    try {
      value.read(field.type(), column.type(), cursor, out, column.column());
    } catch (BadRecord e) {
      throw JsonRows.in(column, e);
    }
  }

  private static @Nullable InputColumn column(String name, List<InputColumn> among) {
    for (var column : among) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }
}
