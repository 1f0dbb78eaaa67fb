package akkasinks.verify;

import akkasinks.change.Lsn;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What a comparison of table and topic found. Serialisable.
 *
 * @param rows in the table
 * @param keys live in the topic
 * @param equal keys with the same value on both sides
 * @param missing rows whose key is not live in the topic
 * @param extra keys live in the topic that have no row
 * @param different keys with another value in the topic than in the table
 * @param uncovered rows without a record in a sink with SNAPSHOT = false: no difference
 * @param rechecked keys judged at a later cut, because a newer record (after which compaction may
 *     have taken the older one away) already lay beyond the first
 * @param differences the first few
 * @param point LSN of the (first) cut
 * @param ends end offset of each partition of the topic at the (first) cut
 */
public record VerifyReport(
    String sink,
    long rows,
    long keys,
    long equal,
    long missing,
    long extra,
    long different,
    long uncovered,
    long rechecked,
    List<Difference> differences,
    long point,
    List<Long> ends,
    Duration took) {

  /** In what a key differs. */
  public enum Kind {
    MISSING,
    EXTRA,
    DIFFERENT
  }

  /**
   * @param table the record that the table's row stands for, cut short; empty if there is no row
   * @param topic the record's value (with DEBEZIUM its {@code after}), cut short; empty if the key
   *     is not live
   */
  public record Difference(Kind kind, String key, Optional<String> table, Optional<String> topic) {}

  public VerifyReport {
    differences = List.copyOf(differences);
    ends = List.copyOf(ends);
  }

  /** The same, its differences said to be of that table. */
  VerifyReport of(String table) {
    return with(
        differences.stream()
            .map(d -> new Difference(d.kind(), table + " " + d.key(), d.table(), d.topic()))
            .toList());
  }

  private VerifyReport with(List<Difference> others) {
    return new VerifyReport(
        sink, rows, keys, equal, missing, extra, different, uncovered, rechecked, others, point,
        ends, took);
  }

  /** Of several tables, compared one after the other, each at a cut of its own. */
  static VerifyReport together(String sink, List<VerifyReport> tables) {
    return new VerifyReport(
        sink,
        sum(tables, VerifyReport::rows),
        sum(tables, VerifyReport::keys),
        sum(tables, VerifyReport::equal),
        sum(tables, VerifyReport::missing),
        sum(tables, VerifyReport::extra),
        sum(tables, VerifyReport::different),
        sum(tables, VerifyReport::uncovered),
        sum(tables, VerifyReport::rechecked),
        tables.stream().flatMap(t -> t.differences().stream()).limit(10).toList(),
        tables.isEmpty() ? 0 : tables.getLast().point(),
        List.of(),
        Duration.ofMillis(sum(tables, t -> t.took().toMillis())));
  }

  private static long sum(List<VerifyReport> tables, ToLongFunction<VerifyReport> what) {
    return tables.stream().mapToLong(what).sum();
  }

  /** Whether the topic equals the table. */
  public boolean holds() {
    return missing == 0 && extra == 0 && different == 0;
  }

  /**
   * As VERIFY SINK answers: columns {@code property} and {@code value}; the first row is {@code
   * result}, either {@code equal} or {@code different}.
   */
  public Outcome.Rows outcome() {
    var rows = new ArrayList<List<Optional<String>>>();
    add(rows, "result", holds() ? "equal" : "different");
    add(rows, "sink", sink);
    add(rows, "rows in table", Long.toString(this.rows));
    add(rows, "keys in topic", Long.toString(keys));
    add(rows, "equal", Long.toString(equal));
    add(rows, "missing in topic", Long.toString(missing));
    add(rows, "extra in topic", Long.toString(extra));
    add(rows, "different", Long.toString(different));
    if (uncovered > 0) {
      add(rows, "rows before the sink began", Long.toString(uncovered));
    }
    if (rechecked > 0) {
      add(rows, "rechecked at a later cut", Long.toString(rechecked));
    }
    add(rows, "lsn", Lsn.text(point));
    if (!ends.isEmpty()) {
      add(rows, "end offsets", ends.toString());
    }
    add(rows, "took", "%.1f s".formatted(took.toMillis() / 1000.0));
    for (var difference : differences) {
      add(
          rows,
          difference.kind().name().toLowerCase(Locale.ROOT),
          "key %s table %s topic %s"
              .formatted(
                  difference.key(),
                  difference.table().orElse("-"),
                  difference.topic().orElse("-")));
    }
    return new Outcome.Rows("VERIFY SINK", List.of("property", "value"), rows, List.of());
  }

  private static void add(List<List<Optional<String>>> rows, String property, String value) {
    rows.add(List.of(Optional.of(property), Optional.of(value)));
  }
}
