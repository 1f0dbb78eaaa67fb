package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Bytes;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Timestamps;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * FORMAT as a definition.
 *
 * @param canonical the clause with its options' declared names
 */
record FormatPlan(Format format, FormatChoice canonical) {
  private static final OptionTable NO_OPTIONS =
      new OptionTable("FORMAT", "the parentheses after FORMAT", List.of());

  /** Which part of records a clause is for. */
  enum Scope {
    BOTH("FORMAT", ""),
    KEY("KEY FORMAT", "VALUE"),
    VALUE("VALUE FORMAT", "KEY");

    private final String clause;

    /** What options of the other part have in their names; empty if there is none. */
    private final String other;

    Scope(String clause, String other) {
      this.clause = clause;
      this.other = other;
    }

    /** Of options that say something of the other part alone. */
    Stream<Notice> notices(FormatChoice choice) {
      return choice.options().stream()
          .map(Option::name)
          .filter(name -> !other.isEmpty() && List.of(name.split(" ")).contains(other))
          .map(name -> Notice.of(name + " has no effect in " + clause));
    }
  }

  /**
   * @throws akkasinks.base.FailureException NOT_SUPPORTED at the format's name
   */
  static FormatPlan of(
      FormatChoice choice,
      Scope scope,
      CreateSink statement,
      CatalogState state,
      FromClause.Choice from) {
    return switch (choice.name().text().toLowerCase(Locale.ROOT)) {
      case "json" -> json(choice);
      case "text" -> plain(choice, new Format.Text());
      case "bytes" -> plain(choice, new Format.Binary());
      case "avro" -> new AvroPlan(choice, scope, statement, state, from).plan();
      case "protobuf" -> new ProtobufPlan(choice, statement, state).plan();
      default ->
          throw Failure.of(
                  Code.NOT_SUPPORTED,
                  "sink format " + upper(choice.name().text()) + " not yet supported")
              .hint(
                  "Possible: FORMAT JSON, FORMAT AVRO, FORMAT PROTOBUF, FORMAT TEXT, FORMAT BYTES.")
              .at(choice.name().position())
              .exception();
    };
  }

  private static FormatPlan json(FormatChoice choice) {
    Options options = new Options(OptionTables.FORMAT_JSON, choice.options());
    return new FormatPlan(
        new Format.Json(
            Bytes.valueOf(upper(options.word("BYTES"))),
            Timestamps.valueOf(upper(options.word("TIMESTAMP")))),
        new FormatChoice(Name.of("json"), options.all()));
  }

  private static FormatPlan plain(FormatChoice choice, Format format) {
    new Options(NO_OPTIONS, choice.options());
    return new FormatPlan(
        format,
        new FormatChoice(Name.of(choice.name().text().toLowerCase(Locale.ROOT)), List.of()));
  }

  private static String upper(String text) {
    return OptionNames.shortened(text).toUpperCase(Locale.ROOT);
  }
}
