package akkasinks.pipeline;

import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Feed;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.format.json.JsonEvents;
import akkasinks.format.json.JsonFormat;
import akkasinks.format.json.JsonKeys;
import akkasinks.format.json.JsonOptions;
import akkasinks.format.plain.PlainFormat;
import akkasinks.format.plain.PlainKeys;
import java.time.InstantSource;
import java.util.Optional;

/** Envelope × format of one sink for its relation as it is now. */
final class Envelopes {
  private final ResolvedSink resolved;
  private final Sink sink;
  private final Relation relation;
  private final InstantSource clock;
  private final int[] keyColumns;

  Envelopes(ResolvedSink resolved, Relation relation, InstantSource clock) {
    this.resolved = resolved;
    this.sink = resolved.sink();
    this.relation = relation;
    this.clock = clock;
    this.keyColumns = SinkColumns.key(sink, relation);
  }

  akkasinks.envelope.Envelope envelope() {
    var value = SinkColumns.value(sink, relation);
    return new Encoders(
            sink.key().isEmpty() ? Optional.empty() : Optional.of(row(keyFormat(), keyColumns)),
            () -> row(sink.format(), value),
            () -> pair(value),
            this::event)
        .under(sink, relation);
  }

  /** An encoded key as one source text per key column. */
  SinkForm.Keys keys() {
    return switch (keyFormat()) {
      case Format.Json json -> new JsonKeys(relation, keyColumns, options(json))::decode;
      case Format.Text _ -> PlainKeys::ofText;
      case Format.Avro _, Format.Protobuf _ -> throw notPlain();
      case Format.Binary _ ->
          bytes -> PlainKeys.ofBinary(relation.columns().get(keyColumns[0]), bytes);
    };
  }

  private Format keyFormat() {
    return sink.details().keyFormat().orElse(sink.format());
  }

  private RowEncoder row(Format format, int[] columns) {
    return switch (format) {
      case Format.Json json -> new JsonFormat(options(json)).row(relation, columns);
      case Format.Text _ -> PlainFormat.text(relation, columns[0]);
      case Format.Binary _ -> PlainFormat.binary(relation, columns[0]);
      case Format.Avro _, Format.Protobuf _ -> throw notPlain();
    };
  }

  private PairEncoder pair(int[] columns) {
    return switch (sink.format()) {
      case Format.Json json -> new JsonFormat(options(json)).pair(relation, columns);
      case Format.Text _, Format.Binary _, Format.Avro _, Format.Protobuf _ -> throw notPlain();
    };
  }

  private Optional<EventEncoder> event(PairEncoder pair) {
    return sink.details().debezium().full()
        ? Optional.of(new JsonEvents(pair, relation, resolved.source().name(), database(), clock))
        : Optional.empty();
  }

  private String database() {
    return switch (resolved.feed()) {
      case Feed.Postgres(_, var database) -> database.database();
      case Feed.Kafka _ -> "";
    };
  }

  private static IllegalStateException notPlain() {
    return new IllegalStateException("no format for this place");
  }

  private static JsonOptions options(Format.Json json) {
    return new JsonOptions(
        switch (json.bytes()) {
          case ARRAY -> JsonOptions.Bytes.ARRAY;
          case BASE64 -> JsonOptions.Bytes.BASE64;
        },
        switch (json.timestamps()) {
          case EPOCH -> JsonOptions.Timestamps.EPOCH;
          case ISO -> JsonOptions.Timestamps.ISO;
        });
  }

  /** Whether the sink wants each change told with its transaction. */
  static boolean tells(Sink sink) {
    return sink.envelope() == Envelope.DEBEZIUM && sink.details().debezium().full();
  }
}
