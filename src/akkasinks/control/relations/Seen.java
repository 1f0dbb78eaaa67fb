package akkasinks.control.relations;

import akkasinks.catalog.CatalogState;
import akkasinks.control.SinkView;
import java.util.List;
import java.util.function.Supplier;

/**
 * What relations are made of. Each is asked for at most once per query, and only if a relation that
 * the query names needs it.
 *
 * @param sinks blocks until each sink has answered, or a few seconds
 */
public record Seen(Supplier<CatalogState> catalog, Supplier<List<SinkView>> sinks) {}
