package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.Op;
import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Goal: a row has the same bytes whether a chunk or a whole reading found it or the walsender sent
 * it, whatever the role or the database is set to. Method: rows with every awkward value are read
 * under the server's own settings, then, under hostile ones, by chunks, by a whole reading, and out
 * of the stream after they were deleted and inserted again.
 */
class SourceParityTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Each changes how some type is written, or how a literal is understood. */
  private static final List<String> HOSTILE =
      List.of(
          "TimeZone = 'Asia/Kathmandu'",
          "DateStyle = 'SQL, DMY'",
          "IntervalStyle = 'sql_standard'",
          "extra_float_digits = -10",
          "bytea_output = 'escape'",
          "search_path = 'elsewhere'",
          "quote_all_identifiers = on",
          "standard_conforming_strings = off",
          "escape_string_warning = off",
          "xmlbinary = 'hex'",
          "client_encoding = 'LATIN1'",
          "default_transaction_isolation = 'serializable'");

  static Stream<Arguments> versionsAndPlaces() {
    return RealPostgres.versions().stream()
        .flatMap(
            version -> Stream.of("ROLE", "DATABASE").map(place -> Arguments.of(version, place)));
  }

  @ParameterizedTest
  @MethodSource("versionsAndPlaces")
  void whatTheChunkQueryReadsAndWhatTheWalsenderStreamsHaveTheSameBytes(int version, String place)
      throws Exception {
    var db = database(version);
    db.execute(
        "CREATE SCHEMA elsewhere",
        "CREATE EXTENSION hstore",
        "CREATE TYPE mood AS ENUM ('sad', 'it''s \"ok\"')",
        "CREATE DOMAIN price AS numeric(10,2)",
        "CREATE TYPE pair AS (a int, b text, c timestamptz)",
        "CREATE TYPE nested AS (p pair, ps pair[], d price)",
        "CREATE DOMAIN moods AS mood[]",
        "CREATE TYPE spans AS RANGE (subtype = float8)");
    var columns = new ArrayList<String>();
    var rows = new ArrayList<String>();
    int most = AwkwardValues.ALL.stream().mapToInt(typed -> typed.values().size()).max().orElse(0);
    for (int row = 0; row <= most; row++) {
      var values = new ArrayList<String>();
      for (var typed : AwkwardValues.ALL) {
        values.add(typed.literal(row));
      }
      // A key that pages by text with what literals stumble over, by bytes, by floats and by times.
      rows.add(
          "('a\\%d''\\', '\\x5c27%02x', 1.%d / 3.0, '20%02d-03-04 05:06:07.1 BC', %s)"
              .formatted(row, row, row, row, String.join(", ", values)));
    }
    for (int i = 0; i < AwkwardValues.ALL.size(); i++) {
      columns.add("c" + i + " " + AwkwardValues.ALL.get(i).type());
    }
    db.execute(
        "CREATE TABLE t (k text COLLATE \"C\", kb bytea, kf float8, kt timestamptz, "
            + String.join(", ", columns)
            + ", PRIMARY KEY (k, kb, kf, kt))",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES " + String.join(", ", rows));
    var seen =
        checkParity(db, place, Sample.spec(db, "t", "k", "kb", "kf", "kt"), List.of("t"), true);
    assertThat(seen).hasSize(most + 1);
  }

  @ParameterizedTest
  @MethodSource("versionsAndPlaces")
  void aPartitionedTableHasTheSameBytesThroughItsRoot(int version, String place) throws Exception {
    var db = database(version);
    db.execute(
        "CREATE TABLE p (id int PRIMARY KEY, f float8, b bytea, i interval, t timestamptz)"
            + " PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        // Another order of columns, and one that was dropped.
        "CREATE TABLE p2 (t timestamptz, gone int, i interval, b bytea, f float8, id int NOT NULL)",
        "ALTER TABLE p2 DROP COLUMN gone",
        "ALTER TABLE p2 ADD PRIMARY KEY (id)",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20)",
        "ALTER TABLE p1 REPLICA IDENTITY FULL",
        "ALTER TABLE p2 REPLICA IDENTITY FULL",
        "INSERT INTO p SELECT g, g / 3.0, '\\x5c00ff', g * '-1 day 1:02:03.4'::interval,"
            + " '2020-01-01 UTC'::timestamptz + g * '1 hour'::interval"
            + " FROM generate_series(1, 19) g");
    assertThat(checkParity(db, place, Sample.spec(db, "p", "id"), List.of("p"), true)).hasSize(19);
  }

  @ParameterizedTest
  @MethodSource("versionsAndPlaces")
  void generatedColumnsAreReadIfAndOnlyIfTheyAreStreamed(int version, String place)
      throws Exception {
    var db = database(version);
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, f float8,"
            + " g float8 GENERATED ALWAYS AS (f / 3) STORED, d date)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t (id, f, d) SELECT g, g / 7.0, '2020-01-31'::date + g"
            + " FROM generate_series(1, 5) g");
    if (version >= 18) {
      db.execute("CREATE PUBLICATION g FOR TABLE t WITH (publish_generated_columns = stored)");
      var through = Sample.through(Sample.spec(db, "t", "id"), "g");
      var seen = checkParity(db, place, through, List.of("t"), true);
      assertThat(seen.values()).allSatisfy(row -> assertThat(row).hasSize(4));
    } else {
      var seen = checkParity(db, place, Sample.spec(db, "t", "id"), List.of("t"), true);
      assertThat(seen.values()).allSatisfy(row -> assertThat(row).hasSize(3));
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void aColumnListAndARowFilterGiveTheSameBytes(String place) throws Exception {
    var db = database(RealPostgres.CURRENT);
    db.execute(
        "CREATE TABLE t (id int, secret text, i interval, f float8, t timestamptz, x text,"
            + " PRIMARY KEY (id, t, x))",
        "INSERT INTO t SELECT g, 's', g * '-1 day 1:02:03.4'::interval, g / 3.0,"
            + " '2020-01-01 UTC'::timestamptz + g * '1 hour'::interval, '\\' || g % 7"
            + " FROM generate_series(1, 20) g",
        "CREATE PUBLICATION l FOR TABLE t (id, i, t, f, x)"
            + " WHERE (t > '2020-01-01 05:30+00' AND x <> '\\5')");
    var through = Sample.through(Sample.spec(db, "t", "id", "t", "x"), "l");
    var seen = checkParity(db, place, through, List.of("t"), false);
    assertThat(seen.keySet())
        .containsExactly("10", "11", "13", "14", "15", "16", "17", "18", "20", "6", "7", "8", "9");
    assertThat(seen.values()).allSatisfy(row -> assertThat(row).hasSize(5));
  }

  static Stream<String> places() {
    return Stream.of("ROLE", "DATABASE");
  }

  @Test
  void aDatabaseInAnotherEncodingGivesTheSameBytesInUtf8() throws Exception {
    var postgres = RealPostgres.shared();
    var name = "latin_" + ProcessHandle.current().pid();
    postgres
        .admin()
        .execute(
            "CREATE DATABASE "
                + name
                + " ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
    var admin = postgres.admin();
    var db = owned(new Database(admin.host(), admin.port(), admin.user(), admin.password(), name));
    db.execute(
        "CREATE TABLE t (\"schlüssel\" text PRIMARY KEY, v text, j jsonb)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES ('zwölf', 'ÿ£', '{\"ä\": \"ö\"}'), ('elf', 'é', null)");
    var seen = checkParity(db, "ROLE", Sample.spec(db, "t", "schlüssel"), List.of("t"), true);
    assertThat(seen.keySet().stream().map(SourceParityTest::utf8)).containsExactly("elf", "zwölf");
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void noTimeoutOfTheRoleEndsASessionOfOurs(int version) throws Exception {
    var db = database(version);
    var timeouts =
        db.query(
            "SELECT name FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',"
                + " 'transaction_timeout', 'idle_session_timeout',"
                + " 'idle_in_transaction_session_timeout')");
    assertThat(timeouts).hasSizeGreaterThanOrEqualTo(4);
    for (var timeout : timeouts) {
      db.execute("ALTER ROLE " + db.user() + " SET " + timeout.getFirst() + " = '1h'");
    }
    var sessions = new Sessions(Sample.settings(db));
    for (var purpose : List.of("plain", "replication")) {
      try (var session =
              purpose.equals("plain") ? sessions.plain(purpose) : sessions.replication(purpose);
          var statement = session.createStatement()) {
        for (var timeout : timeouts) {
          var row = statement.executeQuery("SHOW " + timeout.getFirst());
          row.next();
          assertThat(row.getString(1)).as(purpose + " " + timeout).isEqualTo("0");
        }
      }
    }
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static Database database(int version) throws SQLException {
    return owned(RealPostgres.shared(version).createDatabase("parity"));
  }

  /** The same database as a role of its own. */
  private static Database owned(Database db) throws SQLException {
    var role = "r_" + db.name();
    db.execute(
        "CREATE ROLE " + role + " LOGIN SUPERUSER",
        "ALTER DATABASE " + db.name() + " OWNER TO " + role);
    return new Database(db.host(), db.port(), role, db.password(), db.name());
  }

  private static void beHostile(Database db, String place) throws SQLException {
    var whose = place + " " + (place.equals("ROLE") ? db.user() : db.name());
    var statements = new ArrayList<String>();
    HOSTILE.forEach(setting -> statements.add("ALTER " + whose + " SET " + setting));
    var money =
        db.value(
            "SELECT min(collname) FROM pg_collation"
                + " WHERE collprovider = 'c' AND collname ~ '^(de|fr|en|ja)_..(.utf8)?$'");
    if (money != null) {
      statements.add("ALTER " + whose + " SET lc_monetary = '" + money + "'");
    }
    db.execute(statements.toArray(String[]::new));
    Await.until(
        "the settings hold",
        () -> {
          try (var connection = db.connect();
              var statement = connection.createStatement()) {
            var row = statement.executeQuery("SHOW bytea_output");
            row.next();
            return row.getString(1).equals("escape");
          }
        });
  }

  /** The rows by their first column; fails unless every way of reading gives the same. */
  private static Map<String, List<String>> checkParity(
      Database db, String place, PostgresSpec plain, List<String> tables, boolean full)
      throws Exception {
    var spec = Sample.snapshot(plain, true, 2);
    var source = new PostgresSource(spec);
    if (spec.publication().isEmpty()) {
      // So that the reading finds what is published before the sink has begun.
      source.begin();
    }
    var reference = whole(source);
    beHostile(db, place);
    try (var stream = source.open(source.begin())) {
      var chunks = new TreeMap<String, List<String>>();
      boolean more = true;
      while (more) {
        var batch = stream.next(Sample.PATIENCE);
        more = batch.position().snapshotting() || batch.ending() == Batch.Ending.PART;
        for (int i = 0; i < batch.size(); i++) {
          assertThat(batch.op(i)).isEqualTo(Op.READ);
          put(chunks, batch, batch.after(i));
        }
      }
      assertThat(chunks).as("chunks").isEqualTo(reference);
      assertThat(whole(source)).as("a whole reading").isEqualTo(reference);
      for (var table : tables) {
        insertAgain(db, table);
      }
      var deleted = new TreeMap<String, List<String>>();
      var inserted = new TreeMap<String, List<String>>();
      Await.within(PATIENCE)
          .holds(
              "all rows are streamed",
              () -> {
                var batch = stream.next(Sample.PATIENCE);
                for (int i = 0; i < batch.size(); i++) {
                  if (batch.after(i) == Batch.NO_ROW) {
                    put(deleted, batch, batch.before(i));
                  } else {
                    put(inserted, batch, batch.after(i));
                  }
                }
                return inserted.size() >= reference.size();
              });
      assertThat(inserted).as("inserted").isEqualTo(reference);
      if (full) {
        assertThat(deleted).as("deleted").isEqualTo(reference);
      } else {
        assertThat(deleted.keySet()).as("deleted").isEqualTo(reference.keySet());
      }
    } finally {
      source.forget();
    }
    return reference;
  }

  /** Every row is deleted and inserted as it was; no value passes through a text meanwhile. */
  private static void insertAgain(Database db, String table) throws SQLException {
    try (var connection = db.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = public");
      statement.execute(
          """
          DO $$
          DECLARE columns text;
          BEGIN
            SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
              FROM pg_attribute WHERE attrelid = '%1$s'::regclass AND attnum > 0
              AND NOT attisdropped AND attgenerated = '';
            EXECUTE 'CREATE TABLE kept_%1$s AS SELECT ' || columns || ' FROM %1$s';
            DELETE FROM %1$s;
            EXECUTE 'INSERT INTO %1$s (' || columns || ') SELECT ' || columns || ' FROM kept_%1$s';
          END $$
          """
              .formatted(table));
    }
  }

  private static Map<String, List<String>> whole(PostgresSource source) {
    var rows = new TreeMap<String, List<String>>();
    try (var reading = source.read(PATIENCE)) {
      reading.rows(
          batch -> {
            for (int i = 0; i < batch.size(); i++) {
              put(rows, batch, batch.after(i));
            }
          });
    }
    return rows;
  }

  private static void put(Map<String, List<String>> rows, Batch batch, int row) {
    var columns = new ArrayList<String>();
    for (int i = 0; i < batch.relation().columns().size(); i++) {
      int length = batch.length(row, i);
      columns.add(
          length < 0
              ? Integer.toString(length)
              // One char per byte: two texts are equal exactly if their bytes are.
              : ":"
                  + new String(
                      batch.bytes(), batch.offset(row, i), length, StandardCharsets.ISO_8859_1));
    }
    assertThat(rows.put(columns.getFirst().substring(1), columns)).as("twice").isNull();
  }
}
