package akkasinks.pipeline;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.Relation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The stages of a sink that carries a whole source: for each table those of a sink of its own,
 * compiled when its first batch comes. Batches without a relation only carry a position.
 */
final class TableStages {
  private final ResolvedSink whole;
  private final Function<ResolvedSink, Stages> compile;
  private final Map<Table, Stages> known = new ConcurrentHashMap<>();

  /** What a table's records are named and keyed by. */
  private record Table(String schema, String name, List<String> key) {}

  private TableStages(ResolvedSink whole, Function<ResolvedSink, Stages> compile) {
    this.whole = whole;
    this.compile = compile;
  }

  /**
   * @param compile makes the stages of a sink of one table
   */
  static Stages of(ResolvedSink whole, Function<ResolvedSink, Stages> compile) {
    var tables = new TableStages(whole, compile);
    return new Stages(
        batch -> tells(batch) ? tables.of(batch.relation()).prepare().apply(batch) : batch,
        batch ->
            tells(batch) ? tables.of(batch.relation()).consolidate().apply(batch) : List.of(batch),
        batch ->
            tells(batch)
                ? tables.of(batch.relation()).encode().apply(batch)
                : new Messages(batch, 0),
        messages ->
            messages.size() > 0
                ? tables.of(messages.relation()).partition().apply(messages)
                : messages,
        (relation, key) -> tables.of(relation).keyTexts().apply(relation, key),
        value -> {
          throw new IllegalStateException("a table's values are taken apart by its own sink");
        },
        () -> tables.known.values().stream().mapToLong(s -> s.conflicts().getAsLong()).sum());
  }

  private static boolean tells(Batch batch) {
    return batch.size() > 0 || batch.event().isPresent();
  }

  private Stages of(Relation relation) {
    return known.computeIfAbsent(
        new Table(relation.schema(), relation.name(), relation.key()),
        _ -> compile.apply(whole.with(whole.sink().of(relation))));
  }
}
