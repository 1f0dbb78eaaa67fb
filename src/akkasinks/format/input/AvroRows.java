package akkasinks.format.input;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * An Avro record as a row: each field of a column's name is that column, whatever schema a record
 * was written with; others are passed over. A key of one column may be that value itself. One
 * thread.
 */
public final class AvroRows implements RowReader, ChangeReader {
  private static final int NONE = -1;

  private final List<InputColumn> columns;
  private final List<InputColumn> lenient;
  private final IntFunction<String> schemas;
  private final Map<Integer, AvroNode> known = new HashMap<>();
  private final Map<AvroNode.Struct, int[]> places = new IdentityHashMap<>();
  private final AvroCursor cursor = new AvroCursor();
  private final AvroValue value = new AvroValue();

  /**
   * @param schemas the schema of an id; may block, is asked once for each
   */
  public AvroRows(List<InputColumn> columns, IntFunction<String> schemas) {
    this.columns = List.copyOf(columns);
    this.lenient = InputColumn.nullable(columns);
    this.schemas = schemas;
  }

  /** Any Avro value, as a jsonb of what it holds. */
  public static RowReader whole(InputColumn column, IntFunction<String> schemas) {
    var rows = new AvroRows(List.of(column), schemas);
    return (bytes, out) -> {
      AvroNode written = rows.begin(bytes);
      rows.value.read(written, column.type(), rows.cursor, out, column.column());
      rows.cursor.expectEnd();
    };
  }

  @Override
  public void read(byte[] bytes, Fields out) {
    AvroNode written = begin(bytes);
    if (written instanceof AvroNode.Struct struct) {
      struct(struct, columns, out);
    } else if (columns.size() == 1) {
      member(written, columns.getFirst(), out);
      JsonRows.complete(columns, out);
    } else {
      throw new BadRecord("it is no Avro record");
    }
    cursor.expectEnd();
  }

  /** A Debezium change: fields {@code before}, {@code after} and, perhaps, {@code op}. */
  @Override
  public Kind read(byte[] bytes, Fields before, Fields after) {
    if (!(begin(bytes) instanceof AvroNode.Struct(var fields))) {
      throw new BadRecord("it is no Avro record");
    }
    boolean hasBefore = false;
    boolean hasAfter = false;
    int op = 0;
    for (AvroNode.Field field : fields) {
      switch (field.name()) {
        case "before" -> hasBefore = row(field.node(), lenient, before);
        case "after" -> hasAfter = row(field.node(), columns, after);
        case "op" -> {
          String text = text(field.node());
          op = text.length() == 1 ? text.charAt(0) : '?';
        }
        default -> value.skip(field.node(), cursor);
      }
    }
    cursor.expectEnd();
    return Kind.of(op, hasBefore, hasAfter);
  }

  private String text(AvroNode node) {
    AvroNode at = AvroValue.branch(node, cursor);
    return at instanceof AvroNode.Scalar(var primitive, _, _)
            && primitive == AvroNode.Primitive.STRING
        ? cursor.text()
        : "?";
  }

  /** False for null. */
  private boolean row(AvroNode node, List<InputColumn> into, Fields out) {
    AvroNode row = AvroValue.branch(node, cursor);
    if (row instanceof AvroNode.Struct struct) {
      struct(struct, into, out);
      return true;
    }
    value.skip(row, cursor);
    return false;
  }

  private AvroNode begin(byte[] bytes) {
    int id = cursor.over(bytes);
    return known.computeIfAbsent(id, asked -> AvroNode.parse(schemas.apply(asked)));
  }

  private void struct(AvroNode.Struct struct, List<InputColumn> into, Fields out) {
    int[] place = places.computeIfAbsent(struct, this::places);
    for (int i = 0; i < place.length; i++) {
      AvroNode node = struct.fields().get(i).node();
      if (place[i] == NONE) {
        value.skip(node, cursor);
      } else {
        member(node, into.get(place[i]), out);
      }
    }
    JsonRows.complete(into, out);
  }

  private int[] places(AvroNode.Struct struct) {
    int[] found = new int[struct.fields().size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = NONE;
      for (int c = 0; c < columns.size(); c++) {
        if (columns.get(c).name().equals(struct.fields().get(i).name())) {
          found[i] = c;
        }
      }
    }
    return found;
  }

  private void member(AvroNode node, InputColumn column, Fields out) {
    try {
      value.read(node, column.type(), cursor, out, column.column());
    } catch (BadRecord e) {
      throw JsonRows.in(column, e);
    }
  }
}
