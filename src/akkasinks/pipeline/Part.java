package akkasinks.pipeline;

import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.Relation;
import akkasinks.format.registry.SchemaRegistry;

/** Which part of a sink's records: what it is made of, whatever the format. */
record Part(Sink sink, boolean key) {
  /** What one record's part holds. */
  enum Shape {
    KEY,
    ROW,
    /** The rows before and after a change. */
    PAIR,
    /** Debezium's whole event. */
    EVENT
  }

  Shape shape() {
    if (key) {
      return Shape.KEY;
    }
    if (sink.envelope() != Envelope.DEBEZIUM) {
      return Shape.ROW;
    }
    return sink.details().debezium().full() ? Shape.EVENT : Shape.PAIR;
  }

  /** The places of its columns, in their order. */
  int[] columns(Relation relation) {
    return key ? SinkColumns.key(sink, relation) : SinkColumns.value(sink, relation);
  }

  Format format() {
    return key ? sink.keyFormat() : sink.format();
  }

  /** Its schemas' in a registry. */
  String subject() {
    var topic = sink.topic().name();
    return key ? SchemaRegistry.keysOf(topic) : SchemaRegistry.valuesOf(topic);
  }
}
