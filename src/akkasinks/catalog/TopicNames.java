package akkasinks.catalog;

import akkasinks.change.Relation;
import akkasinks.command.Command.Option;
import java.util.List;
import java.util.regex.Pattern;

/** Which names Kafka takes for a topic. */
final class TopicNames {
  private static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  private TopicNames() {}

  static String checked(Option option) {
    return checked(option, OptionValues.text(option));
  }

  /** A name that depends on the table. */
  static String pattern(Option option) {
    String text = OptionValues.text(option);
    var pattern = new TopicPattern(text);
    if (!pattern.varies()) {
      throw OptionValues.failure(
              option, "TOPIC must contain {table}: each table of the source has its own")
          .failure()
          .hint("For example TOPIC 'shop.{table}', or 'shop.{schema}.{table}'.")
          .exception();
    }
    checked(option, pattern.of(new Relation(0, "s", "t", List.of())));
    return text;
  }

  private static String checked(Option option, String name) {
    if (LEGAL.matcher(name).matches()) {
      return name;
    }
    throw OptionValues.invalid(
            option, "\"" + OptionNames.shortened(name) + "\" is not a legal topic name")
        .failure()
        .hint("Up to 249 letters, digits, dots, underscores and hyphens.")
        .exception();
  }
}
