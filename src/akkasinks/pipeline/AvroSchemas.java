package akkasinks.pipeline;

import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Doc;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.Relation;
import akkasinks.format.avro.AvroFormat;
import akkasinks.format.avro.AvroOptions;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaRegistry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The schemas of one incarnation of an Avro sink in its registry: registered once for each form
 * that its relation takes, before anything is encoded with them. An id is never kept beyond the
 * incarnation: a registry that was set up anew may give others. Thread-safe.
 */
final class AvroSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Sink sink;
  private final Format.Avro format;
  private final Supplier<SchemaRegistry> registry;
  private final Map<Relation, Ids> registered = new HashMap<>();

  /** What the registry knows the schemas by. */
  record Ids(Optional<Integer> key, int value) {}

  /**
   * @param registry opens it; closed here after each use
   */
  AvroSchemas(Sink sink, Format.Avro format, Supplier<SchemaRegistry> registry) {
    this.sink = sink;
    this.format = format;
    this.registry = registry;
  }

  /**
   * The ids for a relation; blocks for the registry the first time.
   *
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if the registry refuses a schema,
   *     UNREACHABLE if it does not answer
   */
  synchronized Ids of(Relation relation) {
    var known = registered.get(relation);
    if (known == null) {
      known = register(relation);
      registered.put(relation, known);
    }
    return known;
  }

  private Ids register(Relation relation) {
    var encoding = encoding(relation);
    try (var open = registry.get()) {
      Optional<Integer> key = Optional.empty();
      if (!sink.key().isEmpty()) {
        open.levelUnlessSet(keySubject(), format.keyLevel());
        key = Optional.of(open.register(keySubject(), keySchema(encoding)));
      }
      open.levelUnlessSet(valueSubject(), format.valueLevel());
      return new Ids(key, open.register(valueSubject(), valueSchema(encoding)));
    }
  }

  /** Whether the registry would take the schemas now; changes nothing there. */
  void check(Relation relation) {
    var encoding = encoding(relation);
    try (var open = registry.get()) {
      open.reach();
      if (!sink.key().isEmpty()) {
        open.check(keySubject(), keySchema(encoding));
      }
      open.check(valueSubject(), valueSchema(encoding));
    }
  }

  /** The schema of keys or values with two blanks for each level. */
  String shown(Relation relation, boolean key) {
    var encoding = encoding(relation);
    var schema = key ? keySchema(encoding) : valueSchema(encoding);
    var printer =
        new DefaultPrettyPrinter()
            .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE)
            .withSeparators(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    try {
      return JSON.writer(printer).writeValueAsString(JSON.readTree(schema.text()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a schema that is not JSON", e);
    }
  }

  AvroFormat encoding(Relation relation) {
    return new AvroFormat(relation, SinkColumns.key(sink, relation), options(format));
  }

  private static RegisteredSchema keySchema(AvroFormat encoding) {
    return RegisteredSchema.avro(encoding.keySchema());
  }

  private RegisteredSchema valueSchema(AvroFormat encoding) {
    return RegisteredSchema.avro(
        sink.envelope() == Envelope.DEBEZIUM ? encoding.pairSchema() : encoding.rowSchema());
  }

  private String keySubject() {
    return SchemaRegistry.keysOf(sink.topic().name());
  }

  private String valueSubject() {
    return SchemaRegistry.valuesOf(sink.topic().name());
  }

  private static AvroOptions options(Format.Avro format) {
    return new AvroOptions(
        format.keyName(), format.valueName(), format.nullDefaults(), docs(format.docs()));
  }

  private static List<AvroOptions.Doc> docs(List<Doc> docs) {
    return docs.stream()
        .map(d -> new AvroOptions.Doc(side(d.side()), d.type(), d.column(), d.text()))
        .toList();
  }

  private static AvroOptions.Side side(Doc.Side side) {
    return switch (side) {
      case BOTH -> AvroOptions.Side.BOTH;
      case KEY -> AvroOptions.Side.KEY;
      case VALUE -> AvroOptions.Side.VALUE;
    };
  }
}
