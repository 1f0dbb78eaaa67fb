package akkasinks.format.avro;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Names as Avro allows them: letters, digits and underscores of ASCII, no digit first. */
public final class AvroNames {
  private static final Pattern FULL =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

  private AvroNames() {}

  /** Whether this can be a record's name, with or without a namespace before it. */
  public static boolean isFullName(String name) {
    return FULL.matcher(name).matches();
  }

  /** A legal name for each, in their order, no two alike; those that are legal stay. */
  static List<String> of(List<String> columns) {
    Set<String> taken = new HashSet<>();
    return columns.stream().map(column -> free(legal(column), taken)).toList();
  }

  private static String free(String name, Set<String> taken) {
    String free = name;
    String stem = Character.isDigit(name.charAt(name.length() - 1)) ? name + "_" : name;
    for (int number = 1; !taken.add(free); number++) {
      free = stem + number;
    }
    return free;
  }

  private static String legal(String column) {
    StringBuilder name = new StringBuilder();
    column.codePoints().forEach(c -> name.append(isLetter(c) || isDigit(c) ? (char) c : '_'));
    return name.isEmpty() || isDigit(name.charAt(0)) ? "_" + name : name.toString();
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
