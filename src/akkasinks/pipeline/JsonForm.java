package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.envelope.Debezium;
import akkasinks.envelope.Envelope;
import akkasinks.envelope.Upsert;
import akkasinks.format.json.JsonAfter;
import akkasinks.format.json.JsonFormat;
import akkasinks.format.json.JsonKeys;
import akkasinks.format.json.JsonOptions;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Any envelope over JSON. */
record JsonForm(Sink sink, Format.Json json) implements SinkForm {
  @Override
  public void prepare(Relation relation) {}

  @Override
  public Envelope envelope(Relation relation) {
    var keyColumns = KeyColumns.of(relation, sink.key());
    var all = IntStream.range(0, relation.columns().size()).toArray();
    var format = new JsonFormat(options());
    Optional<RowEncoder> key =
        sink.key().isEmpty() ? Optional.empty() : Optional.of(format.row(relation, keyColumns));
    return switch (sink.envelope()) {
      case UPSERT -> new Upsert(key.orElseThrow(), format.row(relation, all), keyColumns);
      case DEBEZIUM -> new Debezium(key, format.pair(relation, all), keyColumns);
    };
  }

  @Override
  public Keys keys(Relation relation) {
    return new JsonKeys(relation, KeyColumns.of(relation, sink.key()), options())::decode;
  }

  @Override
  public int keyHeader() {
    return 0;
  }

  @Override
  public byte @Nullable [] after(byte[] value) {
    return JsonAfter.envelope(value);
  }

  private JsonOptions options() {
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
}
