package akkasinks.pipeline;

import akkasinks.change.Relation;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** What a format with schemas makes of one part of a sink's records. */
sealed interface Schemas permits AvroSchemas, ProtobufSchemas {
  /**
   * The schema for a relation.
   *
   * @param history what the subject has had, the latest last; asked for only if it matters
   */
  SchemaFormat of(Relation relation, Supplier<List<RegisteredSchema>> history);

  /** The subject's compatibility where it has none; empty for none. */
  String level();

  /** Bytes before a message. */
  int header();

  /**
   * Takes values of ENVELOPE DEBEZIUM apart.
   *
   * @param schemas the text of a schema by its id; may block
   */
  Stages.After after(IntFunction<String> schemas);
}
