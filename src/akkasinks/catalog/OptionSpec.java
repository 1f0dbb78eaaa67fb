package akkasinks.catalog;

import java.util.stream.Stream;

/**
 * One option, declared once: what is accepted, what is said of a wrong value, and the reference
 * come from here.
 *
 * @param fallback the value if none is given, as it would be written; empty for none
 * @param doc one line
 */
public record OptionSpec(String name, OptionType type, String fallback, String doc) {

  /**
   * Kafka's own properties, named one by one: a mistyped name is an error, and what would break a
   * guarantee is not there.
   */
  static Stream<OptionSpec> properties(String... names) {
    return Stream.of(names)
        .map(
            name ->
                new OptionSpec(
                    name, new OptionType.Property(), "", "Kafka's client property of this name."));
  }
}
