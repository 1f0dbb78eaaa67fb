package akkasinks.format.protobuf;

import akkasinks.base.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads google.protobuf.FileDescriptorSet: a compiled schema, with what it imports. */
final class DescriptorSet {
  private static final int REPEATED = 3;
  private static final int ENUM = 14;
  private static final int MESSAGE = 11;
  private static final int GROUP = 10;

  /** By the numbers of FieldDescriptorProto.Type. */
  private static final List<String> TYPES =
      List.of(
          "",
          "double",
          "float",
          "int64",
          "uint64",
          "int32",
          "fixed64",
          "fixed32",
          "bool",
          "string",
          "group",
          "message",
          "bytes",
          "uint32",
          "enum",
          "sfixed32",
          "sfixed64",
          "sint32",
          "sint64");

  private final Map<String, Map<Integer, String>> enumerations = new HashMap<>();
  private final Map<String, ProtoSchema.Declared> entries = new HashMap<>();

  private DescriptorSet() {}

  static ProtoSchema read(byte[] set) {
    var reading = new DescriptorSet();
    List<ProtoSchema.Declared> messages = new ArrayList<>();
    try {
      // The one that was asked for comes last, behind what it imports.
      for (byte[] file : parts(set).bytes(1).reversed()) {
        reading.file(parts(file), messages);
      }
    } catch (FailureException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("it is no compiled schema", e);
    }
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("it has no messages");
    }
    return new ProtoSchema(messages, reading.enumerations);
  }

  private void file(Parts file, List<ProtoSchema.Declared> messages) {
    String scope = file.text(2);
    if (scope.equals("google.protobuf")) {
      return;
    }
    boolean proto3 = file.text(12).equals("proto3");
    file.bytes(5).forEach(e -> enumeration(parts(e), scope));
    file.bytes(4).forEach(m -> messages.add(message(parts(m), scope, proto3)));
  }

  private void enumeration(Parts declared, String scope) {
    Map<Integer, String> names = new HashMap<>();
    for (byte[] value : declared.bytes(2)) {
      var parts = parts(value);
      names.putIfAbsent((int) parts.number(2), parts.text(1));
    }
    enumerations.put(under(scope, declared.text(1)), names);
  }

  private ProtoSchema.Declared message(Parts declared, String scope, boolean proto3) {
    String name = under(scope, declared.text(1));
    declared.bytes(4).forEach(e -> enumeration(parts(e), name));
    List<ProtoSchema.Declared> nested = new ArrayList<>();
    declared.bytes(3).forEach(m -> nested.add(message(parts(m), name, proto3)));
    List<ProtoSchema.Member> members = new ArrayList<>();
    declared.bytes(2).forEach(f -> members.add(member(parts(f), proto3)));
    boolean map = declared.bytes(7).stream().anyMatch(options -> parts(options).number(7) == 1);
    var message = new ProtoSchema.Declared(name, members, nested, map);
    if (map) {
      entries.put("." + name, message);
    }
    return message;
  }

  private ProtoSchema.Member member(Parts field, boolean proto3) {
    int type = (int) field.number(5);
    if (type == GROUP) {
      throw new IllegalArgumentException("it has a group, " + field.text(1));
    }
    boolean named = type == MESSAGE || type == ENUM;
    boolean repeated = field.number(4) == REPEATED;
    boolean implicit = proto3 && type != MESSAGE && !repeated && !field.has(9);
    String written = named ? field.text(6) : TYPES.get(type);
    var entry = entries.get(written);
    return new ProtoSchema.Member(
        field.text(1),
        (int) field.number(3),
        repeated,
        implicit,
        entry == null
            ? written
            : "map<%s, %s>"
                .formatted(entry.members().getFirst().type(), entry.members().getLast().type()));
  }

  private static String under(String scope, String name) {
    return scope.isEmpty() ? name : scope + "." + name;
  }

  /** A message's fields by number. */
  private record Parts(Map<Integer, List<byte[]>> lengths, Map<Integer, Long> numbers) {
    List<byte[]> bytes(int field) {
      return lengths.getOrDefault(field, List.of());
    }

    String text(int field) {
      var found = bytes(field);
      return found.isEmpty() ? "" : new String(found.getLast(), StandardCharsets.UTF_8);
    }

    long number(int field) {
      return numbers.getOrDefault(field, 0L);
    }

    boolean has(int field) {
      return numbers.containsKey(field);
    }
  }

  private static Parts parts(byte[] message) {
    Map<Integer, List<byte[]>> lengths = new HashMap<>();
    Map<Integer, Long> numbers = new HashMap<>();
    var in = ProtobufReader.body(message);
    while (!in.atEnd()) {
      long tag = in.varint();
      int field = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case Wire.LENGTH -> lengths.computeIfAbsent(field, _ -> new ArrayList<>()).add(in.take());
        case Wire.VARINT -> numbers.put(field, in.varint());
        default -> in.skip(tag);
      }
    }
    return new Parts(lengths, numbers);
  }
}
