package akkasinks.format.protobuf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A schema's text, as far as ours go: messages of fields, none within another.
 *
 * @param packageName empty for none
 * @param messages the record's own first
 */
record ProtoFile(String packageName, List<Message> messages) {
  ProtoFile {
    messages = List.copyOf(messages);
  }

  /**
   * @param fields by number
   * @param reserved numbers and names that fields had once
   */
  record Message(
      String name,
      List<Field> fields,
      SortedSet<Integer> reserved,
      SortedSet<String> reservedNames) {
    Message {
      fields = fields.stream().sorted(Comparator.comparingInt(Field::number)).toList();
    }

    Message(String name, List<Field> fields) {
      this(name, fields, new TreeSet<>(), new TreeSet<>());
    }

    Optional<Field> field(String named) {
      return fields.stream().filter(f -> f.name().equals(named)).findFirst();
    }

    private void write(StringBuilder text) {
      text.append("\nmessage ").append(name).append(" {\n");
      if (!reserved.isEmpty()) {
        text.append("  reserved ")
            .append(reserved.stream().map(String::valueOf).collect(Collectors.joining(", ")))
            .append(";\n");
      }
      if (!reservedNames.isEmpty()) {
        text.append("  reserved ")
            .append(
                reservedNames.stream().map(n -> '"' + n + '"').collect(Collectors.joining(", ")))
            .append(";\n");
      }
      for (var field : fields) {
        text.append("  ")
            .append(field.label().isEmpty() ? "" : field.label() + " ")
            .append("%s %s = %d;\n".formatted(field.type(), field.name(), field.number()));
      }
      text.append("}\n");
    }
  }

  /**
   * @param label optional, repeated, or empty for none
   * @param number 0 while there is none
   */
  record Field(String label, String type, String name, int number) {
    Field at(int place) {
      return new Field(label, type, name, place);
    }

    /** Whether it says the same but for the number. */
    boolean isLike(Field other) {
      return at(0).equals(other.at(0));
    }
  }

  Optional<Message> message(String named) {
    return messages.stream().filter(m -> m.name().equals(named)).findFirst();
  }

  /** As a registry takes it. */
  String text() {
    var text = new StringBuilder("syntax = \"proto3\";\n");
    if (!packageName.isEmpty()) {
      text.append("\npackage ").append(packageName).append(";\n");
    }
    if (messages.stream()
        .flatMap(m -> m.fields().stream())
        .anyMatch(f -> f.type().equals(ProtobufType.TIMESTAMP_NAME))) {
      text.append("\nimport \"google/protobuf/timestamp.proto\";\n");
    }
    messages.forEach(m -> m.write(text));
    return text.toString();
  }

  /** The messages of a type and of all its parts, its own first, without numbers. */
  static List<Message> messages(ProtobufType type) {
    List<Message> messages = new ArrayList<>();
    add(type, messages);
    return messages;
  }

  private static void add(ProtobufType type, List<Message> messages) {
    var known = messages.stream().anyMatch(m -> m.name().equals(type.text()));
    if (known) {
      return;
    }
    switch (type) {
      case ProtobufType.Scalar _ -> {}
      case ProtobufType.Array(String name, var element, char _) -> {
        var elements = new Field("repeated", element.text(), ProtobufType.ELEMENTS, 0);
        messages.add(new Message(name, List.of(elements)));
        add(element, messages);
      }
      case ProtobufType.TextMap(String name) -> {
        var entries = new Field("", ProtobufType.ENTRIES_TYPE, ProtobufType.ENTRIES, 0);
        messages.add(new Message(name, List.of(entries)));
      }
      case ProtobufType.Message(String name, var fields) -> {
        messages.add(
            new Message(
                name,
                fields.stream()
                    .map(f -> new Field("optional", f.type().text(), f.name(), 0))
                    .toList()));
        fields.forEach(f -> add(f.type(), messages));
      }
    }
  }
}
