package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Formula;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Completes a planned sink with what its source says. */
public final class SinkInspection {
  private SinkInspection() {}

  /**
   * @param key as written, for the places of errors
   * @param formulaAt where the PARTITION BY expression begins in the statement; 0 if it has none
   * @param keyIsUnique whether the sink's key contains one of {@code uniqueKeys}
   * @return the sink with its relation's schema and table
   * @throws akkasinks.base.FailureException UNDEFINED_COLUMN, INVALID_DEFINITION
   */
  public static Sink complete(
      Sink sink,
      List<Name> key,
      int formulaAt,
      Relation relation,
      boolean keyIsUnique,
      List<List<String>> uniqueKeys) {
    if (sink.details().whole().isPresent()) {
      return sink;
    }
    for (Name column : key) {
      if (relation.indexOf(column.text()) < 0) {
        throw Failure.of(
                Code.UNDEFINED_COLUMN, "column referenced in KEY does not exist: " + column.text())
            .hint(Nearest.hint(column.text(), relation.columns().stream().map(Column::name)))
            .at(column.position())
            .exception();
      }
    }
    if (sink.envelope() == Envelope.UPSERT && !sink.notEnforced() && !keyIsUnique) {
      throw Failure.of(Code.INVALID_DEFINITION, "upsert key could not be validated as unique")
          .detail(
              "No unique index over NOT NULL columns shows that the upsert key "
                  + listed(sink.key())
                  + " tells each row of \""
                  + relation.name()
                  + "\" from all others. "
                  + known(uniqueKeys))
          .hint(
              "Choose a KEY that contains one of the unique keys, or add such an index; if you know"
                  + " that the key is unique, write KEY "
                  + listed(sink.key())
                  + " NOT ENFORCED. See docs/sql/create-sink.md, \"Keys\".")
          .at(key.isEmpty() ? 0 : key.getFirst().position())
          .exception();
    }
    SinkColumns.check(sink, relation, formulaAt);
    return sink.withTable(relation.schema(), relation.name());
  }

  /**
   * The same, and all else that the statement says of the relation's parts.
   *
   * @param comments of the source, by column, under the empty name on the relation; they become the
   *     texts of Avro schemas where the statement has none
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT, UNDEFINED_COLUMN, INVALID_DEFINITION
   */
  public static Sink complete(
      Sink sink,
      CreateSink statement,
      Relation relation,
      boolean keyIsUnique,
      List<List<String>> uniqueKeys,
      Map<String, String> comments) {
    checkDocs(sink.format(), statement.format(), relation);
    sink.details()
        .keyFormat()
        .ifPresent(format -> checkDocs(format, statement.keyFormat(), relation));
    Sink complete =
        complete(
            sink,
            statement.key(),
            formulaAt(statement.connectionOptions()),
            relation,
            keyIsUnique,
            uniqueKeys);
    return new Comments(relation, comments).into(complete);
  }

  private static void checkDocs(Format format, Optional<FormatChoice> written, Relation relation) {
    if (format instanceof Format.Avro avro) {
      List<Option> options = written.map(FormatChoice::options).orElse(List.of());
      DocumentedObjects.check(avro.docs(), options, relation);
    }
  }

  /**
   * An upsert sink without KEY has the primary key of its relation, or else another of its unique
   * keys.
   *
   * @param uniqueKeys of the relation, the primary key first; empty if there is nothing to choose
   *     for
   * @return the statement with its KEY
   * @throws akkasinks.base.FailureException INVALID_DEFINITION if the relation has none
   */
  public static CreateSink keyed(
      CreateSink statement, Supplier<Optional<List<List<String>>>> uniqueKeys) {
    boolean upsert =
        statement.envelope().filter(name -> name.text().equalsIgnoreCase("upsert")).isPresent();
    if (!upsert || statement.wholeSource() || !statement.key().isEmpty()) {
      return statement;
    }
    return uniqueKeys
        .get()
        .map(keys -> keys.stream().findFirst().orElseThrow(() -> keyless(statement)))
        .map(key -> statement.withKey(key.stream().map(Name::of).toList()))
        .orElse(statement);
  }

  private static FailureException keyless(CreateSink statement) {
    return Failure.of(Code.INVALID_DEFINITION, "upsert sinks must specify a key")
        .detail("The relation has no unique index over NOT NULL columns that could be it.")
        .hint("Add KEY (…) with columns that tell each row from all others, and NOT ENFORCED.")
        .at(statement.name().position())
        .exception();
  }

  /** Where the PARTITION BY expression begins in the statement; 0 if there is none. */
  public static int formulaAt(List<Option> options) {
    return options.stream()
        .map(Option::value)
        .filter(Formula.class::isInstance)
        .map(value -> ((Formula) value).position())
        .findFirst()
        .orElse(0);
  }

  private static String known(List<List<String>> uniqueKeys) {
    return uniqueKeys.isEmpty()
        ? "There are no known valid unique keys for the underlying relation."
        : "The following keys are known to be unique for the underlying relation:\n"
            + uniqueKeys.stream()
                .map(columns -> "  " + listed(columns))
                .collect(Collectors.joining("\n"));
  }

  private static String listed(List<String> columns) {
    return columns.stream()
        .map(c -> "\"" + c.replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
