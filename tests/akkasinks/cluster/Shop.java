package akkasinks.cluster;

import akkasinks.catalog.CatalogEvent;
import akkasinks.testing.SinkDefinitions;
import java.util.List;

/** How a catalog comes to hold one source, one broker, and any number of sinks. */
final class Shop {
  private Shop() {}

  static List<CatalogEvent> connections() {
    var any = SinkDefinitions.unconnected("any");
    return List.of(
        new CatalogEvent.ConnectionCreated(any.from()),
        new CatalogEvent.ConnectionCreated(any.into()),
        new CatalogEvent.SourceCreated(any.source()));
  }

  static CatalogEvent.SinkCreated sink(String id) {
    return new CatalogEvent.SinkCreated(SinkDefinitions.unconnected(id).sink());
  }
}
