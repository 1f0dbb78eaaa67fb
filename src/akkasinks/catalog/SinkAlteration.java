package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Sink;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Formula;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.command.Command.SinkChange;
import akkasinks.sql.Statements;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * ALTER SINK … SET, RESET and SET FROM: the sink's own statement with some of it changed is planned
 * again, by the rules of CREATE SINK.
 */
final class SinkAlteration {
  private static final String HEADERS = "HEADERS";

  /** The rest says what the topic holds, or who writes it: a new sink is made for that. */
  private static final Set<String> IN_PLACE =
      Set.of(
          "COMPRESSION TYPE",
          "PARTITION BY",
          "TOPIC METADATA REFRESH INTERVAL",
          "MAX MESSAGE BYTES",
          "DELIVERY",
          "DEAD LETTER TOPIC",
          "COMMIT INTERVAL",
          "ON TRUNCATE",
          "ON KEY CONFLICT",
          "MAX RETAINED WAL",
          "ON EXCEEDED",
          "ON TABLE ERROR",
          "TRANSACTION TIMEOUT",
          "SIZE");

  private final CatalogState state;
  private final Sink sink;
  private final CreateSink statement;

  SinkAlteration(CatalogState state, Sink sink) {
    this.state = state;
    this.sink = sink;
    this.statement = (CreateSink) Statements.parse(sink.createSql()).getFirst().command();
  }

  Plan plan(SinkChange change) {
    return switch (change) {
      case SinkChange.RenameTo _ -> throw new IllegalArgumentException("a rename is no alteration");
      case SinkChange.SetOptions(List<Option> options) -> changed(options, true);
      case SinkChange.ResetOptions(List<Option> options) -> changed(options, false);
      case SinkChange.SetFrom(List<Name> from, List<Option> with) -> from(from, with);
    };
  }

  private Plan changed(List<Option> options, boolean set) {
    List<Option> connection = new ArrayList<>(withoutPlaces(statement.connectionOptions()));
    List<Option> with = new ArrayList<>(withoutPlaces(statement.with()));
    Optional<Name> headers = statement.headers();
    for (Option written : options) {
      if (written.name().equals(HEADERS)) {
        headers = set ? Optional.of(column(written)) : Optional.empty();
        continue;
      }
      Option option = resolved(written);
      List<Option> place = OptionTables.SINK.find(option.name()).isPresent() ? connection : with;
      place.removeIf(old -> old.name().equals(option.name()));
      if (set) {
        place.add(option);
      }
    }
    var altered = planned(statement.from(), connection, headers, with);
    var now = altered.withTable(sink.schema(), sink.table());
    if (now.equals(sink)) {
      return new Plan("ALTER SINK", List.of(), List.of());
    }
    return new Plan("ALTER SINK", List.of(new CatalogEvent.SinkAltered(now)), notices(now));
  }

  private Plan from(List<Name> from, List<Option> with) {
    if (sink.details().whole().isPresent()) {
      throw Failure.of(Code.NOT_SUPPORTED, "SET FROM is not supported for a sink FROM SOURCE")
          .hint("Drop the sink and create it again.")
          .at(from.getFirst().position())
          .exception();
    }
    if (!new Options(OptionTables.ALTER_SINK_FROM, with).flag("DIFF")) {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "ALTER SINK … SET FROM without WITH (DIFF = true) not yet supported")
          .hint("With it the topic is brought in step: no stale, missing or orphan key stays.")
          .at(from.getFirst().position())
          .exception();
    }
    if (sink.envelope() != Envelope.UPSERT) {
      throw Failure.of(Code.NOT_SUPPORTED, "SET FROM is only supported with ENVELOPE UPSERT")
          .hint("Drop the sink and create it again with another topic.")
          .at(from.getFirst().position())
          .exception();
    }
    var altered =
        planned(
            from,
            withoutPlaces(statement.connectionOptions()),
            statement.headers(),
            withoutPlaces(statement.with()));
    if (!altered.sourceId().equals(sink.sourceId())) {
      throw Failure.of(
              Code.NOT_SUPPORTED, "SET FROM a relation of another source not yet supported")
          .hint("Add the table to the sink's source, or create a new sink.")
          .at(from.getFirst().position())
          .exception();
    }
    return Plan.of("ALTER SINK", new CatalogEvent.SinkAltered(altered));
  }

  private Sink planned(
      List<Name> from, List<Option> connection, Optional<Name> headers, List<Option> with) {
    return SinkPlan.altered(
        new CreateSink(
            Name.of(sink.name()),
            false,
            from,
            Name.of(statement.connection().text()),
            connection,
            statement.key().stream().map(key -> Name.of(key.text())).toList(),
            statement.notEnforced(),
            statement.format(),
            statement.envelope(),
            with,
            Optional.empty(),
            headers,
            statement.columns(),
            statement.keyFormat(),
            statement.envelopeOptions(),
            statement.wholeSource()),
        state,
        sink.id());
  }

  private static Option resolved(Option written) {
    for (OptionTable table : List.of(OptionTables.SINK_WITH, OptionTables.SINK)) {
      try {
        Option option = OptionNames.resolve(table, written);
        boolean property =
            table.find(option.name()).orElseThrow().type() instanceof OptionType.Property;
        if (!property && !IN_PLACE.contains(option.name())) {
          throw Failure.of(Code.NOT_SUPPORTED, "cannot ALTER SINK option " + option.name())
              .hint("What can change: HEADERS, " + String.join(", ", sorted()) + ", properties.")
              .at(written.position())
              .exception();
        }
        return option;
      } catch (FailureException e) {
        if (e.failure().code() == Code.NOT_SUPPORTED || table == OptionTables.SINK) {
          throw e;
        }
      }
    }
    throw new IllegalStateException("the last table has thrown");
  }

  private static List<String> sorted() {
    return IN_PLACE.stream().sorted().toList();
  }

  private static Name column(Option option) {
    if (option.value() instanceof Literal(String text, boolean _)) {
      return new Name(text, option.position());
    }
    throw OptionValues.cannotUse(option, "column name");
  }

  /** Errors of what stays cannot point into this statement. */
  private static List<Option> withoutPlaces(List<Option> options) {
    return options.stream()
        .map(
            option ->
                new Option(
                    option.name(),
                    option.value() instanceof Formula(String text, int _)
                        ? new Formula(text, 0)
                        : option.value(),
                    0))
        .toList();
  }

  private List<Notice> notices(Sink now) {
    List<Notice> notices = new ArrayList<>();
    if (!now.details().partitionBy().equals(sink.details().partitionBy())) {
      notices.add(
          Notice.of("records that are in the topic stay in the partitions where they are")
              .hint(
                  now.envelope() == Envelope.UPSERT
                      ? "ALTER SINK … RESNAPSHOT moves all of them: it writes each row to its new"
                          + " partition and a tombstone to the old one."
                      : "A key's records before and after this lie in different partitions."));
    }
    return notices;
  }
}
