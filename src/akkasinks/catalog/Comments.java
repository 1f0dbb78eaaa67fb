package akkasinks.catalog;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Documentation;
import akkasinks.sql.Printer;
import akkasinks.sql.Statements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Comments on a table and its columns as DOC ON options, frozen when the sink is created: a comment
 * that changes later must not change a key's schema, or its id would change with it.
 *
 * @param texts by column; under the empty name that on the relation itself
 */
record Comments(Relation relation, Map<String, String> texts) {

  /** With those for which a format of the sink has no text for both schemas. */
  Sink into(Sink sink) {
    var value = more(sink.format());
    var key = sink.details().keyFormat().map(this::more);
    boolean any = !value.options().isEmpty() || key.filter(k -> !k.options().isEmpty()).isPresent();
    return any
        ? sink.withFormats(
            value.format(),
            key.map(More::format),
            statement(sink.createSql(), value.options(), key.map(More::options).orElse(List.of())))
        : sink;
  }

  /** A format with more texts, and the options that say so. */
  private record More(Format format, List<Option> options) {}

  private More more(Format format) {
    if (!(format instanceof Format.Avro avro)) {
      return new More(format, List.of());
    }
    List<Doc> docs = new ArrayList<>(avro.docs());
    List<Option> options = new ArrayList<>();
    add(Optional.empty(), docs, options);
    for (Column column : relation.columns()) {
      add(Optional.of(column.name()), docs, options);
    }
    return new More(avro.with(docs), options);
  }

  private void add(Optional<String> column, List<Doc> docs, List<Option> options) {
    String text = texts.get(column.orElse(""));
    boolean given =
        docs.stream()
            .anyMatch(
                d -> d.side() == Doc.Side.BOTH && d.type().isEmpty() && d.column().equals(column));
    if (text == null || given) {
      return;
    }
    docs.add(new Doc(Doc.Side.BOTH, Optional.empty(), column, text));
    List<String> object = new ArrayList<>(List.of(relation.name()));
    column.ifPresent(object::add);
    options.add(
        new Option(
            column.isEmpty() ? "DOC ON TYPE" : "DOC ON COLUMN",
            new Documentation(object, text),
            0));
  }

  private static String statement(String createSql, List<Option> value, List<Option> key) {
    if (!(Statements.parse(createSql).getFirst().command() instanceof CreateSink c)) {
      throw new IllegalStateException("not a sink: " + createSql);
    }
    return Printer.print(
        c.withFormats(c.format().map(f -> with(f, value)), c.keyFormat().map(f -> with(f, key))));
  }

  private static FormatChoice with(FormatChoice format, List<Option> more) {
    List<Option> options = new ArrayList<>(format.options());
    options.addAll(more);
    return new FormatChoice(format.name(), format.registry(), options);
  }
}
