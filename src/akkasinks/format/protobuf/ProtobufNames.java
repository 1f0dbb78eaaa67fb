package akkasinks.format.protobuf;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Names as Protobuf allows them: letters, digits and underscores of ASCII, a letter first. */
public final class ProtobufNames {
  private static final Pattern FULL =
      Pattern.compile("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*");

  /** In a package with this part, the well-known types could not be named. */
  private static final String THEIRS = "google";

  private ProtobufNames() {}

  /** Whether this can be a message's name, with or without a package before it. */
  public static boolean isFullName(String name) {
    return FULL.matcher(name).matches() && !List.of(name.split("\\.")).contains(THEIRS);
  }

  /** What stands before the last dot, empty for none. */
  static String packageOf(String fullName) {
    return fullName.substring(0, Math.max(0, fullName.lastIndexOf('.')));
  }

  static String last(String fullName) {
    return fullName.substring(fullName.lastIndexOf('.') + 1);
  }

  /**
   * A legal name for each, in their order, no two alike in Protobuf's JSON either, where foo_bar is
   * fooBar; those that are legal stay.
   */
  static List<String> fields(List<String> columns) {
    Set<String> taken = new HashSet<>();
    return columns.stream()
        .map(
            column -> {
              String name = legal(column);
              String free = name;
              for (int number = 1; !taken.add(camel(free, false)); number++) {
                free = numbered(name, number);
              }
              return free;
            })
        .toList();
  }

  /** The name of a type as a message's: order_line is OrderLine. */
  static String message(String type) {
    String camel = camel(legal(type), true);
    return isDigit(camel.charAt(0)) ? "Type" + camel : camel;
  }

  /** The name, or another if the message beside has it. */
  static String beside(String message, String name) {
    return message.equals(name) ? numbered(name, 1) : name;
  }

  static String numbered(String name, int number) {
    return Character.isDigit(name.charAt(name.length() - 1)) ? name + "_" + number : name + number;
  }

  private static String legal(String column) {
    StringBuilder name = new StringBuilder();
    column.codePoints().forEach(c -> name.append(isLetter(c) || isDigit(c) ? (char) c : '_'));
    boolean named = name.chars().anyMatch(c -> c != '_');
    int first = name.isEmpty() ? '_' : name.charAt(0);
    return named && (isLetter(first) || first == '_') ? name.toString() : "field" + name;
  }

  private static String camel(String name, boolean capital) {
    StringBuilder camel = new StringBuilder();
    boolean up = capital;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        up |= !camel.isEmpty();
      } else {
        camel.append(up ? Character.toUpperCase(c) : c);
        up = false;
      }
    }
    return camel.toString();
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
