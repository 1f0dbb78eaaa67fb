package akkasinks.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** PostgreSQL's text of one-dimensional arrays of texts. */
public final class TextArrays {
  private TextArrays() {}

  public static String text(Stream<String> elements) {
    return elements
        .map(e -> "\"" + e.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
        .map(e -> e.matches("\"[A-Za-z0-9_.:/-]+\"") ? e.substring(1, e.length() - 1) : e)
        .map(e -> e.equalsIgnoreCase("null") ? "\"" + e + "\"" : e)
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** Without NULLs; the inverse of {@link #text}. */
  public static List<String> elements(String text) {
    List<String> elements = new ArrayList<>();
    StringBuilder element = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int at = 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\\') {
        element.append(text.charAt(++at));
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (!quoted && (c == ',' || c == '}')) {
        if (any || !element.isEmpty()) {
          elements.add(element.toString());
        }
        element.setLength(0);
        any = false;
      } else {
        element.append(c);
      }
    }
    return elements;
  }
}
