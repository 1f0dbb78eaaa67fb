package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.Relation;
import akkasinks.envelope.Envelope;
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
    return new Encoders(
            ids.key().map(encoding::key),
            () -> encoding.row(ids.value()),
            () -> encoding.pair(ids.value()),
            _ -> Optional.empty())
        .under(sink, relation);
  }

  @Override
  public Keys keys(Relation relation) {
    return new AvroKeys(relation, SinkColumns.key(sink, relation))::decode;
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
