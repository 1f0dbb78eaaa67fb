package akkasinks.format.debezium;

import akkasinks.change.Relation;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where events come from.
 *
 * @param source its name here
 * @param database as it is called there
 * @param clock for the time at which an event is made
 */
public record Origin(String source, String database, InstantSource clock) {

  /** The fields that begin each event's {@code source}, in their order: one for all of a table. */
  public Map<String, String> of(Relation relation) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("version", "akkasinks");
    fields.put("connector", "postgresql");
    fields.put("name", source);
    fields.put("db", database);
    fields.put("schema", relation.schema());
    fields.put("table", relation.name());
    return fields;
  }
}
