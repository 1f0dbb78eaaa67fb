package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.format.protobuf.ProtobufMessages;
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
            switch (kind) {
              case "csv" -> OptionTables.FORMAT_CSV;
              case "protobuf" -> OptionTables.FORMAT_PROTOBUF_MESSAGE;
              default ->
                  new OptionTable("FORMAT " + upper(), "the parentheses after it", List.of());
            },
            choice.options());
  }

  Encoding encoding() {
    if (choice.registry().isPresent() && !kind.equals("avro") && !kind.equals("protobuf")) {
      throw at(
          Code.NOT_SUPPORTED,
          "FORMAT " + upper() + " with a schema registry is not yet supported",
          choice.registry().get(),
          "Possible: FORMAT AVRO or PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION"
              + " its_connection.");
    }
    return switch (kind) {
      case "json" -> new Encoding.Json();
      case "text" -> new Encoding.Text();
      case "bytes" -> new Encoding.Bytes();
      case "csv" -> new Encoding.Csv(delimiter());
      case "avro" -> new Encoding.Avro(Lookup.registryOf(state, choice).id());
      case "protobuf" -> protobuf();
      default ->
          throw at(
              Code.NOT_SUPPORTED,
              "source format " + upper() + " not yet supported",
              choice.name(),
              "Possible: FORMAT JSON, FORMAT AVRO, FORMAT PROTOBUF, FORMAT TEXT, FORMAT BYTES,"
                  + " FORMAT CSV.");
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

  private Encoding protobuf() {
    if (choice.registry().isPresent()) {
      options
          .find("MESSAGE")
          .or(() -> options.find("SCHEMA"))
          .ifPresent(
              option -> {
                throw OptionValues.failure(
                    option, option.name() + " is not supported with a schema registry");
              });
      return new Encoding.Protobuf(Lookup.registry(state, choice.registry().get()).id());
    }
    var message = options.text("MESSAGE");
    var schema = options.find("SCHEMA");
    if (message.isEmpty() || schema.isEmpty()) {
      throw at(
          Code.INVALID_DEFINITION,
          "FORMAT PROTOBUF must say where its schema is",
          choice.name(),
          "Write FORMAT PROTOBUF MESSAGE 'shop.Order' USING SCHEMA '…', or FORMAT PROTOBUF USING"
              + " CONFLUENT SCHEMA REGISTRY CONNECTION its_connection.");
    }
    String text = OptionValues.text(schema.get());
    try {
      ProtobufMessages.find(text, message.get());
    } catch (IllegalArgumentException e) {
      throw OptionValues.invalid(schema.get(), String.valueOf(e.getMessage()));
    }
    return new Encoding.Message(message.get(), text);
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
