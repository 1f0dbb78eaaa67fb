package akkasinks.testing;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.RealPostgres.Database;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The judge of what a sink wrote: the table over plain JDBC, the topic with a plain consumer, and
 * none of the product's code in between. For FORMAT JSON with its default forms.
 *
 * <p>Table and topic are read one after the other: first end the traffic and wait until the sink
 * has caught up.
 */
public final class TableOracle {
  private static final int SHOWN = 10;

  private TableOracle() {}

  /**
   * The last committed value of each key is the table's row, and no other key is live.
   *
   * @param select the sink's columns in their order: {@code SELECT * FROM orders}
   */
  public static void assertUpsertTopicEquals(
      Database database, String select, TopicReader reader, String topic, String... keyColumns)
      throws SQLException {
    Map<String, String> live = new HashMap<>();
    for (TopicReader.Entry entry : reader.committed(topic)) {
      String value = entry.value();
      if (value == null) {
        live.remove(key(entry));
      } else {
        live.put(key(entry), row(entry, parse(entry, value)));
      }
    }
    assertSame(topic, table(database, select, keyColumns), live);
  }

  /**
   * Each key's records are an unbroken chain (what one calls {@code before} is the {@code after} of
   * the one before it, so that nothing is lost, doubled or out of order), which ends at the table's
   * row.
   *
   * @param snapshot false for a sink with SNAPSHOT = false: a chain may begin with a row that was
   *     there before, and rows without a record are right
   */
  public static void assertDebeziumTopicEquals(
      Database database,
      String select,
      TopicReader reader,
      String topic,
      boolean snapshot,
      String... keyColumns)
      throws SQLException {
    Map<String, String> last = new HashMap<>();
    List<String> broken = new ArrayList<>();
    for (TopicReader.Entry entry : reader.committed(topic)) {
      JsonNode envelope = parse(entry, String.valueOf(entry.value()));
      String before = rowOrGone(entry, envelope.path("before"));
      String after = rowOrGone(entry, envelope.path("after"));
      String known = last.get(key(entry));
      boolean first = known == null;
      boolean continues = first ? !snapshot || before.equals(GONE) : before.equals(known);
      if (!continues || (before.equals(GONE) && after.equals(GONE))) {
        broken.add(entry + "  follows  " + known);
      }
      last.put(key(entry), after);
    }
    assertThat(broken.stream().limit(SHOWN)).as("broken chains in " + topic).isEmpty();
    Map<String, String> table = table(database, select, keyColumns);
    if (!snapshot) {
      table.keySet().retainAll(last.keySet());
    }
    last.values().removeIf(GONE::equals);
    assertSame(topic, table, last);
  }

  /**
   * The same for an UPSERT topic, whose records show no before: in each key's records a column that
   * grows with every change never falls and never repeats.
   */
  public static void assertVersionsIncrease(TopicReader reader, String topic, String column) {
    Map<String, BigDecimal> last = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    for (TopicReader.Entry entry : reader.committed(topic)) {
      String value = entry.value();
      if (value == null) {
        continue;
      }
      JsonNode version = parse(entry, value).path(column);
      if (!version.isNumber()) {
        throw new AssertionError("no number \"" + column + "\" in " + entry);
      }
      BigDecimal previous = last.put(key(entry), version.decimalValue());
      if (previous != null && previous.compareTo(version.decimalValue()) >= 0) {
        wrong.add(entry + "  comes after version " + previous);
      }
    }
    assertThat(wrong.stream().limit(SHOWN)).as("twice or out of order in " + topic).isEmpty();
  }

  private static final String GONE = "gone";

  private static String rowOrGone(TopicReader.Entry entry, JsonNode row) {
    return row.isNull() ? GONE : row(entry, row);
  }

  private static void assertSame(
      String topic, Map<String, String> table, Map<String, String> live) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(table.keySet());
    keys.addAll(live.keySet());
    for (String key : keys) {
      String row = table.get(key);
      String record = live.get(key);
      if (!String.valueOf(row).equals(String.valueOf(record))) {
        differences.add("%s%n    table %s%n    topic %s".formatted(key, row, record));
      }
    }
    assertThat(differences.stream().limit(SHOWN))
        .as(
            "%s: %d of %d rows; first differences of %d",
            topic, live.size(), table.size(), differences.size())
        .isEmpty();
  }

  private static Map<String, String> table(Database database, String select, String... keyColumns)
      throws SQLException {
    Map<String, String> table = new TreeMap<>();
    for (JsonNode row : RowsAsJson.of(database, select)) {
      ObjectNode key = JsonNodeFactory.instance.objectNode();
      for (String column : keyColumns) {
        key.set(column, row.get(column));
      }
      if (table.put(Canonical.row(key), Canonical.row(row)) != null) {
        throw new AssertionError("two rows have the key " + key);
      }
    }
    return table;
  }

  private static String key(TopicReader.Entry entry) {
    String key = entry.key();
    if (key == null) {
      throw new AssertionError("a record without a key: " + entry);
    }
    return row(entry, parse(entry, key));
  }

  private static String row(TopicReader.Entry entry, @Nullable JsonNode row) {
    if (row == null || !row.isObject()) {
      throw new AssertionError("not a row: " + entry);
    }
    return Canonical.row(row);
  }

  private static JsonNode parse(TopicReader.Entry entry, String json) {
    try {
      return Canonical.parse(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + entry, e);
    }
  }
}
