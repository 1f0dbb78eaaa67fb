package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.command.Command.OptionValue.None;
import java.util.Locale;
import java.util.Optional;

/** Tells which declared option is meant by what was written. */
final class OptionNames {
  private static final int SHOWN = 60;

  private OptionNames() {}

  /**
   * The option under its declared name. {@code COMPRESSION TYPE lz4}, written without {@code =},
   * comes as one long name: here it is parted.
   */
  static Option resolve(OptionTable table, Option option) {
    if (table.find(option.name()).isPresent()) {
      return option;
    }
    if (option.value() instanceof None) {
      for (int end = cut(option.name()); end > 0; end = cut(option.name().substring(0, end))) {
        String name = option.name().substring(0, end);
        if (table.find(name).isPresent()) {
          String value = option.name().substring(end + 1).toLowerCase(Locale.ROOT);
          return new Option(name, new Literal(value, false), option.position());
        }
      }
    }
    throw unknown(table, option);
  }

  private static int cut(String name) {
    return name.lastIndexOf(' ');
  }

  private static FailureException unknown(OptionTable table, Option option) {
    String written = option.name();
    Optional<String> near = near(table, written);
    while (near.isEmpty() && option.value() instanceof None && cut(written) > 0) {
      written = written.substring(0, cut(written));
      near = near(table, written);
    }
    // What follows a name without "=" is a value, and may be a secret: shown is only the name.
    String shown = near.isPresent() ? written : option.name();
    String hint =
        elsewhere(table, written)
            .orElse(near.map(name -> "did you mean \"" + name + "\"?").orElse(known(table)));
    return Failure.of(
            Code.INVALID_PARAMETER,
            "unknown option \"" + shortened(shown) + "\" for " + table.statement())
        .hint(hint)
        .at(option.position())
        .exception();
  }

  /** Among options of as many words: one word more or less is a value, not a mistake. */
  private static Optional<String> near(OptionTable table, String written) {
    return Nearest.to(
        written,
        table.options().stream()
            .map(OptionSpec::name)
            .filter(name -> name.split(" ").length == written.split(" ").length));
  }

  private static Optional<String> elsewhere(OptionTable table, String written) {
    return OptionTables.ALL.stream()
        .filter(other -> other != table && sameStatement(other.statement(), table.statement()))
        .filter(other -> other.find(written).isPresent())
        .findFirst()
        .map(other -> "\"" + written + "\" belongs into " + other.place() + ".");
  }

  private static boolean sameStatement(String a, String b) {
    return a.startsWith(b) || b.startsWith(a);
  }

  private static String known(OptionTable table) {
    return "Known here: "
        + String.join(", ", table.options().stream().map(OptionSpec::name).toList())
        + ".";
  }

  static String shortened(String text) {
    return text.length() <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN / 2)) + "…";
  }
}
