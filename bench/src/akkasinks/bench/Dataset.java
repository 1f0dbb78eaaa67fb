package akkasinks.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tables and what happens to them.
 *
 * @param make SQL that makes the tables and, for a snapshot, their rows
 * @param load SQL that makes the changes, once every contender has its slot; each on a connection
 *     of its own, all at once
 * @param perSecond rows that Postgres takes, about, for the plan's estimate
 */
record Dataset(List<String> tables, List<String> make, List<String> load, double perSecond) {
  static final String SIX =
      "id int8 PRIMARY KEY, customer int4 NOT NULL, status text NOT NULL, amount numeric(12,2) NOT"
          + " NULL, note text, at timestamptz NOT NULL";

  private static final String BENCH = "bench";
  private static final int TABLES = 10;

  /** The only one. */
  String table() {
    return tables.getFirst();
  }

  /** Column values of a six-column row whose id is the SQL expression {@code i}. */
  static String sixOf(String i) {
    return "%1$s, %1$s %% 20000, (ARRAY['new','paid','shipped'])[1 + %1$s %% 3], (%1$s %% 100000) / 100.0, repeat(md5(%1$s::text), 2), now()"
        .formatted(i);
  }

  /** Rows of about 150 bytes. */
  static Dataset six(long rows) {
    return six(BENCH, rows);
  }

  static Dataset six(String table, long rows) {
    return filled(table, SIX, sixOf("i"), rows, 120_000);
  }

  static Dataset wide(long rows) {
    var types = List.of("int4", "text", "numeric(10,2)", "timestamptz", "bool");
    var columns =
        IntStream.range(0, 59)
            .mapToObj(i -> "c" + i + " " + types.get(i % 5))
            .collect(Collectors.joining(", "));
    var values =
        IntStream.range(0, 59)
            .mapToObj(
                i ->
                    switch (i % 5) {
                      case 0 -> "i * " + (i + 1);
                      case 1 -> "md5((i + " + i + ")::text)";
                      case 2 -> "(i % 10000) / 100.0";
                      case 3 -> "now()";
                      default -> "i % 2 = 0";
                    })
            .collect(Collectors.joining(", "));
    return filled(BENCH, "id int8 PRIMARY KEY, " + columns, "i, " + values, rows, 25_000);
  }

  /** A kilobyte of text and jsonb. */
  static Dataset big(long rows) {
    var body = "(SELECT string_agg(md5((i + j)::text), ' ') FROM generate_series(1, 15) j)";
    var data =
        "jsonb_build_object('id', i, 'tags', jsonb_build_array('a', 'b', md5(i::text)), 'note',"
            + " repeat(md5((-i)::text), 12))";
    return filled(
        BENCH,
        "id int8 PRIMARY KEY, body text NOT NULL, data jsonb NOT NULL",
        "i, " + body + ", " + data,
        rows,
        20_000);
  }

  /** Transactions of one row. */
  static Dataset singles(long rows) {
    return changes(
        halves(
            rows,
            "DO $$ BEGIN FOR i IN %d..%d LOOP INSERT INTO bench VALUES ("
                + sixOf("i").replace("%", "%%")
                + "); COMMIT; END LOOP; END $$"),
        36_000);
  }

  /** Transactions of a thousand rows. */
  static Dataset thousands(long rows) {
    return changes(
        halves(
            rows,
            "DO $$ DECLARE last int8 := %2$d; BEGIN FOR t IN %1$d..%2$d BY 1000 LOOP INSERT INTO"
                + " bench SELECT "
                + sixOf("i").replace("%", "%%")
                + " FROM generate_series(t, least(t + 999, last)) i; COMMIT; END LOOP; END $$"),
        130_000);
  }

  /** Transactions of a thousand rows, a hundred in each of ten tables. */
  static Dataset spread(long rows) {
    var tables = IntStream.range(0, TABLES).mapToObj(i -> BENCH + "_" + i).toList();
    var make = tables.stream().flatMap(table -> table(table, SIX).stream()).toList();
    var inserts =
        tables.stream()
            .map(
                table ->
                    "INSERT INTO %s SELECT %s FROM generate_series(t, least(t + 99, last)) i; "
                        .formatted(table, sixOf("i")))
            .collect(Collectors.joining())
            .replace("%", "%%");
    var load =
        halves(
            rows / TABLES,
            "DO $$ DECLARE last int8 := %2$d; BEGIN FOR t IN %1$d..%2$d BY 100 LOOP "
                + inserts
                + "COMMIT; END LOOP; END $$");
    return new Dataset(tables, make, load, 110_000);
  }

  /** Two statements, of the first and of the last id. */
  private static List<String> halves(long rows, String statement) {
    long half = rows / 2;
    return List.of(statement.formatted(1, half), statement.formatted(half + 1, rows));
  }

  /** One transaction. */
  static Dataset one(long rows) {
    return changes(
        List.of(
            "INSERT INTO bench SELECT " + sixOf("i") + " FROM generate_series(1, " + rows + ") i"),
        100_000);
  }

  /** Updates of a thousand keys, a hundred rows in a transaction. */
  static Dataset hot(long changes) {
    var load =
        "DO $$ BEGIN FOR t IN 0..%d LOOP UPDATE bench SET amount = amount + 1, at = now() WHERE id BETWEEN 1 + t %% 10 * 100 AND 100 + t %% 10 * 100; COMMIT; END LOOP; END $$"
            .formatted(changes / 100 - 1);
    return new Dataset(List.of(BENCH), six(1_000).make, List.of(load), 50_000);
  }

  /** Nothing yet: rows come from a writer of the bench. */
  static Dataset empty() {
    return new Dataset(List.of(BENCH), table(BENCH, SIX), List.of(), 1);
  }

  private static Dataset changes(List<String> load, double perSecond) {
    return new Dataset(List.of(BENCH), table(BENCH, SIX), load, perSecond);
  }

  private static Dataset filled(
      String table, String columns, String values, long rows, double perSecond) {
    var statements = new ArrayList<>(table(table, columns));
    statements.add(
        "INSERT INTO %s SELECT %s FROM generate_series(1, %d) i".formatted(table, values, rows));
    statements.add("VACUUM ANALYZE " + table);
    statements.add("CHECKPOINT");
    return new Dataset(List.of(table), List.copyOf(statements), List.of(), perSecond);
  }

  private static List<String> table(String table, String columns) {
    return List.of(
        "DROP TABLE IF EXISTS " + table,
        "CREATE TABLE " + table + " (" + columns + ")",
        "ALTER TABLE " + table + " REPLICA IDENTITY FULL");
  }
}
