package akkasinks.format.protobuf;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A type of somebody's schema, as a reader of records needs it. */
public sealed interface ProtoType {

  /** Types without parts, by the names that a schema gives them. */
  enum Scalar implements ProtoType {
    DOUBLE,
    FLOAT,
    INT64,
    UINT64,
    INT32,
    FIXED64,
    FIXED32,
    BOOL,
    STRING,
    BYTES,
    UINT32,
    SFIXED32,
    SFIXED64,
    SINT32,
    SINT64
  }

  /** google.protobuf.Timestamp. */
  record Moment() implements ProtoType {}

  /** google.protobuf.Int64Value and its like: a message of one field, number 1. */
  record Wrapped(Scalar value) implements ProtoType {}

  /** An enumeration's names. */
  record Enumerated(Map<Integer, String> names) implements ProtoType {
    public Enumerated {
      names = Map.copyOf(names);
    }
  }

  record Mapped(Scalar key, ProtoType value) implements ProtoType {}

  /** Of a file that the schema imports, and that is not here. */
  record Foreign(String name) implements ProtoType {}

  /**
   * @param implicit whether a record that lacks it means zero, the empty text and so on
   */
  record Field(String name, int number, boolean repeated, boolean implicit, ProtoType type) {}

  /** A message. Filled in once all names are known, for it may hold itself; then only read. */
  final class Struct implements ProtoType {
    private final String name;
    private final Map<Integer, Field> fields = new TreeMap<>();

    Struct(String name) {
      this.name = name;
    }

    void add(Field field) {
      fields.put(field.number(), field);
    }

    /** In full. */
    public String name() {
      return name;
    }

    /** By their numbers. */
    public Collection<Field> fields() {
      return fields.values();
    }

    public @Nullable Field field(int number) {
      return fields.get(number);
    }
  }

  /** The scalar of that name. */
  static Optional<Scalar> scalar(String name) {
    for (Scalar each : Scalar.values()) {
      if (each.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
