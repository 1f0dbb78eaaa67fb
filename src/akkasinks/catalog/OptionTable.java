package akkasinks.catalog;

import java.util.List;
import java.util.Optional;

/**
 * The options of one place in one statement.
 *
 * @param statement for messages: {@code CREATE SINK}
 * @param place for the hint to who wrote an option in another place of the statement
 * @param exclusive groups of options of which one excludes the others
 */
public record OptionTable(
    String statement, String place, List<OptionSpec> options, List<List<String>> exclusive) {
  public OptionTable {
    options = List.copyOf(options);
    exclusive = List.copyOf(exclusive);
  }

  OptionTable(String statement, String place, List<OptionSpec> options) {
    this(statement, place, options, List.of());
  }

  Optional<OptionSpec> find(String name) {
    return options.stream().filter(o -> o.name().equals(name)).findFirst();
  }
}
