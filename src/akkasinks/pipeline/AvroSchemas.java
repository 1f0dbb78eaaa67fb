package akkasinks.pipeline;

import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Doc;
import akkasinks.change.Relation;
import akkasinks.format.avro.AvroAfter;
import akkasinks.format.avro.AvroFormat;
import akkasinks.format.avro.AvroOptions;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Avro's. */
record AvroSchemas(Part part, Format.Avro format) implements Schemas {
  @Override
  public SchemaFormat of(Relation relation, Supplier<List<RegisteredSchema>> history) {
    var columns = part.columns(relation);
    var options = options(format);
    return switch (part.shape()) {
      case KEY -> AvroFormat.key(relation, columns, options);
      case ROW -> AvroFormat.row(relation, columns, options);
      case PAIR -> AvroFormat.pair(relation, columns, options);
      case EVENT -> AvroFormat.event(relation, columns, options);
    };
  }

  @Override
  public String level() {
    return part.key() ? format.keyLevel() : format.valueLevel();
  }

  @Override
  public int header() {
    return AvroFormat.HEADER;
  }

  @Override
  public Stages.After after(IntFunction<String> schemas) {
    return new AvroAfter(schemas)::of;
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
