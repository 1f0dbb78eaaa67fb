package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.Topic;
import akkasinks.catalog.KafkaSource.Input;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.Name;
import java.util.List;

/** What a sink on a Kafka source cannot have. */
final class KafkaFeedRules {
  /** Options that speak of tables and slots. */
  private static final List<String> OF_POSTGRES =
      List.of("ON TRUNCATE", "MAX RETAINED WAL", "ON EXCEEDED");

  private final CreateSink statement;
  private final KafkaSource source;
  private final Options with;

  KafkaFeedRules(CreateSink statement, KafkaSource source, Options with) {
    this.statement = statement;
    this.source = source;
    this.with = with;
  }

  void check(Envelope envelope, KafkaConnection into, Topic topic) {
    for (String option : OF_POSTGRES) {
      if (with.has(option)) {
        throw OptionValues.failure(
            with.find(option).orElseThrow(), option + " is only supported with a POSTGRES source");
      }
    }
    if (into.id().equals(source.connectionId()) && topic.name().equals(source.topic())) {
      throw refuse(
          Code.INVALID_DEFINITION,
          "a sink cannot write the topic that its source reads",
          "It would read what it wrote, for ever. Choose another TOPIC.",
          statement.connection());
    }
    if (source.envelope() != Input.UPSERT) {
      return;
    }
    if (envelope == Envelope.DEBEZIUM) {
      throw refuse(
          Code.NOT_SUPPORTED,
          "ENVELOPE DEBEZIUM is not yet supported on a source with ENVELOPE UPSERT",
          "Its records do not hold the row before, which ENVELOPE DEBEZIUM needs. Use ENVELOPE"
              + " UPSERT.",
          statement.envelope().orElse(statement.name()));
    }
    for (Name column : statement.key()) {
      if (!source.key().contains(column.text())) {
        throw refuse(
            Code.INVALID_DEFINITION,
            "\"%s\" is no part of the key of source \"%s\"".formatted(column.text(), source.name()),
            "A record without a value tells only the source's key: the sink's KEY must be made of "
                + String.join(", ", source.key())
                + ".",
            column);
      }
    }
  }

  private static RuntimeException refuse(Code code, String message, String hint, Name place) {
    return Failure.of(code, message).hint(hint).at(place.position()).exception();
  }
}
