package akkasinks.catalog;

import akkasinks.base.Notice;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a statement does to the catalog, if the state is still the one it was planned against.
 *
 * @param tag as PostgreSQL's command tag
 * @param events none if there is nothing to do
 */
public record Plan(String tag, List<CatalogEvent> events, List<Notice> notices) {
  public Plan {
    events = List.copyOf(events);
    notices = List.copyOf(notices);
  }

  static Plan of(String tag, CatalogEvent event) {
    return new Plan(tag, List.of(event), List.of());
  }

  static Plan skip(String tag, String why) {
    return new Plan(tag, List.of(), List.of(Notice.of(why + ", skipping")));
  }

  /** The same with more to tell. */
  public Plan noticing(List<Notice> more) {
    return new Plan(tag, events, Stream.concat(notices.stream(), more.stream()).toList());
  }
}
