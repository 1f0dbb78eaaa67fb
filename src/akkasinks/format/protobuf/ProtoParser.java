package akkasinks.format.protobuf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Reads a schema's text, as we wrote it, as a registry wrote it anew, or as somebody else did.
 * Fields of a oneof count as their message's; options are passed over.
 */
final class ProtoParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\n]*|/\\*.*?\\*/|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|[\\w.+-]+|\\S",
          Pattern.DOTALL);
  private static final int LAST = 536_870_911;

  private final List<String> tokens;
  private int at;
  private String packageName = "";
  private boolean proto3;
  private final List<ProtoFile.Message> messages = new ArrayList<>();
  private final List<ProtoSchema.Declared> declared = new ArrayList<>();
  private final Map<String, Map<Integer, String>> enumerations = new HashMap<>();

  private ProtoParser(String text) {
    this.tokens =
        TOKEN
            .matcher(text)
            .results()
            .map(MatchResult::group)
            .filter(t -> !t.startsWith("//") && !t.startsWith("/*"))
            .toList();
  }

  /**
   * The messages that are in no other.
   *
   * @throws IllegalArgumentException if it is no schema that this can read
   */
  static ProtoFile parse(String text) {
    var parser = new ProtoParser(text);
    parser.file();
    return new ProtoFile(parser.packageName, parser.messages);
  }

  /** All messages and enumerations; as {@link #parse} otherwise. */
  static ProtoSchema schema(String text) {
    var parser = new ProtoParser(text);
    parser.file();
    if (parser.declared.isEmpty()) {
      throw new IllegalArgumentException("it has no messages");
    }
    return new ProtoSchema(parser.declared, parser.enumerations);
  }

  private void file() {
    while (at < tokens.size()) {
      switch (next()) {
        case "syntax" -> {
          expect("=");
          proto3 = next().contains("proto3");
          skip();
        }
        case "package" -> {
          packageName = next();
          skip();
        }
        case "message" -> {
          var body = message(packageName);
          declared.add(body.declared());
          messages.add(body.message());
        }
        case "enum" -> enumeration(packageName);
        case ";" -> {}
        default -> skip();
      }
    }
  }

  /** A message by its fields' numbers, and as it is written down. */
  private record Body(ProtoFile.Message message, ProtoSchema.Declared declared) {}

  private Body message(String scope) {
    String name = next();
    var members = new Members(under(scope, name));
    expect("{");
    members(members, false);
    return new Body(
        new ProtoFile.Message(name, members.fields, members.reserved, members.reservedNames),
        new ProtoSchema.Declared(members.name, members.all, members.nested, false));
  }

  private static String under(String scope, String name) {
    return scope.isEmpty() ? name : scope + "." + name;
  }

  /** What a message has so far. */
  private static final class Members {
    final String name;
    final List<ProtoFile.Field> fields = new ArrayList<>();
    final List<ProtoSchema.Member> all = new ArrayList<>();
    final List<ProtoSchema.Declared> nested = new ArrayList<>();
    final SortedSet<Integer> reserved = new TreeSet<>();
    final SortedSet<String> reservedNames = new TreeSet<>();

    Members(String name) {
      this.name = name;
    }

    void add(ProtoFile.Field field, boolean implicit) {
      fields.add(field);
      boolean many = field.label().equals("repeated") || field.type().startsWith("map<");
      all.add(
          new ProtoSchema.Member(
              field.name(),
              field.number(),
              many,
              implicit && field.label().isEmpty() && !many,
              field.type()));
    }
  }

  private void members(Members into, boolean oneof) {
    for (String word = next(); !word.equals("}"); word = next()) {
      boolean statement = at + 1 < tokens.size() && !tokens.get(at + 1).equals("=");
      switch (word) {
        case ";" -> {}
        case "reserved" -> reserved(into.reserved, into.reservedNames);
        case "optional", "repeated", "required" -> into.add(field(word, next()), false);
        case "oneof" -> {
          next();
          expect("{");
          members(into, true);
        }
        case "message", "enum", "extend", "option", "extensions" -> {
          if (!statement && !word.equals("option")) {
            into.add(field("", word), proto3 && !oneof);
          } else if (word.equals("message")) {
            into.nested.add(message(into.name).declared());
          } else if (word.equals("enum")) {
            enumeration(into.name);
          } else {
            skip();
          }
        }
        default -> into.add(field("", word), proto3 && !oneof);
      }
    }
  }

  private void enumeration(String scope) {
    String name = under(scope, next());
    expect("{");
    Map<Integer, String> names = new HashMap<>();
    for (String word = next(); !word.equals("}"); word = next()) {
      switch (word) {
        case ";" -> {}
        case "option", "reserved" -> skip();
        default -> {
          expect("=");
          names.putIfAbsent(number(), word);
          skip();
        }
      }
    }
    enumerations.put(name, names);
  }

  private ProtoFile.Field field(String label, String first) {
    String type = first;
    if (first.equals("map") && tokens.get(at).equals("<")) {
      expect("<");
      String key = next();
      expect(",");
      type = "map<%s, %s>".formatted(key, relative(next()));
      expect(">");
    }
    String name = next();
    expect("=");
    int number = number();
    skip();
    return new ProtoFile.Field(label, relative(type), name, number);
  }

  /** Registries may write a name of this file in full. */
  private String relative(String type) {
    String name = type.startsWith(".") ? type.substring(1) : type;
    String own = packageName + ".";
    return !packageName.isEmpty() && name.startsWith(own) ? name.substring(own.length()) : name;
  }

  private void reserved(SortedSet<Integer> numbers, SortedSet<String> names) {
    do {
      char first = tokens.get(at).charAt(0);
      if (first == '"' || first == '\'') {
        String quoted = next();
        names.add(quoted.substring(1, quoted.length() - 1));
      } else if (Character.isDigit(first)) {
        range(numbers);
      } else {
        names.add(next());
      }
    } while (next().equals(","));
  }

  /** A large range counts by its ends: what lies between is never given out anyway. */
  private void range(SortedSet<Integer> numbers) {
    int from = number();
    int to = from;
    if (tokens.get(at).equals("to")) {
      next();
      to = tokens.get(at).equals("max") ? maximum() : number();
    }
    numbers.add(from);
    for (int i = from; i < to && i - from < 10_000; i++) {
      numbers.add(i);
    }
    numbers.add(to);
  }

  private int maximum() {
    next();
    return LAST;
  }

  private int number() {
    try {
      return Integer.decode(next());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number is missing in it", e);
    }
  }

  /** To the end of a statement, over all that is in braces. */
  private void skip() {
    int depth = 0;
    while (true) {
      switch (next()) {
        case "{" -> depth++;
        case "}" -> {
          if (--depth <= 0) {
            return;
          }
        }
        case ";" -> {
          if (depth == 0) {
            return;
          }
        }
        default -> {}
      }
    }
  }

  private void expect(String token) {
    String found = next();
    if (!found.equals(token)) {
      throw new IllegalArgumentException("%s stands where %s must".formatted(found, token));
    }
  }

  private String next() {
    if (at >= tokens.size()) {
      throw new IllegalArgumentException("it ends too early");
    }
    return tokens.get(at++);
  }
}
