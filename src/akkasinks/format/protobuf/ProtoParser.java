package akkasinks.format.protobuf;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Reads a schema's text back, as we wrote it or as a registry wrote it anew. Fields of a oneof
 * count as their message's; what messages hold within, enumerations and options are passed over.
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
   * @throws IllegalArgumentException if it is no schema that this can read
   */
  static ProtoFile parse(String text) {
    return new ProtoParser(text).file();
  }

  private ProtoFile file() {
    List<ProtoFile.Message> messages = new ArrayList<>();
    while (at < tokens.size()) {
      switch (next()) {
        case "package" -> {
          packageName = next();
          skip();
        }
        case "message" -> messages.add(message());
        case ";" -> {}
        default -> skip();
      }
    }
    return new ProtoFile(packageName, messages);
  }

  private ProtoFile.Message message() {
    String name = next();
    expect("{");
    List<ProtoFile.Field> fields = new ArrayList<>();
    SortedSet<Integer> reserved = new TreeSet<>();
    SortedSet<String> reservedNames = new TreeSet<>();
    members(fields, reserved, reservedNames);
    return new ProtoFile.Message(name, fields, reserved, reservedNames);
  }

  private void members(
      List<ProtoFile.Field> fields, SortedSet<Integer> reserved, SortedSet<String> reservedNames) {
    for (String word = next(); !word.equals("}"); word = next()) {
      boolean statement = at + 1 < tokens.size() && !tokens.get(at + 1).equals("=");
      switch (word) {
        case ";" -> {}
        case "reserved" -> reserved(reserved, reservedNames);
        case "optional", "repeated", "required" -> fields.add(field(word, next()));
        case "oneof" -> {
          next();
          expect("{");
          members(fields, reserved, reservedNames);
        }
        case "message", "enum", "extend", "option", "extensions" -> {
          if (statement || word.equals("option")) {
            skip();
          } else {
            fields.add(field("", word));
          }
        }
        default -> fields.add(field("", word));
      }
    }
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
