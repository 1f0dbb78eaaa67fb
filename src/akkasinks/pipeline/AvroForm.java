package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Relation;
import akkasinks.envelope.Append;
import akkasinks.envelope.Debezium;
import akkasinks.envelope.Envelope;
import akkasinks.envelope.Upsert;
import akkasinks.format.avro.AvroAfter;
import akkasinks.format.avro.AvroFormat;
import akkasinks.format.avro.AvroKeys;
import akkasinks.format.registry.SchemaRegistry;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Any envelope over Avro, its schemas in a registry. */
final class AvroForm implements SinkForm {
  private final Sink sink;
  private final AvroSchemas schemas;
  private final AvroAfter after;

  /**
   * @param registry opens it
   */
  AvroForm(Sink sink, Format.Avro format, Supplier<SchemaRegistry> registry) {
    this.sink = sink;
    this.schemas = new AvroSchemas(sink, format, registry);
    this.after =
        new AvroAfter(
            id -> {
              try (var open = registry.get()) {
                return open.schema(id).text();
              }
            });
  }

  @Override
  public void prepare(Relation relation) {
    schemas.of(relation);
  }

  @Override
  public Envelope envelope(Relation relation) {
    var ids = schemas.of(relation);
    var encoding = schemas.encoding(relation);
    var keyColumns = KeyColumns.of(relation, sink.key());
    var key = ids.key().map(encoding::key);
    var marks = RowMarks.of(sink, relation);
    return switch (sink.envelope()) {
      case UPSERT -> new Upsert(key.orElseThrow(), encoding.row(ids.value()), keyColumns, marks);
      case APPEND -> new Append(key, encoding.row(ids.value()), marks);
      case DEBEZIUM ->
          new Debezium(
              key,
              encoding.pair(ids.value()),
              keyColumns,
              Optional.empty(),
              sink.details().debezium().tombstones(),
              marks);
    };
  }

  @Override
  public Keys keys(Relation relation) {
    return new AvroKeys(relation, KeyColumns.of(relation, sink.key()))::decode;
  }

  @Override
  public int keyHeader() {
    return AvroFormat.HEADER;
  }

  @Override
  public byte @Nullable [] after(byte[] value) {
    return after.of(value);
  }
}
