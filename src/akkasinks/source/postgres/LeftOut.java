package akkasinks.source.postgres;

import akkasinks.base.Failure;
import akkasinks.source.postgres.OfferedTables.Offered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tables that a whole source's sink does not carry, and what is said of them. One thread. */
final class LeftOut {
  private static final int SHOWN = 3;

  /** By what the table is called. */
  private final Map<String, String> reasons = new LinkedHashMap<>();

  /** False if that is known already. */
  boolean put(String table, String reason) {
    return !reason.equals(reasons.put(table, reason));
  }

  void remove(String table) {
    reasons.remove(table);
  }

  /**
   * For people; empty if there is nothing to say.
   *
   * @param left tables that are still to be read
   * @param refused tables that could not be published
   */
  String notice(int left, int all, Map<Offered, Failure> refused) {
    var parts = new ArrayList<String>();
    if (left > 0) {
      parts.add("%d of %d tables are still to be read".formatted(left, all));
    }
    var why = new LinkedHashMap<>(reasons);
    refused.forEach((table, failure) -> why.put(table.shown(), failure.message()));
    why.entrySet().stream()
        .limit(SHOWN)
        .forEach(
            each ->
                parts.add("table %s is left out: %s".formatted(each.getKey(), each.getValue())));
    if (why.size() > SHOWN) {
      parts.add("and %d tables more".formatted(why.size() - SHOWN));
    }
    return String.join("; ", parts);
  }
}
