package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Relation;
import akkasinks.envelope.Envelope;
import akkasinks.format.protobuf.ProtobufAfter;
import akkasinks.format.protobuf.ProtobufFormat;
import akkasinks.format.registry.SchemaRegistry;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Any envelope over Protobuf, its schemas in a registry. */
final class ProtobufForm implements SinkForm {
  private final Sink sink;
  private final ProtobufSchemas schemas;

  /**
   * @param registry opens it
   */
  ProtobufForm(Sink sink, Format.Protobuf format, Supplier<SchemaRegistry> registry) {
    this.sink = sink;
    this.schemas = new ProtobufSchemas(sink, format, registry);
  }

  @Override
  public void prepare(Relation relation) {
    schemas.of(relation);
  }

  @Override
  public Envelope envelope(Relation relation) {
    var registered = schemas.of(relation);
    var value = registered.value();
    return new Encoders(
            registered.key().map(k -> k.format().rows(k.id())),
            () -> value.format().rows(value.id()),
            () -> value.format().pairs(value.id()),
            _ -> Optional.empty())
        .under(sink, relation);
  }

  @Override
  public Keys keys(Relation relation) {
    // A sink without a key has none to be read.
    return schemas
        .of(relation)
        .key()
        .<Keys>map(k -> k.format().keys()::decode)
        .orElse(
            _ -> {
              throw new IllegalStateException("the sink has no key");
            });
  }

  @Override
  public int keyHeader() {
    return ProtobufFormat.HEADER;
  }

  @Override
  public byte @Nullable [] after(byte[] value) {
    return ProtobufAfter.of(value);
  }
}
