package akkasinks.catalog;

import akkasinks.catalog.Definition.Format;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.format.protobuf.ProtobufNames;

/** FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY … as a definition. */
final class ProtobufPlan {
  private static final String KEY_NAME = "PROTOBUF KEY MESSAGE";
  private static final String VALUE_NAME = "PROTOBUF VALUE MESSAGE";

  private final FormatChoice choice;
  private final CreateSink statement;
  private final CatalogState state;
  private final Options options;

  ProtobufPlan(FormatChoice choice, CreateSink statement, CatalogState state) {
    this.choice = choice;
    this.statement = statement;
    this.state = state;
    this.options = new Options(OptionTables.FORMAT_PROTOBUF, choice.options());
  }

  FormatPlan plan() {
    var registry = Lookup.registryOf(state, choice);
    if (options.has(KEY_NAME) && statement.key().isEmpty()) {
      throw OptionValues.failure(
          options.find(KEY_NAME).orElseThrow(),
          "Cannot specify PROTOBUF KEY MESSAGE without a corresponding KEY field");
    }
    return new FormatPlan(
        new Format.Protobuf(
            registry.id(),
            name(KEY_NAME, "Key"),
            name(VALUE_NAME, "Value"),
            options.word("KEY COMPATIBILITY LEVEL"),
            options.word("VALUE COMPATIBILITY LEVEL")),
        new FormatChoice(Name.of("protobuf"), choice.registry(), options.all()));
  }

  private String name(String option, String fallback) {
    String name = options.text(option).orElse(fallback);
    if (!ProtobufNames.isFullName(name)) {
      throw OptionValues.failure(
          options.find(option).orElseThrow(),
          "invalid message name: words of [A-Za-z][A-Za-z0-9_]*, none of them google, with dots"
              + " between a package and the message. Found: "
              + OptionNames.shortened(name));
    }
    return name;
  }
}
