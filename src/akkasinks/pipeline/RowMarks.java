package akkasinks.pipeline;

import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkColumns;
import akkasinks.change.Batch;
import akkasinks.change.HeaderEncoder;
import akkasinks.change.Messages;
import akkasinks.change.Relation;
import akkasinks.envelope.Marks;
import akkasinks.format.headers.ColumnHeaders;
import akkasinks.partition.expression.RowHash;
import java.util.List;
import java.util.Optional;

/** Headers by HEADERS and the place by PARTITION BY. */
record RowMarks(Optional<HeaderEncoder> headers, Optional<RowHash> place) implements Marks {
  /** Empty for a sink that has neither. */
  static Optional<Marks> of(Sink sink, Relation relation) {
    Optional<HeaderEncoder> headers =
        sink.details()
            .headers()
            .map(
                name ->
                    new ColumnHeaders(
                        relation, SinkColumns.places(relation, List.of(name), "HEADERS")[0]));
    Optional<RowHash> place = SinkColumns.placement(sink, relation);
    return headers.isEmpty() && place.isEmpty()
        ? Optional.empty()
        : Optional.of(new RowMarks(headers, place));
  }

  @Override
  public void mark(Batch batch, int row, Messages out) {
    if (headers.isPresent()) {
      headers.get().encode(batch, row, out.addHeaders());
    }
    if (place.isPresent()) {
      out.place(place.get().of(batch, row));
    }
  }

  @Override
  public boolean moves(Batch batch, int before, int after) {
    return place.isPresent() && place.get().of(batch, before) != place.get().of(batch, after);
  }
}
