package akkasinks.source.postgres;

import akkasinks.change.Relation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what the publication publishes of a table, in pieces.
 *
 * @param key columns in whose order chunks are read: unique, NOT NULL, not deferrable, published
 */
record ChunkQuery(Published published, List<String> key) {
  ChunkQuery {
    key = List.copyOf(key);
  }

  Relation relation() {
    return published.relation();
  }

  /** The next {@code limit} rows in key order after {@code after}, which is empty at first. */
  String chunk(List<String> after, int limit) {
    return "COPY (%s%s ORDER BY %s LIMIT %d) TO STDOUT"
        .formatted(
            published.select(),
            after.isEmpty()
                ? ""
                : published.and() + columns() + " > " + row(after.stream().map(Sql::string)),
            key.stream().map(Sql::name).collect(Collectors.joining(", ")),
            limit);
  }

  String lock() {
    return "LOCK TABLE " + published.from() + " IN ACCESS SHARE MODE";
  }

  private String columns() {
    return row(key.stream().map(Sql::name));
  }

  /** A row of one column is that column: {@code ROW(a) > ROW('x')} would not use the index. */
  private String row(Stream<String> parts) {
    var list = parts.collect(Collectors.joining(", "));
    return key.size() == 1 ? list : "(" + list + ")";
  }
}
