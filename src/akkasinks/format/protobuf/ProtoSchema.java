package akkasinks.format.protobuf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages of somebody's schema. */
public final class ProtoSchema {
  private static final String GOOGLES = "google.protobuf.";
  private static final Map<String, ProtoType.Scalar> WRAPPERS =
      Map.of(
          "DoubleValue", ProtoType.Scalar.DOUBLE,
          "FloatValue", ProtoType.Scalar.FLOAT,
          "Int64Value", ProtoType.Scalar.INT64,
          "UInt64Value", ProtoType.Scalar.UINT64,
          "Int32Value", ProtoType.Scalar.INT32,
          "UInt32Value", ProtoType.Scalar.UINT32,
          "BoolValue", ProtoType.Scalar.BOOL,
          "StringValue", ProtoType.Scalar.STRING,
          "BytesValue", ProtoType.Scalar.BYTES);

  private final List<Declared> top;
  private final Map<String, ProtoType.Struct> structs = new HashMap<>();
  private final Map<String, ProtoType.Enumerated> enumerations = new HashMap<>();

  /**
   * A message as it is written down.
   *
   * @param name in full
   * @param map whether it is the entry of a map
   */
  record Declared(String name, List<Member> members, List<Declared> nested, boolean map) {
    Declared {
      members = List.copyOf(members);
      nested = List.copyOf(nested);
    }
  }

  /**
   * @param type a scalar's name, a message's or enumeration's (with a dot before it if in full), or
   *     {@code map<k, v>}
   */
  record Member(String name, int number, boolean repeated, boolean implicit, String type) {}

  ProtoSchema(List<Declared> top, Map<String, Map<Integer, String>> enumerations) {
    this.top = List.copyOf(top);
    enumerations.forEach((n, names) -> this.enumerations.put(n, new ProtoType.Enumerated(names)));
    top.forEach(this::name);
    top.forEach(this::fill);
  }

  /**
   * Of a schema's text.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ProtoSchema parse(String text) {
    return ProtoParser.schema(text);
  }

  /**
   * Of what protoc --descriptor_set_out writes.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ProtoSchema ofDescriptors(byte[] set) {
    return DescriptorSet.read(set);
  }

  /** The message of that full name. */
  public Optional<ProtoType.Struct> message(String name) {
    return Optional.ofNullable(structs.get(name.startsWith(".") ? name.substring(1) : name));
  }

  /** The message at a place: which of the file's, which of those within that, and so on. */
  public Optional<ProtoType.Struct> message(List<Integer> path) {
    List<Declared> among = top;
    Optional<Declared> found = Optional.empty();
    for (int index : path) {
      if (index < 0 || index >= among.size()) {
        return Optional.empty();
      }
      found = Optional.of(among.get(index));
      among = among.get(index).nested();
    }
    return found.flatMap(declared -> message(declared.name()));
  }

  private void name(Declared declared) {
    structs.put(declared.name(), new ProtoType.Struct(declared.name()));
    declared.nested().forEach(this::name);
  }

  private void fill(Declared declared) {
    var struct = message(declared.name()).orElseThrow();
    for (var member : declared.members()) {
      var type = type(member.type(), declared.name());
      boolean plain = type instanceof ProtoType.Scalar || type instanceof ProtoType.Enumerated;
      struct.add(
          new ProtoType.Field(
              member.name(), member.number(), member.repeated(), member.implicit() && plain, type));
    }
    declared.nested().forEach(this::fill);
  }

  private ProtoType type(String written, String scope) {
    if (written.startsWith("map<")) {
      String[] parts = written.substring(4, written.length() - 1).split(",", -1);
      return new ProtoType.Mapped(
          ProtoType.scalar(parts[0].strip()).orElseThrow(IllegalArgumentException::new),
          type(parts[1].strip(), scope));
    }
    var scalar = ProtoType.scalar(written);
    if (scalar.isPresent()) {
      return scalar.get();
    }
    String name = written.startsWith(".") ? written.substring(1) : written;
    var known = written.startsWith(".") ? named(name) : within(scope, name);
    return known.orElseGet(() -> googles(name));
  }

  /** Names are looked for from the inside outwards. */
  private Optional<ProtoType> within(String scope, String name) {
    String around = scope;
    while (!around.isEmpty()) {
      var known = named(around + "." + name);
      if (known.isPresent()) {
        return known;
      }
      around = around.substring(0, Math.max(0, around.lastIndexOf('.')));
    }
    return named(name);
  }

  private Optional<ProtoType> named(String name) {
    return Optional.<ProtoType>ofNullable(structs.get(name))
        .or(() -> Optional.ofNullable(enumerations.get(name)));
  }

  private static ProtoType googles(String name) {
    if (name.equals(GOOGLES + "Timestamp")) {
      return new ProtoType.Moment();
    }
    var wrapped = WRAPPERS.get(name.startsWith(GOOGLES) ? name.substring(GOOGLES.length()) : "");
    return wrapped == null ? new ProtoType.Foreign(name) : new ProtoType.Wrapped(wrapped);
  }
}
