package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words after a verb: options with a value, flags, and the rest in order.
 *
 * <p>{@code --} ends the options, so that what follows may begin with a dash.
 */
record Arguments(Map<String, String> options, Set<String> flags, List<String> rest) {

  /**
   * @param known options that take a value, with their dashes: {@code --url}
   * @throws akkasinks.base.FailureException INVALID_PARAMETER naming the option
   */
  static Arguments parse(List<String> words, Set<String> known, Set<String> flags) {
    Map<String, String> options = new HashMap<>();
    Set<String> given = new java.util.HashSet<>();
    List<String> rest = new ArrayList<>();
    boolean over = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
      if (over || !word.startsWith("-") || word.equals("-")) {
        rest.add(word);
      } else if (word.equals("--")) {
        over = true;
      } else if (flags.contains(word)) {
        given.add(word);
      } else if (!known.contains(name)) {
        throw unknown(word, known, flags);
      } else if (equals > 0 && !name.equals(word)) {
        options.put(name, word.substring(equals + 1));
      } else if (i + 1 < words.size()) {
        options.put(name, words.get(++i));
      } else {
        throw Failure.of(Code.INVALID_PARAMETER, "option " + word + " needs a value").exception();
      }
    }
    return new Arguments(options, given, rest);
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /**
   * The same, of a verb that takes options only.
   *
   * @param example how it is written
   * @throws akkasinks.base.FailureException INVALID_PARAMETER naming the first word
   */
  Arguments alone(String example) {
    if (!rest.isEmpty()) {
      throw Failure.of(Code.INVALID_PARAMETER, "unexpected word \"" + rest.getFirst() + "\"")
          .hint("Write: " + example)
          .exception();
    }
    return this;
  }

  private static RuntimeException unknown(String word, Set<String> known, Set<String> flags) {
    List<String> all = new ArrayList<>(known);
    all.addAll(flags);
    return Failure.of(Code.INVALID_PARAMETER, "unknown option " + word)
        .hint(
            all.isEmpty()
                ? "This verb takes no options."
                : Nearest.to(word, all.stream())
                    .map(near -> "Did you mean " + near + "?")
                    .orElse("It takes " + String.join(", ", all.stream().sorted().toList()) + "."))
        .exception();
  }
}
