package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.Relation;
import akkasinks.format.protobuf.ProtobufFormat;
import akkasinks.format.protobuf.ProtobufFormat.Subject;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The schemas of one incarnation of a Protobuf sink in its registry, as {@link AvroSchemas} are.
 * What a subject has had already says which number each field must have. Thread-safe.
 */
final class ProtobufSchemas {
  private static final String KIND = "PROTOBUF";

  private final Sink sink;
  private final Format.Protobuf format;
  private final Supplier<SchemaRegistry> registry;
  private final Map<Relation, Registered> known = new HashMap<>();

  /** A subject's schema for one relation, and what the registry knows it by. */
  record Numbered(ProtobufFormat format, int id) {}

  /** The schemas of one relation. */
  record Registered(Optional<Numbered> key, Numbered value) {}

  /**
   * @param registry opens it; closed here after each use
   */
  ProtobufSchemas(Sink sink, Format.Protobuf format, Supplier<SchemaRegistry> registry) {
    this.sink = sink;
    this.format = format;
    this.registry = registry;
  }

  /**
   * The schemas for a relation; blocks for the registry the first time.
   *
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if the registry refuses a schema, or no
   *     field number is left for a column; UNREACHABLE if it does not answer
   */
  synchronized Registered of(Relation relation) {
    var registered = known.get(relation);
    if (registered == null) {
      registered = register(relation);
      known.put(relation, registered);
    }
    return registered;
  }

  private Registered register(Relation relation) {
    try (var open = registry.get()) {
      Optional<Numbered> key = Optional.empty();
      if (!sink.key().isEmpty()) {
        open.levelUnlessSet(keySubject(), format.keyLevel());
        key = Optional.of(register(open, keySubject(), key(open, relation)));
      }
      open.levelUnlessSet(valueSubject(), format.valueLevel());
      return new Registered(key, register(open, valueSubject(), value(open, relation)));
    }
  }

  private static Numbered register(SchemaRegistry open, String subject, ProtobufFormat schema) {
    return new Numbered(schema, open.register(subject, registrable(schema)));
  }

  /** Whether the registry would take the schemas now; changes nothing there. */
  void check(Relation relation) {
    try (var open = registry.get()) {
      open.reach();
      if (!sink.key().isEmpty()) {
        open.check(keySubject(), registrable(key(open, relation)));
      }
      open.check(valueSubject(), registrable(value(open, relation)));
    }
  }

  /** The schema of keys or values as it would be registered now. */
  String shown(Relation relation, boolean key) {
    try (var open = registry.get()) {
      return (key ? key(open, relation) : value(open, relation)).schema();
    }
  }

  private static RegisteredSchema registrable(ProtobufFormat schema) {
    return new RegisteredSchema(KIND, schema.schema());
  }

  private ProtobufFormat key(SchemaRegistry open, Relation relation) {
    return ProtobufFormat.key(
        relation, SinkColumns.key(sink, relation), format.keyName(), subject(open, keySubject()));
  }

  private ProtobufFormat value(SchemaRegistry open, Relation relation) {
    var subject = subject(open, valueSubject());
    return switch (sink.envelope()) {
      case UPSERT, APPEND -> ProtobufFormat.row(relation, format.valueName(), subject);
      case DEBEZIUM -> ProtobufFormat.pair(relation, format.valueName(), subject);
    };
  }

  private static Subject subject(SchemaRegistry open, String name) {
    return new Subject(
        name,
        open.history(name).stream()
            .filter(s -> s.kind().equals(KIND))
            .map(RegisteredSchema::text)
            .toList());
  }

  private String keySubject() {
    return SchemaRegistry.keysOf(sink.topic().name());
  }

  private String valueSubject() {
    return SchemaRegistry.valuesOf(sink.topic().name());
  }
}
