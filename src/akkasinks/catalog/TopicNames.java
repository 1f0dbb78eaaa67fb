package akkasinks.catalog;

import akkasinks.command.Command.Option;
import java.util.regex.Pattern;

/** Which names Kafka takes for a topic. */
final class TopicNames {
  private static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  private TopicNames() {}

  static String checked(Option option) {
    String name = OptionValues.text(option);
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
