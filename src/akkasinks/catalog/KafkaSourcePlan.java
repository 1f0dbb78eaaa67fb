package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.catalog.KafkaSource.Declared;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.catalog.KafkaSource.Included;
import akkasinks.catalog.KafkaSource.Input;
import akkasinks.catalog.KafkaSource.OnBadRecord;
import akkasinks.catalog.KafkaSource.Part;
import akkasinks.catalog.KafkaSource.Start;
import akkasinks.command.Command.CreateKafkaSource;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Include;
import akkasinks.command.Command.Name;
import akkasinks.sql.Printer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** CREATE SOURCE … FROM KAFKA as a definition. */
final class KafkaSourcePlan {
  private final CreateKafkaSource statement;
  private final CatalogState state;
  private final Options options;
  private final Options with;

  private KafkaSourcePlan(CreateKafkaSource statement, CatalogState state) {
    this.statement = statement;
    this.state = state;
    this.options = new Options(OptionTables.KAFKA_SOURCE, statement.options());
    this.with = new Options(OptionTables.KAFKA_SOURCE_WITH, statement.with());
  }

  static KafkaSource of(CreateKafkaSource statement, CatalogState state) {
    return new KafkaSourcePlan(statement, state).source();
  }

  private KafkaSource source() {
    String connection = Lookup.kafka(state, statement.connection()).id();
    FormatChoice format =
        statement
            .format()
            .orElseThrow(
                () ->
                    refuse(
                        "source without FORMAT",
                        "Add FORMAT JSON, FORMAT AVRO, FORMAT PROTOBUF, FORMAT TEXT, FORMAT BYTES"
                            + " or FORMAT CSV."));
    Input envelope = envelope();
    KafkaSourceFormat value = new KafkaSourceFormat(format, state);
    Encoding encoding = value.encoding();
    Optional<Encoding> keyEncoding = keyEncoding(envelope);
    List<Declared> columns = columns(format, value.columns(), encoding, envelope);
    List<Included> included = included(envelope);
    distinct(columns, included);
    KafkaSource source =
        new KafkaSource(
            state.nextId(Ids.SOURCE),
            statement.name().text(),
            connection,
            topic(),
            columns,
            key(columns, envelope, keyEncoding, included),
            keyEncoding,
            encoding,
            envelope,
            included,
            start(),
            OnBadRecord.valueOf(with.word("ON BAD RECORD")),
            canonical(value));
    checkEnvelope(source);
    return source;
  }

  private String topic() {
    return options
        .find("TOPIC")
        .map(TopicNames::checked)
        .orElseThrow(
            () ->
                at(
                    Code.INVALID_PARAMETER,
                    "KAFKA CONNECTION must specify TOPIC",
                    statement.connection(),
                    "Write it after the connection: (TOPIC 'clicks')."));
  }

  private Input envelope() {
    if (statement.envelope().isEmpty()) {
      return Input.NONE;
    }
    Name name = statement.envelope().get();
    return switch (name.text().toLowerCase(Locale.ROOT)) {
      case "none" -> Input.NONE;
      case "upsert" -> Input.UPSERT;
      case "debezium" -> Input.DEBEZIUM;
      default ->
          throw at(
              Code.NOT_SUPPORTED,
              "source envelope " + upper(name.text()) + " not yet supported",
              name,
              "Possible: ENVELOPE NONE, ENVELOPE UPSERT, ENVELOPE DEBEZIUM.");
    };
  }

  private Optional<Encoding> keyEncoding(Input envelope) {
    boolean included = statement.include().stream().anyMatch(i -> part(i) == Part.KEY);
    if (statement.keyFormat().isEmpty()) {
      if (envelope == Input.UPSERT || included) {
        throw refuse(
            (included ? "INCLUDE KEY" : "ENVELOPE UPSERT") + " needs a KEY FORMAT",
            "Say how record keys are written: KEY FORMAT TEXT VALUE FORMAT JSON.");
      }
      return Optional.empty();
    }
    FormatChoice format = statement.keyFormat().get();
    Encoding encoding = new KafkaSourceFormat(format, state).encoding();
    if (encoding instanceof Encoding.Csv) {
      throw at(
          Code.NOT_SUPPORTED,
          "KEY FORMAT CSV not yet supported",
          format.name(),
          "Possible: KEY FORMAT JSON, KEY FORMAT AVRO, KEY FORMAT PROTOBUF, KEY FORMAT TEXT, KEY"
              + " FORMAT BYTES.");
    }
    if (envelope != Input.UPSERT && !included) {
      throw at(
          Code.INVALID_DEFINITION,
          "KEY FORMAT without a use for the key",
          format.name(),
          "Add INCLUDE KEY or ENVELOPE UPSERT, or leave KEY FORMAT out.");
    }
    return Optional.of(encoding);
  }

  private List<Declared> columns(
      FormatChoice format, int count, Encoding encoding, Input envelope) {
    if (statement.columns().isEmpty()) {
      if (encoding.registry().isPresent()) {
        // Its newest schema has them; whoever carries the statement out has asked before.
        throw at(
            Code.INVALID_DEFINITION,
            "FORMAT %s without declared columns needs its registry"
                .formatted(upper(format.name().text())),
            format.name(),
            "Declare those that you want, by the names of the schema's fields: CREATE SOURCE s (id"
                + " int8, …) FROM KAFKA ….");
      }
      if (encoding instanceof Encoding.Csv && count == 0) {
        throw at(
            Code.INVALID_DEFINITION,
            "FORMAT CSV must say how many columns there are",
            format.name(),
            "Declare them after the source's name: CREATE SOURCE s (id int8, …) FROM KAFKA …;"
                + " or write FORMAT CSV WITH 3 COLUMNS.");
      }
      return KafkaSourceColumns.undeclared(encoding, count, envelope == Input.DEBEZIUM);
    }
    List<Declared> columns = KafkaSourceColumns.declared(statement.columns());
    boolean fits =
        switch (encoding) {
          case Encoding.Json _, Encoding.Avro _, Encoding.Protobuf _, Encoding.Message _ -> true;
          case Encoding.Csv _ -> count == 0 || count == columns.size();
          case Encoding.Text _, Encoding.Bytes _ ->
              columns.size() == 1
                  && columns
                      .getFirst()
                      .type()
                      .equals(KafkaSourceColumns.undeclared(encoding, 0, false).getFirst().type());
        };
    if (!fits) {
      throw at(
          Code.INVALID_DEFINITION,
          "the declared columns do not fit FORMAT " + upper(format.name().text()),
          statement.columns().getFirst().name(),
          "FORMAT TEXT gives one column of type text, FORMAT BYTES one of type bytea, FORMAT CSV as"
              + " many as its COLUMNS say.");
    }
    return columns;
  }

  /** The key is a column if a record's key tells its row and no primary key says of what it is. */
  private List<Included> included(Input envelope) {
    List<Included> included = new ArrayList<>();
    Set<Part> seen = EnumSet.noneOf(Part.class);
    for (Include each : statement.include()) {
      Part part = part(each);
      if (!seen.add(part)) {
        throw at(
            Code.SYNTAX_ERROR,
            "INCLUDE " + part.name() + " specified more than once",
            each.part(),
            "");
      }
      String name = each.as().map(Name::text).orElse(part.name().toLowerCase(Locale.ROOT));
      included.add(new Included(part, name));
    }
    if (envelope == Input.UPSERT && statement.primaryKey().isEmpty() && seen.add(Part.KEY)) {
      included.addFirst(new Included(Part.KEY, "key"));
    }
    return included;
  }

  private static Part part(Include include) {
    for (Part part : Part.values()) {
      if (part.name().equalsIgnoreCase(include.part().text())) {
        return part;
      }
    }
    throw at(
        Code.SYNTAX_ERROR,
        "INCLUDE " + upper(include.part().text()) + " is not known",
        include.part(),
        "Possible: KEY, PARTITION, OFFSET, TIMESTAMP, HEADERS.");
  }

  private void distinct(List<Declared> columns, List<Included> included) {
    Set<String> seen = new HashSet<>();
    columns.forEach(c -> seen.add(c.name()));
    for (Included each : included) {
      if (!seen.add(each.name())) {
        throw Failure.of(
                Code.DUPLICATE_COLUMN, "column \"" + each.name() + "\" specified more than once")
            .hint("Give what is included another name: INCLUDE " + each.part() + " AS its_name.")
            .at(statement.name().position())
            .exception();
      }
    }
  }

  private List<String> key(
      List<Declared> columns,
      Input envelope,
      Optional<Encoding> keyEncoding,
      List<Included> included) {
    List<Name> written = statement.primaryKey();
    if (written.isEmpty()) {
      return envelope == Input.UPSERT
          ? included.stream().filter(i -> i.part() == Part.KEY).map(Included::name).toList()
          : List.of();
    }
    Set<String> seen = new HashSet<>();
    for (Name column : written) {
      if (columns.stream().noneMatch(c -> c.name().equals(column.text()))) {
        throw at(
            Code.UNDEFINED_COLUMN,
            "column referenced in PRIMARY KEY does not exist: " + column.text(),
            column,
            Nearest.hint(column.text(), columns.stream().map(Declared::name)));
      }
      if (!seen.add(column.text())) {
        throw KafkaSourceColumns.duplicate(column);
      }
    }
    if (envelope == Input.UPSERT
        && written.size() > 1
        && !(keyEncoding.orElseThrow() instanceof Encoding.Json)
        && !keyEncoding.orElseThrow().named()) {
      throw at(
          Code.INVALID_DEFINITION,
          "only KEY FORMAT JSON, AVRO or PROTOBUF gives more than one column of PRIMARY KEY",
          written.getFirst(),
          "");
    }
    if (envelope == Input.UPSERT && keyEncoding.orElseThrow() instanceof Encoding.Bytes) {
      throw at(
          Code.INVALID_DEFINITION,
          "KEY FORMAT BYTES gives no column of PRIMARY KEY",
          written.getFirst(),
          "Without PRIMARY KEY the record key is a column of its own: INCLUDE KEY AS id.");
    }
    return written.stream().map(Name::text).toList();
  }

  private void checkEnvelope(KafkaSource source) {
    if (source.envelope() == Input.DEBEZIUM && !source.hasNamedColumns()) {
      throw refuse(
          "ENVELOPE DEBEZIUM needs FORMAT JSON and declared columns, or FORMAT AVRO or PROTOBUF",
          "Declare the columns of the row: CREATE SOURCE s (id int8, …) FROM KAFKA ….");
    }
    if (source.envelope() == Input.UPSERT
        && !statement.primaryKey().isEmpty()
        && !source.hasNamedColumns()) {
      throw refuse(
          "PRIMARY KEY with ENVELOPE UPSERT needs FORMAT JSON and declared columns, or FORMAT AVRO"
              + " or PROTOBUF",
          "Without it the record key is a column of its own: INCLUDE KEY AS id.");
    }
  }

  private Start start() {
    if (options.has("START OFFSET") && options.has("START TIMESTAMP")) {
      throw OptionValues.failure(
          options.find("START TIMESTAMP").orElseThrow(),
          "cannot specify START TIMESTAMP and START OFFSET at same time");
    }
    if (options.has("START TIMESTAMP")) {
      List<Long> millis = options.longs("START TIMESTAMP");
      if (millis.size() != 1) {
        throw OptionValues.invalid(
            options.find("START TIMESTAMP").orElseThrow(), "must be one number");
      }
      return new Start.Timestamp(millis.getFirst());
    }
    if (options.has("START OFFSET")) {
      List<Long> offsets = options.longs("START OFFSET");
      if (offsets.stream().anyMatch(offset -> offset < 0)) {
        throw OptionValues.invalid(
            options.find("START OFFSET").orElseThrow(), "must not be negative");
      }
      return new Start.Offsets(offsets);
    }
    return new Start.Earliest();
  }

  private String canonical(KafkaSourceFormat value) {
    return Printer.print(
        new CreateKafkaSource(
            statement.name(),
            false,
            statement.columns(),
            statement.primaryKey(),
            statement.connection(),
            options.all(),
            statement.keyFormat(),
            Optional.of(value.canonical()),
            statement.include(),
            statement.envelope(),
            with.all()));
  }

  private FailureException refuse(String message, String hint) {
    return at(Code.INVALID_DEFINITION, message, statement.name(), hint);
  }

  private static FailureException at(Code code, String message, Name place, String hint) {
    return Failure.of(code, message).hint(hint).at(place.position()).exception();
  }

  private static String upper(String text) {
    return OptionNames.shortened(text).toUpperCase(Locale.ROOT);
  }
}
