package akkasinks.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Key columns whose order only the database knows, as collated text: it is asked, over a session of
 * its own, and the answers are kept while the bounds stand.
 */
final class AskedOrder implements KeyOrder {
  private static final int MAX_ANSWERS = 20_000;

  private final Sessions sessions;
  private final List<String> types;
  private @Nullable Connection connection;

  /**
   * @param types per key column, what a text must be cast to, with its collation: {@code
   *     pg_catalog.text COLLATE "de-x-icu"}
   */
  AskedOrder(Sessions sessions, List<String> types) {
    this.sessions = sessions;
    this.types = List.copyOf(types);
  }

  @Override
  public boolean asks() {
    return true;
  }

  @Override
  public Bounds bounds(List<List<String>> ascending) {
    var limits = List.copyOf(ascending);
    return limits.isEmpty() ? key -> 0 : new Asked(limits);
  }

  @Override
  public synchronized void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException broken) {
        // It is gone either way.
      }
      connection = null;
    }
  }

  private final class Asked implements Bounds {
    private final List<List<String>> limits;
    private final Map<List<String>, Integer> answers = new HashMap<>();

    Asked(List<List<String>> limits) {
      this.limits = limits;
    }

    @Override
    public synchronized int place(List<String> key) {
      Integer known = answers.get(key);
      if (known == null) {
        foresee(List.of(key));
        known = answers.get(key);
      }
      return known == null ? 0 : known;
    }

    @Override
    public synchronized void foresee(Collection<List<String>> keys) {
      Set<List<String>> unknown = new LinkedHashSet<>(keys);
      unknown.removeAll(answers.keySet());
      if (unknown.isEmpty()) {
        return;
      }
      if (answers.size() + unknown.size() > MAX_ANSWERS) {
        answers.clear();
        unknown.addAll(keys);
      }
      var asked = List.copyOf(unknown);
      var places = ask(limits, asked);
      for (int i = 0; i < asked.size(); i++) {
        answers.put(asked.get(i), places[i]);
      }
    }
  }

  private synchronized int[] ask(List<List<String>> limits, List<List<String>> keys) {
    try {
      if (connection == null) {
        connection = sessions.plain("key order");
      }
      try (var statement = connection.prepareStatement(query())) {
        int parameter = 1;
        for (var side : List.of(limits, keys)) {
          for (int column = 0; column < types.size(); column++) {
            int at = column;
            var texts = side.stream().map(key -> key.get(at)).toArray();
            statement.setArray(parameter++, connection.createArrayOf("text", texts));
          }
        }
        var places = new int[keys.size()];
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            places[rows.getInt(1) - 1] = rows.getInt(2);
          }
        }
        return places;
      }
    } catch (SQLException e) {
      close();
      throw PostgresFailures.of("cannot compare keys", e);
    }
  }

  private String query() {
    var columns = new ArrayList<String>();
    IntStream.rangeClosed(1, types.size()).forEach(i -> columns.add("c" + i));
    String arrays = columns.stream().map(c -> "?::text[]").collect(Collectors.joining(", "));
    String names = String.join(", ", columns);
    return """
    SELECT k.place, (SELECT count(*) FROM unnest(%s) AS b(%s) WHERE %s < %s)
    FROM unnest(%s) WITH ORDINALITY AS k(%s, place)
    """
        .formatted(arrays, names, row("b"), row("k"), arrays, names);
  }

  private String row(String table) {
    return IntStream.range(0, types.size())
        .mapToObj(i -> "(%s.c%d)::%s".formatted(table, i + 1, types.get(i)))
        .collect(Collectors.joining(", ", "ROW(", ")"));
  }
}
