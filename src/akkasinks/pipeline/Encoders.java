package akkasinks.pipeline;

import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.envelope.Append;
import akkasinks.envelope.Debezium;
import akkasinks.envelope.Envelope;
import akkasinks.envelope.Upsert;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a format has for a relation; of a value's two only that is made which the envelope needs.
 *
 * @param key empty if the sink has none
 * @param event of DEBEZIUM (FULL), around the pair; empty if the sink's events are the pair alone
 */
record Encoders(
    Optional<RowEncoder> key,
    Supplier<RowEncoder> row,
    Supplier<PairEncoder> pair,
    Function<PairEncoder, Optional<EventEncoder>> event) {

  /** The sink's envelope over them. */
  Envelope under(Sink sink, Relation relation) {
    var keyColumns = SinkColumns.key(sink, relation);
    var marks = RowMarks.of(sink, relation);
    return switch (sink.envelope()) {
      case UPSERT -> new Upsert(key.orElseThrow(), row.get(), keyColumns, marks);
      case APPEND -> new Append(key, row.get(), marks);
      case DEBEZIUM -> {
        var both = pair.get();
        yield new Debezium(
            key,
            both,
            keyColumns,
            event.apply(both),
            sink.details().debezium().tombstones(),
            marks);
      }
    };
  }
}
