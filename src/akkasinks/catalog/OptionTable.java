package akkasinks.catalog;

import java.util.List;
import java.util.Optional;

/**
 * The options of one place in one statement.
 *
 * @param statement for messages: {@code CREATE SINK}
 * @param place for the hint to who wrote an option in another place of the statement
 */
public record OptionTable(String statement, String place, List<OptionSpec> options) {
  public OptionTable {
    options = List.copyOf(options);
  }

  Optional<OptionSpec> find(String name) {
    return options.stream().filter(o -> o.name().equals(name)).findFirst();
  }
}
