package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Partitioner;
import akkasinks.catalog.Definition.Retention;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Definition.Topic;
import akkasinks.catalog.FormatPlan.Scope;
import akkasinks.catalog.SinkDetails.Columns;
import akkasinks.catalog.SinkDetails.Delivery;
import akkasinks.catalog.SinkDetails.OnKeyConflict;
import akkasinks.command.Command.ColumnsChoice;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.OptionValue.Formula;
import akkasinks.sql.Printer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** CREATE SINK as a definition, as far as it can be known without asking the source. */
final class SinkPlan {
  private final CreateSink statement;
  private final CatalogState state;
  private final FromClause.Choice from;
  private final Options options;
  private final Options with;
  private final FormatPlan format;
  private final Optional<FormatPlan> keyFormat;
  private final Options envelopeOptions;

  private SinkPlan(CreateSink statement, CatalogState state) {
    this.statement = statement;
    this.state = state;
    this.from =
        statement.wholeSource()
            ? FromClause.whole(state, statement.from().getFirst())
            : FromClause.resolve(state, statement.from());
    this.format = format(valueChoice(), statement.keyFormat().isEmpty() ? Scope.BOTH : Scope.VALUE);
    this.keyFormat = statement.keyFormat().map(choice -> format(choice, Scope.KEY));
    this.options = new Options(OptionTables.SINK, statement.connectionOptions());
    this.with = new Options(OptionTables.SINK_WITH, statement.with());
    this.envelopeOptions =
        new Options(
            envelope() == Envelope.DEBEZIUM
                ? OptionTables.ENVELOPE_DEBEZIUM
                : OptionTables.NO_ENVELOPE_OPTIONS,
            statement.envelopeOptions());
  }

  static Plan of(CreateSink statement, CatalogState state) {
    SinkPlan plan = new SinkPlan(statement, state);
    Sink sink = plan.sink(state.nextId(Ids.SINK));
    return new Plan(
        "CREATE SINK",
        List.of(new CatalogEvent.SinkCreated(sink)),
        plan.notices(sink, Lookup.kafka(state, statement.connection())));
  }

  /** What the sink is under another statement. */
  static Sink altered(CreateSink statement, CatalogState state, String id) {
    return new SinkPlan(statement, state).sink(id);
  }

  private Sink sink(String id) {
    KafkaConnection into = Lookup.kafka(state, statement.connection());
    Envelope envelope = envelope();
    List<String> key = key();
    Topic topic = topic(into);
    var checks =
        new SinkChecks(statement, options, with, envelopeOptions, format.format(), envelope);
    checks.check();
    checks.wholeSource();
    if (from.source() instanceof KafkaSource topicRead) {
      new KafkaFeedRules(statement, topicRead, with).check(envelope, into, topic);
      checks.onTopic(topicRead);
    }
    return new Sink(
        id,
        statement.name().text(),
        from.source().id(),
        from.schema(),
        from.table(),
        into.id(),
        topic,
        key,
        statement.notEnforced(),
        format.format(),
        envelope,
        with.bool("SNAPSHOT"),
        with.interval("COMMIT INTERVAL"),
        Partitioner.valueOf(upper(options.word("PARTITIONER"))),
        options.word("COMPRESSION TYPE"),
        OnTruncate.valueOf(with.word("ON TRUNCATE")),
        new Retention(
            with.size("MAX RETAINED WAL").orElse(0L), with.word("ON EXCEEDED").equals("DROP SLOT")),
        properties(),
        details(),
        canonical());
  }

  private FormatChoice valueChoice() {
    return statement
        .format()
        .orElseThrow(
            () ->
                refuse(
                    Code.NOT_SUPPORTED,
                    "sink without format not yet supported",
                    "Add FORMAT JSON, or FORMAT AVRO or PROTOBUF USING CONFLUENT SCHEMA"
                        + " REGISTRY CONNECTION …."));
  }

  private FormatPlan format(FormatChoice choice, Scope scope) {
    return FormatPlan.of(choice, scope, statement, state, from);
  }

  private SinkDetails details() {
    return new SinkDetails(
        statement.headers().map(Name::text),
        statement.columns().<Columns>map(this::columns).orElse(new Columns.All()),
        keyFormat.map(FormatPlan::format),
        new SinkDetails.Debezium(envelopeOptions.flag("FULL"), envelopeOptions.flag("TOMBSTONES")),
        options.formula("PARTITION BY").map(Formula::text),
        options.interval("TOPIC METADATA REFRESH INTERVAL").map(this::refresh),
        options.text("TRANSACTIONAL ID PREFIX").orElse(""),
        Delivery.valueOf(upper(options.word("DELIVERY")).replace('-', '_')),
        deadLetterTopic(),
        OnKeyConflict.valueOf(with.word("ON KEY CONFLICT")),
        statement.wholeSource()
            ? Optional.of(
                new SinkDetails.Whole(
                    with.word("ATOMICITY").equals("source"),
                    with.word("ON TABLE ERROR").equals("EXCLUDE")))
            : Optional.empty());
  }

  private Duration refresh(Duration interval) {
    if (interval.compareTo(Duration.ofHours(1)) > 0) {
      throw OptionValues.failure(
          options.find("TOPIC METADATA REFRESH INTERVAL").orElseThrow(),
          "TOPIC METADATA REFRESH INTERVAL cannot be greater than 1 hour");
    }
    return interval;
  }

  private Optional<String> deadLetterTopic() {
    var name = options.find("DEAD LETTER TOPIC").map(TopicNames::checked);
    if (name.equals(options.text("TOPIC"))) {
      throw OptionValues.invalid(
          options.find("DEAD LETTER TOPIC").orElseThrow(), "this is the sink's own topic");
    }
    return name;
  }

  /** The longest record is one of the client's own properties. */
  private Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>(options.properties());
    if (options.has("MAX MESSAGE BYTES")) {
      if (properties.containsKey("max.request.size")) {
        throw OptionValues.failure(
            options.find("MAX MESSAGE BYTES").orElseThrow(),
            "MAX MESSAGE BYTES cannot be used together with max.request.size");
      }
      properties.put("max.request.size", Integer.toString(options.whole("MAX MESSAGE BYTES", 0)));
    }
    with.interval("TRANSACTION TIMEOUT")
        .ifPresent(
            timeout -> {
              if (properties.containsKey("transaction.timeout.ms")) {
                throw OptionValues.failure(
                    with.find("TRANSACTION TIMEOUT").orElseThrow(),
                    "TRANSACTION TIMEOUT cannot be used together with transaction.timeout.ms");
              }
              properties.put("transaction.timeout.ms", Long.toString(timeout.toMillis()));
            });
    return properties;
  }

  private Columns columns(ColumnsChoice choice) {
    Set<String> seen = new HashSet<>();
    for (Name column : choice.names()) {
      if (!seen.add(column.text())) {
        throw at(
            Code.DUPLICATE_COLUMN,
            "duplicate column referenced in %s COLUMNS: %s"
                .formatted(choice.omit() ? "OMIT" : "INCLUDE", column.text()),
            column,
            "");
      }
    }
    List<String> names = choice.names().stream().map(Name::text).toList();
    return choice.omit() ? new Columns.Without(names) : new Columns.Only(names);
  }

  private Envelope envelope() {
    Name name =
        statement
            .envelope()
            .orElseThrow(
                () ->
                    refuse(
                        Code.INVALID_DEFINITION,
                        "ENVELOPE clause is required",
                        "Add ENVELOPE UPSERT or ENVELOPE DEBEZIUM."));
    return switch (name.text().toLowerCase(Locale.ROOT)) {
      case "upsert" -> Envelope.UPSERT;
      case "debezium" -> Envelope.DEBEZIUM;
      case "append", "none" -> Envelope.APPEND;
      default ->
          throw at(
              Code.NOT_SUPPORTED,
              "sink envelope " + upper(name.text()) + " not yet supported",
              name,
              "Possible: ENVELOPE UPSERT, ENVELOPE DEBEZIUM, ENVELOPE APPEND.");
    };
  }

  private List<String> key() {
    Set<String> seen = new HashSet<>();
    for (Name column : statement.key()) {
      if (!seen.add(column.text())) {
        throw at(
            Code.DUPLICATE_COLUMN,
            "duplicate column referenced in KEY: " + column.text(),
            column,
            "");
      }
    }
    return statement.key().stream().map(Name::text).toList();
  }

  private Topic topic(KafkaConnection into) {
    String name =
        options
            .find("TOPIC")
            .map(statement.wholeSource() ? TopicNames::pattern : TopicNames::checked)
            .orElseThrow(
                () ->
                    at(
                        Code.INVALID_PARAMETER,
                        "KAFKA CONNECTION must specify TOPIC",
                        statement.connection(),
                        "Write it after the connection: (TOPIC 'orders')."));
    if (name.equals(into.progressTopic())) {
      throw OptionValues.invalid(
          options.find("TOPIC").orElseThrow(), "this is the connection's progress topic");
    }
    return new Topic(
        name,
        options.whole("TOPIC PARTITION COUNT", 0),
        options.whole("TOPIC REPLICATION FACTOR", 0),
        options.entries("TOPIC CONFIG"));
  }

  private List<Notice> notices(Sink sink, KafkaConnection into) {
    List<Notice> notices = new ArrayList<>();
    keyFormat.ifPresent(
        keys -> {
          Scope.KEY.notices(keys.canonical()).forEach(notices::add);
          Scope.VALUE.notices(format.canonical()).forEach(notices::add);
        });
    statement
        .cluster()
        .ifPresent(
            cluster ->
                notices.add(
                    Notice.of("IN CLUSTER " + Printer.name(cluster.text()) + " has no effect")
                        .detail("A sink runs on whichever node of this installation has room.")));
    if (with.has("SIZE")) {
      notices.add(Notice.of("SIZE has no effect"));
    }
    if (options.has("PROGRESS GROUP ID PREFIX")) {
      notices.add(
          Notice.of("PROGRESS GROUP ID PREFIX has no effect")
              .detail("Progress is read without a consumer group."));
    }
    if (sink.details().delivery() == Delivery.AT_LEAST_ONCE) {
      notices.add(
          Notice.of("after a crash some records may be in the topic twice, and keys out of order")
              .detail("DELIVERY is at-least-once."));
    }
    if (sink.notEnforced() && sink.envelope() == Envelope.UPSERT) {
      notices.add(
          Notice.of("upsert key not validated to be unique")
              .detail(
                  "If the key is not unique, the sink may write several updates for one key at the"
                      + " same time, which may confuse downstream consumers."));
    }
    for (Sink other : state.all(Sink.class)) {
      if (other.connectionId().equals(into.id())
          && other.topic().name().equals(sink.topic().name())) {
        notices.add(
            Notice.of(
                    "topic \""
                        + sink.topic().name()
                        + "\" is also written by sink \""
                        + other.name()
                        + "\"")
                .detail("Their records will be mixed; verify cannot tell them apart."));
      }
    }
    return notices;
  }

  private String canonical() {
    return Printer.print(
        new CreateSink(
            statement.name(),
            false,
            from.canonical(),
            statement.connection(),
            options.all(),
            statement.key(),
            statement.notEnforced(),
            Optional.of(format.canonical()),
            statement.envelope(),
            with.all(),
            Optional.empty(),
            statement.headers(),
            statement.columns(),
            keyFormat.map(FormatPlan::canonical),
            envelopeOptions.all(),
            statement.wholeSource()));
  }

  private FailureException refuse(Code code, String message, String hint) {
    return at(code, message, statement.name(), hint);
  }

  private static FailureException at(Code code, String message, Name place, String hint) {
    return Failure.of(code, message).hint(hint).at(place.position()).exception();
  }

  private static String upper(String text) {
    return OptionNames.shortened(text).toUpperCase(Locale.ROOT);
  }
}
