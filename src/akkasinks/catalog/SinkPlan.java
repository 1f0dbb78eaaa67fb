package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Bytes;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Partitioner;
import akkasinks.catalog.Definition.Retention;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Definition.Timestamps;
import akkasinks.catalog.Definition.Topic;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.sql.Printer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** CREATE SINK as a definition, as far as it can be known without asking the source. */
final class SinkPlan {
  private final CreateSink statement;
  private final CatalogState state;
  private final Options options;
  private final Options with;
  private final Options formatOptions;

  private SinkPlan(CreateSink statement, CatalogState state) {
    this.statement = statement;
    this.state = state;
    checkFormat();
    this.options = new Options(OptionTables.SINK, statement.connectionOptions());
    this.with = new Options(OptionTables.SINK_WITH, statement.with());
    this.formatOptions =
        new Options(
            OptionTables.FORMAT_JSON,
            statement
                .format()
                .filter(f -> is(f, "json"))
                .map(FormatChoice::options)
                .orElse(List.of()));
  }

  static Plan of(CreateSink statement, CatalogState state) {
    return new SinkPlan(statement, state).plan();
  }

  private Plan plan() {
    FromClause.Choice from = FromClause.resolve(state, statement.from());
    KafkaConnection into = Lookup.kafka(state, statement.connection());
    Envelope envelope = envelope();
    List<String> key = key(envelope);
    Topic topic = topic(into);
    checkCombinations(envelope);
    if (from.source() instanceof KafkaSource topicRead) {
      new KafkaFeedRules(statement, topicRead, with).check(envelope, into, topic);
    }
    Sink sink =
        new Sink(
            state.nextId(Ids.SINK),
            statement.name().text(),
            from.source().id(),
            from.schema(),
            from.table(),
            into.id(),
            topic,
            key,
            statement.notEnforced(),
            format(from),
            envelope,
            with.bool("SNAPSHOT"),
            with.interval("COMMIT INTERVAL"),
            Partitioner.valueOf(upper(options.word("PARTITIONER"))),
            options.word("COMPRESSION TYPE"),
            OnTruncate.valueOf(with.word("ON TRUNCATE")),
            new Retention(
                with.size("MAX RETAINED WAL").orElse(0L),
                with.word("ON EXCEEDED").equals("DROP SLOT")),
            options.properties(),
            canonical(from));
    return new Plan(
        "CREATE SINK", List.of(new CatalogEvent.SinkCreated(sink)), notices(sink, into));
  }

  private void checkFormat() {
    FormatChoice format =
        statement
            .format()
            .orElseThrow(
                () ->
                    refuse(
                        Code.NOT_SUPPORTED,
                        "sink without format not yet supported",
                        "Add FORMAT JSON, or FORMAT AVRO or PROTOBUF USING CONFLUENT SCHEMA"
                            + " REGISTRY CONNECTION …."));
    if (!is(format, "json") && !is(format, "avro") && !is(format, "protobuf")) {
      throw at(
          Code.NOT_SUPPORTED,
          "sink format " + upper(format.name().text()) + " not yet supported",
          format.name(),
          "Possible: FORMAT JSON, FORMAT AVRO, FORMAT PROTOBUF.");
    }
  }

  private static boolean is(FormatChoice format, String name) {
    return format.name().text().equalsIgnoreCase(name);
  }

  private Optional<AvroPlan> avro(FromClause.Choice from) {
    return statement
        .format()
        .filter(f -> is(f, "avro"))
        .map(format -> new AvroPlan(statement, format, state, from));
  }

  private Optional<ProtobufPlan> protobuf() {
    return statement
        .format()
        .filter(f -> is(f, "protobuf"))
        .map(format -> new ProtobufPlan(statement, format, state));
  }

  private Format format(FromClause.Choice from) {
    return avro(from)
        .<Format>map(AvroPlan::format)
        .or(() -> protobuf().map(ProtobufPlan::format))
        .orElseGet(this::json);
  }

  private Format json() {
    return new Format.Json(
        Bytes.valueOf(upper(formatOptions.word("BYTES"))),
        Timestamps.valueOf(upper(formatOptions.word("TIMESTAMP"))));
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
      default ->
          throw at(
              Code.NOT_SUPPORTED,
              "sink envelope " + upper(name.text()) + " not yet supported",
              name,
              "Possible: ENVELOPE UPSERT, ENVELOPE DEBEZIUM.");
    };
  }

  private List<String> key(Envelope envelope) {
    if (statement.key().isEmpty() && envelope == Envelope.UPSERT) {
      throw refuse(
          Code.INVALID_DEFINITION,
          "upsert sinks must specify a key",
          "Add KEY (…) with columns that tell each row from all others.");
    }
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
            .map(TopicNames::checked)
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

  private void checkCombinations(Envelope envelope) {
    if (with.has("COMMIT INTERVAL") && envelope != Envelope.UPSERT) {
      throw onlyUpsert("COMMIT INTERVAL");
    }
    if (with.has("COMMIT INTERVAL") && statement.notEnforced()) {
      throw OptionValues.failure(
              with.find("COMMIT INTERVAL").orElseThrow(),
              "COMMIT INTERVAL is not supported with a key that is NOT ENFORCED")
          .failure()
          .detail("Changes of several rows with one key would be netted as if they were one row's.")
          .exception();
    }
    if (with.word("ON TRUNCATE").equals("TOMBSTONE") && envelope != Envelope.UPSERT) {
      throw onlyUpsert("ON TRUNCATE");
    }
    if (with.has("ON EXCEEDED") && !with.has("MAX RETAINED WAL")) {
      throw OptionValues.failure(
          with.find("ON EXCEEDED").orElseThrow(),
          "MAX RETAINED WAL must be specified with ON EXCEEDED");
    }
  }

  private FailureException onlyUpsert(String option) {
    String what = option.equals("ON TRUNCATE") ? "ON TRUNCATE = TOMBSTONE" : option;
    return OptionValues.failure(
        with.find(option).orElseThrow(), what + " is only supported with ENVELOPE UPSERT");
  }

  private List<Notice> notices(Sink sink, KafkaConnection into) {
    List<Notice> notices = new ArrayList<>();
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

  private String canonical(FromClause.Choice from) {
    return Printer.print(
        new CreateSink(
            statement.name(),
            false,
            from.canonical(),
            statement.connection(),
            options.all(),
            statement.key(),
            statement.notEnforced(),
            Optional.of(
                avro(from)
                    .map(AvroPlan::canonical)
                    .or(() -> protobuf().map(ProtobufPlan::canonical))
                    .orElseGet(() -> new FormatChoice(Name.of("json"), formatOptions.all()))),
            statement.envelope(),
            with.all()));
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
