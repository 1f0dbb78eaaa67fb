package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.change.Relation;
import akkasinks.format.protobuf.ProtobufAfter;
import akkasinks.format.protobuf.ProtobufFormat;
import akkasinks.format.protobuf.ProtobufFormat.Subject;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Protobuf's. What a subject has had already says which number each field must have. */
record ProtobufSchemas(Part part, Format.Protobuf format) implements Schemas {
  @Override
  public SchemaFormat of(Relation relation, Supplier<List<RegisteredSchema>> history) {
    var columns = part.columns(relation);
    var name = part.key() ? format.keyName() : format.valueName();
    var subject = subject(history.get());
    return switch (part.shape()) {
      case KEY -> ProtobufFormat.key(relation, columns, name, subject);
      case ROW -> ProtobufFormat.row(relation, columns, name, subject);
      case PAIR -> ProtobufFormat.pair(relation, columns, name, subject);
      case EVENT -> ProtobufFormat.event(relation, columns, name, subject);
    };
  }

  private Subject subject(List<RegisteredSchema> history) {
    return new Subject(
        part.subject(),
        history.stream()
            .filter(s -> s.kind().equals(ProtobufFormat.KIND))
            .map(RegisteredSchema::text)
            .toList());
  }

  @Override
  public String level() {
    return part.key() ? format.keyLevel() : format.valueLevel();
  }

  @Override
  public int header() {
    return ProtobufFormat.HEADER;
  }

  @Override
  public Stages.After after(IntFunction<String> schemas) {
    return ProtobufAfter::of;
  }
}
