package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.OptionValue.Formula;
import akkasinks.partition.expression.RowHash;
import akkasinks.sql.Expressions;
import java.util.List;
import java.util.Locale;

/** Which clauses and options of CREATE SINK exclude or need each other. */
record SinkChecks(
    CreateSink statement,
    Options options,
    Options with,
    Options envelopeOptions,
    Format format,
    Envelope envelope) {

  /**
   * @throws FailureException at the option or name that does not fit
   */
  void check() {
    if (statement.keyFormat().isPresent() && statement.key().isEmpty()) {
      throw at(
          Code.INVALID_DEFINITION,
          "KEY FORMAT needs a KEY",
          statement.keyFormat().orElseThrow().name(),
          "Add KEY (…), or write FORMAT … alone.");
    }
    if (envelopeOptions.flag("TOMBSTONES")
        && statement.key().isEmpty()
        && !statement.wholeSource()) {
      throw OptionValues.failure(
          envelopeOptions.find("TOMBSTONES").orElseThrow(), "TOMBSTONES needs a KEY");
    }
    boolean whole = format instanceof Format.Json || format.registry().isPresent();
    if (envelope == Envelope.DEBEZIUM && !whole) {
      throw at(
          Code.NOT_SUPPORTED,
          "BYTES or TEXT format with multiple columns not yet supported",
          statement.format().orElseThrow().name(),
          "ENVELOPE DEBEZIUM has before and after: write FORMAT JSON.");
    }
    options.formula("PARTITION BY").ifPresent(by -> checkPartitionBy(by));
    if (with.has("COMMIT INTERVAL") && envelope != Envelope.UPSERT) {
      throw onlyUpsert("COMMIT INTERVAL");
    }
    checkConflicts();
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

  /** What a sink of a whole source cannot have, and what only it can. */
  void wholeSource() {
    if (!statement.wholeSource()) {
      for (var option : List.of("ATOMICITY", "ON TABLE ERROR")) {
        if (with.has(option)) {
          throw OptionValues.failure(
              with.find(option).orElseThrow(), option + " is only supported with FROM SOURCE");
        }
      }
      return;
    }
    statement.key().stream().findFirst().ifPresent(name -> refuse("KEY", name));
    statement.headers().ifPresent(name -> refuse("HEADERS", name));
    statement
        .columns()
        .ifPresent(
            choice ->
                refuse(
                    choice.omit() ? "OMIT COLUMNS" : "INCLUDE COLUMNS", choice.names().getFirst()));
    statement.keyFormat().ifPresent(choice -> refuse("KEY FORMAT", choice.name()));
    if (format instanceof Format.Text || format instanceof Format.Binary) {
      refuse(
          "FORMAT " + statement.format().orElseThrow().name().text().toUpperCase(Locale.ROOT),
          statement.format().orElseThrow().name());
    }
    refuse(options, "PARTITION BY");
    refuse(with, "COMMIT INTERVAL");
    if (with.word("ON TRUNCATE").equals("TOMBSTONE")) {
      refuse(with, "ON TRUNCATE");
    }
    if (options.word("DELIVERY").equals("at-least-once")) {
      refuse(options, "DELIVERY");
    }
  }

  private static void refuse(Options where, String option) {
    if (where.has(option)) {
      throw OptionValues.failure(
          where.find(option).orElseThrow(), option + " is not supported with FROM SOURCE");
    }
  }

  private static void refuse(String clause, Name place) {
    throw at(
        Code.NOT_SUPPORTED,
        clause + " is not supported with FROM SOURCE",
        place,
        "Each table's records have its primary key, or another unique one, and all its columns;"
            + " a table that shall differ gets a sink of its own.");
  }

  /** What else a sink on a Kafka source cannot have. */
  void onTopic(KafkaSource source) {
    if (envelopeOptions.flag("FULL")) {
      throw OptionValues.failure(
          envelopeOptions.find("FULL").orElseThrow(),
          "ENVELOPE DEBEZIUM (FULL) is only supported with a POSTGRES source");
    }
    if (source.onBadRecord() == KafkaSource.OnBadRecord.DLQ && !options.has("DEAD LETTER TOPIC")) {
      throw Failure.of(
              Code.INVALID_PARAMETER,
              "DEAD LETTER TOPIC must be specified, as source \"%s\" has ON BAD RECORD = DLQ"
                  .formatted(source.name()))
          .hint("It stands beside TOPIC, in the parentheses after the connection.")
          .exception();
    }
    if (source.envelope() == KafkaSource.Input.UPSERT && options.has("PARTITION BY")) {
      options.formula("PARTITION BY").ifPresent(this::onlyKeyColumns);
    }
  }

  private void checkConflicts() {
    if (with.has("ON KEY CONFLICT") && (!statement.notEnforced() || envelope != Envelope.UPSERT)) {
      throw OptionValues.failure(
          with.find("ON KEY CONFLICT").orElseThrow(),
          "ON KEY CONFLICT is only supported with ENVELOPE UPSERT and a KEY that is NOT ENFORCED");
    }
    if (with.word("ON KEY CONFLICT").equals("DLQ") && !options.has("DEAD LETTER TOPIC")) {
      throw OptionValues.failure(
          with.find("ON KEY CONFLICT").orElseThrow(),
          "DEAD LETTER TOPIC must be specified with ON KEY CONFLICT = DLQ");
    }
    if (options.has("DEAD LETTER TOPIC") && envelopeOptions.flag("FULL")) {
      throw OptionValues.failure(
          options.find("DEAD LETTER TOPIC").orElseThrow(),
          "DEAD LETTER TOPIC is not supported with ENVELOPE DEBEZIUM (FULL)");
    }
  }

  private void checkPartitionBy(Formula by) {
    if (options.has("PARTITIONER")) {
      throw OptionValues.failure(
          options.find("PARTITIONER").orElseThrow(),
          "PARTITIONER cannot be used together with PARTITION BY");
    }
    if (envelope == Envelope.DEBEZIUM) {
      onlyKeyColumns(by);
    }
  }

  private void onlyKeyColumns(Formula by) {
    var key = statement.key().stream().map(Name::text).toList();
    for (var column : RowHash.columns(Expressions.parse(by.text(), by.position()))) {
      if (!key.contains(column.name())) {
        throw Failure.of(
                Code.INVALID_DEFINITION,
                "PARTITION BY expression cannot refer to non-key column \"%s\""
                    .formatted(column.name()))
            .detail(
                "When using ENVELOPE DEBEZIUM, or a source with ENVELOPE UPSERT, only columns in"
                    + " the key can be referenced in the PARTITION BY expression.")
            .at(column.position())
            .exception();
      }
    }
  }

  private FailureException onlyUpsert(String option) {
    String what = option.equals("ON TRUNCATE") ? "ON TRUNCATE = TOMBSTONE" : option;
    return OptionValues.failure(
        with.find(option).orElseThrow(), what + " is only supported with ENVELOPE UPSERT");
  }

  private static FailureException at(Code code, String message, Name place, String hint) {
    return Failure.of(code, message).hint(hint).at(place.position()).exception();
  }
}
