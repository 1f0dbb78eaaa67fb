package akkasinks.faults;

import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table under constant load, whose own triggers keep the truth: {@code history} holds each change
 * of each key in commit order, written in the change's own transaction. Shares no code with the
 * product.
 */
final class Orders implements AutoCloseable {
  private final Database database;
  private final Random random;
  private final AtomicLong commits = new AtomicLong();
  private volatile boolean going;
  private Thread writer = new Thread();

  Orders(Database database, int rows, Random random) throws SQLException {
    this.database = database;
    this.random = random;
    database.execute(
        "CREATE SEQUENCE versions",
        "CREATE TABLE orders (id int8 PRIMARY KEY, version int8 NOT NULL, note text NOT NULL)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "CREATE TABLE history (seq bigserial PRIMARY KEY, id int8, version int8)",
        "INSERT INTO orders SELECT i, nextval('versions'), repeat('x', (i % 50)::int) FROM"
            + " generate_series(1, "
            + rows
            + ") i",
        "INSERT INTO history (id, version) SELECT id, version FROM orders ORDER BY id",
        """
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' THEN
            INSERT INTO history (id, version) VALUES (OLD.id, NULL);
          ELSE
            INSERT INTO history (id, version) VALUES (NEW.id, NEW.version);
          END IF;
          RETURN NULL;
        END $$
        """,
        "CREATE TRIGGER keep AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE"
            + " FUNCTION keep()");
  }

  /** Writes until {@link #rest}, over 1,000 keys; survives restarts of Postgres. */
  void load() {
    going = true;
    writer = Thread.ofPlatform().daemon().start(this::write);
  }

  /** Transactions committed so far. */
  long commits() {
    return commits.get();
  }

  void rest() {
    going = false;
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void write() {
    while (going) {
      try (var connection = database.connect()) {
        connection.setAutoCommit(false);
        while (going) {
          transaction(connection);
          commits.incrementAndGet();
        }
      } catch (SQLException away) {
        // Postgres was stopped: the history table knows what was committed.
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  /** Each key at most once per transaction, so that netting leaves every change visible. */
  private void transaction(Connection connection) throws SQLException {
    int changes = random.nextInt(10) == 0 ? 50 : 1 + random.nextInt(3);
    int first = random.nextInt(1000);
    try (var statement = connection.createStatement()) {
      for (int i = 0; i < changes; i++) {
        long id = 1 + (first + i) % 1000;
        statement.addBatch(
            random.nextInt(4) == 0
                ? "DELETE FROM orders WHERE id = " + id
                : "INSERT INTO orders VALUES ("
                    + id
                    + ", nextval('versions'), 'n') ON CONFLICT (id) DO UPDATE SET version ="
                    + " nextval('versions')");
      }
      statement.executeBatch();
    }
    connection.commit();
  }

  /**
   * Nothing lost, nothing twice, in order: per key, what the topic holds is a suffix of what
   * happened (it begins with the state that the snapshot saw), and it ends as the table does.
   *
   * @return how many records were checked
   */
  int check(TopicReader reader, String topic) throws SQLException {
    return check(reader, topic, Orders::utf8);
  }

  /**
   * The same.
   *
   * @param json a key or a value as JSON without blanks
   */
  int check(TopicReader reader, String topic, Function<byte[], String> json) throws SQLException {
    return compare(
        sent(reader, topic, json),
        (happened, seen) ->
            seen.isEmpty() ? happened.getLast().equals("null") : isSuffix(seen, happened));
  }

  /** As {@link #check}, for a topic that began without a snapshot: keys may be missing. */
  int checkTail(TopicReader reader, String topic) throws SQLException {
    return compare(sent(reader, topic, Orders::utf8), (happened, seen) -> isSuffix(seen, happened));
  }

  private int compare(Map<Long, List<String>> sent, BiPredicate<List<String>, List<String>> holds)
      throws SQLException {
    List<String> wrong = new ArrayList<>();
    var truth = truth();
    truth.forEach(
        (id, happened) -> {
          var seen = sent.getOrDefault(id, List.of());
          if (!holds.test(happened, seen)) {
            wrong.add("key " + id + "\n  happened " + happened + "\n  in topic " + seen);
          }
        });
    int records = sent.values().stream().mapToInt(List::size).sum();
    sent.keySet().removeAll(truth.keySet());
    if (!wrong.isEmpty() || !sent.isEmpty()) {
      throw new AssertionError(
          wrong.size()
              + " keys differ, unknown keys "
              + sent.keySet()
              + "\n"
              + String.join("\n", wrong.subList(0, Math.min(5, wrong.size()))));
    }
    return records;
  }

  private static boolean isSuffix(List<String> seen, List<String> happened) {
    int from = happened.size() - seen.size();
    return from >= 0 && happened.subList(from, happened.size()).equals(seen);
  }

  private Map<Long, List<String>> truth() throws SQLException {
    Map<Long, List<String>> truth = new HashMap<>();
    for (var row : database.query("SELECT id, version FROM history ORDER BY seq")) {
      truth
          .computeIfAbsent(Long.valueOf(String.valueOf(row.get(0))), _ -> new ArrayList<>())
          .add(String.valueOf(row.get(1)));
    }
    return truth;
  }

  private static Map<Long, List<String>> sent(
      TopicReader reader, String topic, Function<byte[], String> json) {
    Map<Long, List<String>> sent = new HashMap<>();
    for (var entry : reader.committed(topic)) {
      var value = entry.valueBytes();
      var key = json.apply(Objects.requireNonNull(entry.keyBytes()));
      sent.computeIfAbsent(number(key, "\"id\":"), _ -> new ArrayList<>())
          .add(version(value == null ? null : json.apply(value)));
    }
    return sent;
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The version after the change, of either envelope; "null" for a deletion. */
  private static String version(@Nullable String value) {
    if (value == null || value.contains("\"after\":null")) {
      return "null";
    }
    return Long.toString(
        number(value.substring(Math.max(0, value.indexOf("\"after\":"))), "\"version\":"));
  }

  private static long number(@Nullable String json, String after) {
    var text = String.valueOf(json);
    int from = text.indexOf(after) + after.length();
    int to = from;
    while (to < text.length() && Character.isDigit(text.charAt(to))) {
      to++;
    }
    return Long.parseLong(text.substring(from, to));
  }

  @Override
  public void close() {
    going = false;
  }
}
