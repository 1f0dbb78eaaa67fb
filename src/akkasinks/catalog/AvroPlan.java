package akkasinks.catalog;

import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Format;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.format.avro.AvroNames;
import java.util.Optional;

/** FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY … as a definition. */
final class AvroPlan {
  private static final String KEY_NAME = "AVRO KEY FULLNAME";
  private static final String VALUE_NAME = "AVRO VALUE FULLNAME";

  private final FormatChoice choice;
  private final FormatPlan.Scope scope;
  private final CreateSink statement;
  private final CatalogState state;
  private final FromClause.Choice from;
  private final Options options;

  AvroPlan(
      FormatChoice choice,
      FormatPlan.Scope scope,
      CreateSink statement,
      CatalogState state,
      FromClause.Choice from) {
    this.choice = choice;
    this.scope = scope;
    this.statement = statement;
    this.state = state;
    this.from = from;
    this.options = new Options(OptionTables.FORMAT_AVRO, choice.options());
  }

  FormatPlan plan() {
    return new FormatPlan(
        new Format.Avro(
            Lookup.registryOf(state, choice).id(),
            name(KEY_NAME),
            name(VALUE_NAME),
            options.bool("NULL DEFAULTS"),
            options.documentation().stream().map(this::doc).toList(),
            options.word("KEY COMPATIBILITY LEVEL"),
            options.word("VALUE COMPATIBILITY LEVEL")),
        new FormatChoice(Name.of("avro"), choice.registry(), options.all()));
  }

  private String name(String option) {
    checkPair(option);
    String name = options.text(option).orElse(option.equals(KEY_NAME) ? "row" : "envelope");
    if (!AvroNames.isFullName(name)) {
      throw invalid(
          option,
          "Invalid name. Must start with [A-Za-z_] and subsequently only contain [A-Za-z0-9_]."
              + " Found: "
              + OptionNames.shortened(name));
    }
    return name;
  }

  private void checkPair(String option) {
    if (!options.has(option)) {
      return;
    }
    boolean keyed = !statement.key().isEmpty();
    if (option.equals(KEY_NAME) && !keyed) {
      throw invalid(option, "Cannot specify AVRO KEY FULLNAME without a corresponding KEY field");
    }
    boolean both = scope == FormatPlan.Scope.BOTH;
    if (keyed && both && options.has(KEY_NAME) != options.has(VALUE_NAME)) {
      throw invalid(
          option,
          "Must specify both AVRO KEY FULLNAME and AVRO VALUE FULLNAME when specifying generated"
              + " schema names");
    }
  }

  private Doc doc(Option option) {
    var documentation = OptionValues.documentation(option);
    boolean ofColumn = option.name().endsWith("COLUMN");
    var object = documentation.object();
    if (ofColumn && object.size() < 2) {
      throw OptionValues.failure(option, "need to specify an object and a column");
    }
    String type = object.get(object.size() - (ofColumn ? 2 : 1));
    boolean relation = type.equals(from.table()) || type.equals(statement.from().getLast().text());
    return new Doc(
        side(option.name()),
        relation ? Optional.empty() : Optional.of(type),
        ofColumn ? Optional.of(object.getLast()) : Optional.empty(),
        documentation.text());
  }

  private static Doc.Side side(String option) {
    return option.startsWith("KEY")
        ? Doc.Side.KEY
        : option.startsWith("VALUE") ? Doc.Side.VALUE : Doc.Side.BOTH;
  }

  private FailureException invalid(String option, String message) {
    return OptionValues.failure(options.find(option).orElseThrow(), message);
  }
}
