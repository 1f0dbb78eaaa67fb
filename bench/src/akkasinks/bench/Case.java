package akkasinks.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One throughput case: a table, what is to be brought over, and what must be reached.
 *
 * @param name with the number of its case: "1", "8 changes"
 * @param make SQL that makes the table and, for a snapshot, its rows
 * @param load SQL that makes the changes, once every contender has its slot
 * @param changes rows, or row changes
 * @param records that the topic holds at the end, at least
 * @param onceEach every id has one record; else every id has at least one
 * @param target of our speed, as a part of the pipe's
 * @param peers whether Debezium and Flink run it
 */
record Case(
    String name,
    String title,
    String table,
    List<String> make,
    List<String> load,
    long changes,
    long records,
    boolean onceEach,
    Job.Work work,
    Job.Envelope envelope,
    String commitInterval,
    double target,
    boolean peers) {

  private static final String SIX =
      "id int8 PRIMARY KEY, customer int4 NOT NULL, status text NOT NULL, amount numeric(12,2) NOT"
          + " NULL, note text, at timestamptz NOT NULL";

  private static String sixOf(String i) {
    return "%1$s, %1$s %% 20000, (ARRAY['new','paid','shipped'])[1 + %1$s %% 3], (%1$s %% 100000) / 100.0, repeat(md5(%1$s::text), 2), now()"
        .formatted(i);
  }

  /** All of them with the sizes, times {@code scale}. */
  static List<Case> all(double scale) {
    long k = Math.round(1_000 * scale);
    return List.of(
        snapshot("1", "snapshot, 6 columns", six(5_000 * k), 5_000 * k, 0.80, true),
        snapshot("2", "snapshot, 60 columns", wide(500 * k), 500 * k, 0.65, false),
        snapshot("3", "snapshot, 1 KB text and jsonb", big(500 * k), 500 * k, 0.80, false),
        changes("4", "single-row transactions", singles(2_000 * k), 2_000 * k, 0.80, true),
        changes("5", "transactions of 1,000", thousands(2_000 * k), 2_000 * k, 0.80, true),
        changes("6", "one transaction", one(3_000 * k), 3_000 * k, 0.65, false),
        hot("7", "hot keys, COMMIT INTERVAL '1s'", 2_000 * k, "1s"),
        hot("7 plain", "hot keys, no COMMIT INTERVAL", 2_000 * k, ""),
        debezium(snapshot("8", "snapshot, Debezium envelope", six(1_000 * k), 1_000 * k, 0.65, false)),
        debezium(
            changes("8 changes", "transactions of 1,000, Debezium", thousands(1_000 * k), 1_000 * k, 0.65, false)));
  }

  /** The number of the case that this belongs to. */
  int number() {
    return Integer.parseInt(name.split(" ")[0]);
  }

  private static List<String> table(String columns) {
    return List.of(
        "DROP TABLE IF EXISTS bench",
        "CREATE TABLE bench (" + columns + ")",
        "ALTER TABLE bench REPLICA IDENTITY FULL");
  }

  private static List<String> filled(String columns, String rows, long count) {
    var statements = new java.util.ArrayList<>(table(columns));
    statements.add("INSERT INTO bench SELECT " + rows + " FROM generate_series(1, " + count + ") i");
    statements.add("VACUUM ANALYZE bench");
    statements.add("CHECKPOINT");
    return statements;
  }

  private static List<String> six(long rows) {
    return filled(SIX, sixOf("i"), rows);
  }

  private static List<String> wide(long rows) {
    var columns =
        IntStream.range(0, 59)
            .mapToObj(i -> "c" + i + List.of(" int4", " text", " numeric(10,2)", " timestamptz", " bool").get(i % 5))
            .collect(Collectors.joining(", "));
    var values =
        IntStream.range(0, 59)
            .mapToObj(
                i ->
                    List.of("i * " + (i + 1), "md5((i + " + i + ")::text)", "(i % 10000) / 100.0", "now()", "i % 2 = 0")
                        .get(i % 5))
            .collect(Collectors.joining(", "));
    return filled("id int8 PRIMARY KEY, " + columns, "i, " + values, rows);
  }

  private static List<String> big(long rows) {
    return filled(
        "id int8 PRIMARY KEY, body text NOT NULL, data jsonb NOT NULL",
        "i, (SELECT string_agg(md5((i + j)::text), ' ') FROM generate_series(1, 15) j),"
            + " jsonb_build_object('id', i, 'tags', jsonb_build_array('a', 'b', md5(i::text)), 'note', repeat(md5((-i)::text), 12))",
        rows);
  }

  private static List<String> singles(long rows) {
    return List.of(
        "DO $$ BEGIN FOR i IN 1.." + rows + " LOOP INSERT INTO bench VALUES (" + sixOf("i") + "); COMMIT; END LOOP; END $$");
  }

  private static List<String> thousands(long rows) {
    return List.of(
        "DO $$ BEGIN FOR t IN 0.." + (rows / 1_000 - 1)
            + " LOOP INSERT INTO bench SELECT " + sixOf("i")
            + " FROM generate_series(t * 1000 + 1, t * 1000 + 1000) i; COMMIT; END LOOP; END $$");
  }

  private static List<String> one(long rows) {
    return List.of("INSERT INTO bench SELECT " + sixOf("i") + " FROM generate_series(1, " + rows + ") i");
  }

  private static Case snapshot(
      String name, String title, List<String> make, long rows, double target, boolean peers) {
    return new Case(
        name, title, "bench", make, List.of(), rows, rows, true, Job.Work.SNAPSHOT, Job.Envelope.UPSERT, "", target, peers);
  }

  private static Case changes(
      String name, String title, List<String> load, long changes, double target, boolean peers) {
    return new Case(
        name, title, "bench", table(SIX), load, changes, changes, true, Job.Work.CHANGES, Job.Envelope.UPSERT, "", target, peers);
  }

  private static Case hot(String name, String title, long changes, String interval) {
    var load =
        "DO $$ BEGIN FOR t IN 0.." + (changes / 100 - 1)
            + " LOOP UPDATE bench SET amount = amount + 1, at = now() WHERE id BETWEEN 1 + t % 10 * 100 AND 100 + t % 10 * 100;"
            + " COMMIT; END LOOP; END $$";
    return new Case(
        name, title, "bench", six(1_000), List.of(load), changes, 1_000, false, Job.Work.CHANGES,
        Job.Envelope.UPSERT, interval, 0.80, false);
  }

  private static Case debezium(Case upsert) {
    return new Case(
        upsert.name, upsert.title, upsert.table, upsert.make, upsert.load, upsert.changes, upsert.records,
        upsert.onceEach, upsert.work, Job.Envelope.DEBEZIUM, upsert.commitInterval, upsert.target, upsert.peers);
  }
}
