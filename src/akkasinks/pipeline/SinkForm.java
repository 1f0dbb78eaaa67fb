package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Feed;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.EventEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.envelope.Append;
import akkasinks.envelope.Debezium;
import akkasinks.envelope.Envelope;
import akkasinks.envelope.Upsert;
import akkasinks.format.debezium.Origin;
import akkasinks.format.registry.SchemaRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a sink's records are made of: its envelope over the format of its keys and that of its
 * values.
 *
 * @param key empty if the sink has none
 */
record SinkForm(Sink sink, Optional<Side> key, Side value) {

  /**
   * @param registries opens a schema registry, by the id of its connection
   */
  static SinkForm of(
      ResolvedSink resolved, Function<String, SchemaRegistry> registries, InstantSource clock) {
    var sink = resolved.sink();
    var origin = new Origin(resolved.source().name(), database(resolved.feed()), clock);
    Function<Part, Side> side = part -> side(part, origin, registries);
    return new SinkForm(
        sink,
        sink.key().isEmpty() ? Optional.empty() : Optional.of(side.apply(new Part(sink, true))),
        side.apply(new Part(sink, false)));
  }

  private static String database(Feed feed) {
    return switch (feed) {
      case Feed.Postgres(_, var database) -> database.database();
      case Feed.Kafka _ -> "";
    };
  }

  private static Side side(Part part, Origin origin, Function<String, SchemaRegistry> registries) {
    return switch (part.format()) {
      case Format.Json _, Format.Text _, Format.Binary _ ->
          new PlainSide(part.format(), part, origin);
      case Format.Avro avro ->
          new RegisteredSide(
              new AvroSchemas(part, avro),
              part.subject(),
              origin,
              () -> registries.apply(avro.registryId()));
      case Format.Protobuf protobuf ->
          new RegisteredSide(
              new ProtobufSchemas(part, protobuf),
              part.subject(),
              origin,
              () -> registries.apply(protobuf.registryId()));
    };
  }

  /** Makes ready outside what rows of this relation need to be encoded; may block. Thread-safe. */
  void prepare(Relation relation) {
    key.ifPresent(k -> k.prepare(relation));
    value.prepare(relation);
  }

  /** Whether outside would take this relation now; changes nothing there. */
  void check(Relation relation) {
    key.ifPresent(k -> k.check(relation));
    value.check(relation);
  }

  /** The schema of keys or values as a user reads it. */
  String schema(Relation relation, boolean ofKeys) {
    return (ofKeys ? key.orElseThrow() : value).schema(relation);
  }

  /** An encoder for changes of this relation; belongs to one thread. */
  Envelope envelope(Relation relation) {
    Optional<RowEncoder> keys = key.map(k -> k.rows(relation));
    var keyColumns = SinkColumns.key(sink, relation);
    var marks = RowMarks.of(sink, relation);
    return switch (sink.envelope()) {
      case UPSERT -> new Upsert(keys.orElseThrow(), value.rows(relation), keyColumns, marks);
      case APPEND -> new Append(keys, value.rows(relation), marks);
      case DEBEZIUM ->
          new Debezium(
              keys,
              sink.tellsTransactions()
                  ? value.events(relation)
                  : EventEncoder.of(value.pairs(relation)),
              keyColumns,
              sink.details().debezium().tombstones(),
              marks);
    };
  }

  /** Reads keys of this relation: one source text per key column. A sink without has none. */
  Function<byte[], List<String>> keys(Relation relation) {
    return key.map(k -> k.keys(relation))
        .orElse(
            _ -> {
              throw new IllegalStateException("the sink has no key");
            });
  }

  /** Bytes at a key's beginning that say nothing of the key, and must not choose its partition. */
  int keyHeader() {
    return key.map(Side::header).orElse(0);
  }

  /** See {@link Stages.After}. */
  byte @Nullable [] after(byte[] envelope) {
    return value.after(envelope);
  }
}
