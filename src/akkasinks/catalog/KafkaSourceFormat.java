package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** FORMAT and KEY FORMAT of a Kafka source. */
final class KafkaSourceFormat {
  private final FormatChoice choice;
  private final CatalogState state;
  private final String kind;
  private final Options options;

  KafkaSourceFormat(FormatChoice choice, CatalogState state) {
    this.choice = choice;
    this.state = state;
    this.kind = choice.name().text().toLowerCase(Locale.ROOT);
    this.options =
        new Options(
            kind.equals("csv")
                ? OptionTables.FORMAT_CSV
                : new OptionTable("FORMAT " + upper(), "the parentheses after it", List.of()),
            choice.options());
  }

  Encoding encoding() {
    if (choice.registry().isPresent() && !kind.equals("avro")) {
      throw at(
          Code.NOT_SUPPORTED,
          "FORMAT " + upper() + " with a schema registry is not yet supported",
          choice.registry().get(),
          "Possible: FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION its_connection.");
    }
    return switch (kind) {
      case "json" -> new Encoding.Json();
      case "text" -> new Encoding.Text();
      case "bytes" -> new Encoding.Bytes();
      case "csv" -> new Encoding.Csv(delimiter());
      case "avro" -> new Encoding.Avro(registry());
      default ->
          throw at(
              Code.NOT_SUPPORTED,
              "source format " + upper() + " not yet supported",
              choice.name(),
              "Possible: FORMAT JSON, FORMAT AVRO, FORMAT TEXT, FORMAT BYTES, FORMAT CSV.");
    };
  }

  /** COLUMNS of CSV; 0 if not given. */
  int columns() {
    return kind.equals("csv") ? options.whole("COLUMNS", 0) : 0;
  }

  /** As SHOW CREATE has it. */
  FormatChoice canonical() {
    return new FormatChoice(choice.name(), choice.registry(), options.all());
  }

  private String registry() {
    Name name =
        choice
            .registry()
            .orElseThrow(
                () ->
                    at(
                        Code.NOT_SUPPORTED,
                        "FORMAT AVRO is only supported with a schema registry",
                        choice.name(),
                        "Write FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION"
                            + " its_connection."));
    return Lookup.registry(state, name).id();
  }

  private char delimiter() {
    Optional<Option> option = options.find("DELIMITER");
    String text = option.map(OptionValues::text).orElse(",");
    char first = text.charAt(0);
    if (text.length() != 1 || first > 126 || first == '"' || first == '\n' || first == '\r') {
      throw OptionValues.invalid(
          option.orElseThrow(), "must be one character of ASCII, and no quote or line break");
    }
    return first;
  }

  private String upper() {
    return OptionNames.shortened(choice.name().text()).toUpperCase(Locale.ROOT);
  }

  private static FailureException at(Code code, String message, Name place, String hint) {
    return Failure.of(code, message).hint(hint).at(place.position()).exception();
  }
}
