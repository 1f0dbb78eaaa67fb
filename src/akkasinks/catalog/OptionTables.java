package akkasinks.catalog;

import akkasinks.catalog.OptionType.Bool;
import akkasinks.catalog.OptionType.Documented;
import akkasinks.catalog.OptionType.Longs;
import akkasinks.catalog.OptionType.OneOf;
import akkasinks.catalog.OptionType.Property;
import akkasinks.catalog.OptionType.Text;
import akkasinks.catalog.OptionType.Whole;
import java.util.List;
import java.util.stream.Stream;

/** Every option there is. */
public final class OptionTables {
  private static final OptionType TEXT = new Text();
  private static final OptionType BOOL = new Bool();
  private static final OptionType DOC = new Documented();
  private static final OptionType POSITIVE =
      new Whole(1, Integer.MAX_VALUE, "must be a positive integer");

  public static final OptionTable POSTGRES_CONNECTION = ConnectionOptions.POSTGRES;
  public static final OptionTable KAFKA_CONNECTION = ConnectionOptions.KAFKA;
  public static final OptionTable REGISTRY_CONNECTION = ConnectionOptions.REGISTRY;
  public static final OptionTable SSH_CONNECTION = ConnectionOptions.SSH;
  public static final OptionTable CONNECTION_WITH = ConnectionOptions.WITH;

  public static final OptionTable POSTGRES_SOURCE =
      new OptionTable(
          "CREATE SOURCE",
          "the parentheses after the connection",
          List.of(
              spec(
                  "PUBLICATION",
                  TEXT,
                  "",
                  "A publication of yours; it is never changed. If left out, each sink makes and"
                      + " drops its own.")));

  public static final OptionTable KAFKA_SOURCE =
      new OptionTable(
          "CREATE SOURCE … FROM KAFKA",
          "the parentheses after the connection",
          List.of(
              spec("TOPIC", TEXT, "", "The topic's whole name. Required."),
              spec(
                  "START OFFSET",
                  new Longs(),
                  "",
                  "By partition, the offset to begin with; 0 for those left out. Without it, what"
                      + " is there from its beginning."),
              spec(
                  "START TIMESTAMP",
                  new Longs(),
                  "",
                  "Begin with records of this time or later, in milliseconds since 1970; if"
                      + " negative, before now.")));

  public static final OptionTable FORMAT_CSV =
      new OptionTable(
          "FORMAT CSV",
          "the parentheses after FORMAT CSV",
          List.of(
              spec("COLUMNS", POSITIVE, "", "How many; not needed if columns are declared."),
              spec("DELIMITER", TEXT, ",", "One character of ASCII between two fields.")));

  public static final OptionTable FORMAT_PROTOBUF_MESSAGE =
      new OptionTable(
          "FORMAT PROTOBUF",
          "the parentheses after FORMAT PROTOBUF",
          List.of(
              spec(
                  "MESSAGE",
                  TEXT,
                  "",
                  "Full name of the records' message, e.g. `'shop.Order'`; needs `SCHEMA`, and no"
                      + " registry."),
              spec(
                  "SCHEMA",
                  TEXT,
                  "",
                  "The schema: the text of a `.proto` file, or what `protoc --descriptor_set_out"
                      + " --include_imports` writes, as `\\x` and hexadecimal digits.")));

  public static final OptionTable KAFKA_SOURCE_WITH =
      new OptionTable(
          "CREATE SOURCE … FROM KAFKA",
          "WITH (…)",
          List.of(
              spec(
                  "ON BAD RECORD",
                  new OneOf(List.of("STALL", "SKIP", "DLQ")),
                  "STALL",
                  "What a record does that cannot be read as the source is declared: its sinks"
                      + " stall and name it, or pass it over and count it, or write it as it is to"
                      + " their `DEAD LETTER TOPIC`.")));

  public static final OptionTable FORMAT_JSON =
      new OptionTable(
          "FORMAT JSON",
          "the parentheses after FORMAT JSON",
          List.of(
              spec(
                  "BYTES",
                  new OneOf(List.of("array", "base64")),
                  "array",
                  "`bytea` as `[209,130]` or as text."),
              spec(
                  "TIMESTAMP",
                  new OneOf(List.of("epoch", "iso")),
                  "epoch",
                  "Timestamps as `\"1321009871123.450\"` (milliseconds) or as ISO 8601.")));

  private static final OptionType LEVEL =
      new OneOf(
          List.of(
              "BACKWARD",
              "BACKWARD_TRANSITIVE",
              "FORWARD",
              "FORWARD_TRANSITIVE",
              "FULL",
              "FULL_TRANSITIVE",
              "NONE"));

  public static final OptionTable FORMAT_AVRO =
      new OptionTable(
          "FORMAT AVRO",
          "the parentheses after the registry's connection",
          List.of(
              spec(
                  "AVRO KEY FULLNAME",
                  TEXT,
                  "row",
                  "Name of the key's record, with a namespace before it if you want one; needs"
                      + " `KEY` and the other."),
              spec(
                  "AVRO VALUE FULLNAME",
                  TEXT,
                  "envelope",
                  "Name of the value's record; with `KEY` it needs the other."),
              spec(
                  "NULL DEFAULTS",
                  BOOL,
                  "FALSE",
                  "Whether nullable fields have the default `null`: columns added later are then"
                      + " compatible with `BACKWARD`."),
              spec(
                  "KEY COMPATIBILITY LEVEL",
                  LEVEL,
                  "",
                  "Compatibility of subject `{topic}-key`, set if it has none of its own."),
              spec("VALUE COMPATIBILITY LEVEL", LEVEL, "", "The same of `{topic}-value`."),
              spec(
                  "DOC ON TYPE",
                  DOC,
                  "",
                  "`DOC ON TYPE t = 'text'`: the record's `doc`; `t` is the table or a composite"
                      + " type of its columns."),
              spec("DOC ON COLUMN", DOC, "", "`DOC ON COLUMN t.c = 'text'`: the field's `doc`."),
              spec("KEY DOC ON TYPE", DOC, "", "In the key's schema; goes before `DOC ON TYPE`."),
              spec("KEY DOC ON COLUMN", DOC, "", "In the key's schema alone."),
              spec("VALUE DOC ON TYPE", DOC, "", "In the value's schema alone."),
              spec("VALUE DOC ON COLUMN", DOC, "", "In the value's schema alone.")));

  public static final OptionTable FORMAT_PROTOBUF =
      new OptionTable(
          "FORMAT PROTOBUF",
          "the parentheses after the registry's connection",
          List.of(
              spec("PROTOBUF KEY MESSAGE", TEXT, "Key", "The key's message; needs `KEY`."),
              spec("PROTOBUF VALUE MESSAGE", TEXT, "Value", "The value's message."),
              spec("KEY COMPATIBILITY LEVEL", LEVEL, "", "Of `{topic}-key`, if it has none."),
              spec("VALUE COMPATIBILITY LEVEL", LEVEL, "", "The same of `{topic}-value`.")));

  public static final OptionTable SINK = SinkOptionTables.SINK;
  public static final OptionTable ENVELOPE_DEBEZIUM = SinkOptionTables.ENVELOPE_DEBEZIUM;
  static final OptionTable NO_ENVELOPE_OPTIONS = SinkOptionTables.NO_ENVELOPE_OPTIONS;
  public static final OptionTable SINK_WITH = SinkOptionTables.SINK_WITH;
  public static final OptionTable ALTER_SINK_FROM = SinkOptionTables.ALTER_SINK_FROM;

  /** All tables, in the order of the reference. */
  public static final List<OptionTable> ALL =
      List.of(
          POSTGRES_CONNECTION,
          KAFKA_CONNECTION,
          REGISTRY_CONNECTION,
          SSH_CONNECTION,
          CONNECTION_WITH,
          POSTGRES_SOURCE,
          KAFKA_SOURCE,
          FORMAT_CSV,
          FORMAT_PROTOBUF_MESSAGE,
          KAFKA_SOURCE_WITH,
          SINK,
          FORMAT_JSON,
          FORMAT_AVRO,
          FORMAT_PROTOBUF,
          ENVELOPE_DEBEZIUM,
          SINK_WITH,
          ALTER_SINK_FROM);

  private OptionTables() {}

  static OptionSpec spec(String name, OptionType type, String fallback, String doc) {
    return new OptionSpec(name, type, fallback, doc);
  }

  /**
   * Named one by one: a mistyped name is an error, and what would break a guarantee is not there.
   */
  static Stream<OptionSpec> properties(String... names) {
    return Stream.of(names)
        .map(name -> spec(name, new Property(), "", "Kafka's client property of this name."));
  }
}
