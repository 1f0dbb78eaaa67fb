package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Bytes;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Timestamps;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import java.util.List;
import java.util.Locale;

/**
 * FORMAT as a definition.
 *
 * @param canonical the clause with its options' declared names
 */
record FormatPlan(Format format, FormatChoice canonical) {
  private static final OptionTable NO_OPTIONS =
      new OptionTable("FORMAT", "the parentheses after FORMAT", List.of());

  /**
   * @throws akkasinks.base.FailureException NOT_SUPPORTED at the format's name
   */
  static FormatPlan of(FormatChoice choice) {
    return switch (choice.name().text().toLowerCase(Locale.ROOT)) {
      case "json" -> json(choice);
      case "text" -> plain(choice, new Format.Text());
      case "bytes" -> plain(choice, new Format.Binary());
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
