package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.change.Column;
import akkasinks.source.ChangeSource;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables and publications of each shape: what comes through the stream. */
class SourceShapesTest {
  private static Database database(int version, String... statements) throws Exception {
    var db = RealPostgres.shared(version).createDatabase("shapes");
    db.execute(statements);
    return db;
  }

  private static List<String> columns(ChangeSource.Inspection inspection) {
    return inspection.relation().columns().stream().map(Column::name).toList();
  }

  /** Begins, runs the statements, and reads so many changes. */
  private static Sample.Read flow(Database db, PostgresSpec spec, int count, String... statements)
      throws Exception {
    var source = new PostgresSource(spec);
    var begin = source.begin();
    db.execute(statements);
    try (var stream = source.open(begin)) {
      return Sample.read(stream, count);
    } finally {
      source.forget();
    }
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void anUnchangedLargeValueIsTakenFromTheOldRow(int version) throws Exception {
    var db =
        database(
            version,
            "CREATE TABLE t (id int PRIMARY KEY, body text, n int)",
            "ALTER TABLE t ALTER body SET STORAGE EXTERNAL",
            "ALTER TABLE t REPLICA IDENTITY FULL");
    var large = "x".repeat(5000);
    var read =
        flow(
            db,
            Sample.spec(db, "t", "id"),
            2,
            "INSERT INTO t VALUES (1, repeat('x', 5000), 1)",
            "UPDATE t SET n = 2");
    assertThat(read.changes().get(1)).isEqualTo("UPDATE 1," + large + ",1 → 1," + large + ",2");
  }

  @Test
  void anUnchangedLargeValueThatWasNotSentStalls() throws Exception {
    var db =
        database(
            18,
            "CREATE TABLE t (id int PRIMARY KEY, body text, n int)",
            "ALTER TABLE t ALTER body SET STORAGE EXTERNAL",
            "ALTER TABLE t REPLICA IDENTITY FULL");
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var begin = source.begin();
    db.execute(
        "ALTER TABLE t REPLICA IDENTITY DEFAULT",
        "INSERT INTO t VALUES (1, repeat('x', 5000), 1)",
        "UPDATE t SET n = 2",
        "ALTER TABLE t REPLICA IDENTITY FULL");
    try (var stream = source.open(begin)) {
      var failure =
          SourceChecksTest.refusal(
              () -> {
                try {
                  Sample.read(stream, 2);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(failure.code()).isEqualTo(Code.DATA);
      assertThat(failure.message())
          .isEqualTo(
              "an update of \"public\".\"t\" did not send the unchanged large value of column"
                  + " \"body\"");
      assertThat(failure.hint())
          .startsWith("ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL; then");
    }
  }

  @Test
  void aColumnListAndARowFilterShapeRelationAndStream() throws Exception {
    var db =
        database(
            18,
            "CREATE TABLE t (id int PRIMARY KEY, a int, secret int)",
            "CREATE PUBLICATION p FOR TABLE t (id, a) WHERE (id < 10)");
    var spec = Sample.through(Sample.spec(db, "t", "id"), "p");
    assertThat(columns(new PostgresSource(spec).inspect())).containsExactly("id", "a");
    var read =
        flow(
            db,
            spec,
            3,
            "INSERT INTO t VALUES (1, 1, 1), (20, 1, 1)",
            "UPDATE t SET a = 2",
            "UPDATE t SET id = 30 WHERE id = 1");
    assertThat(read.changes())
        .containsExactly("INSERT - → 1,1", "UPDATE - → 1,2", "DELETE 1,? → -");
    assertThat(read.last().relation().columns())
        .extracting(Column::name)
        .containsExactly("id", "a");
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void aPartitionedTableComesAsOneTable(int version) throws Exception {
    var db =
        database(
            version,
            "CREATE TABLE p (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
            "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
            "CREATE TABLE p2 (n int, id int NOT NULL)",
            "ALTER TABLE p2 ADD PRIMARY KEY (id)",
            "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20)");
    var read =
        flow(
            db,
            Sample.spec(db, "p", "id"),
            5,
            "INSERT INTO p VALUES (1, 1), (11, 2)",
            "UPDATE p SET n = 3 WHERE id = 11",
            "UPDATE p SET id = 12 WHERE id = 1");
    assertThat(read.changes())
        .containsExactly(
            "INSERT - → 1,1",
            "INSERT - → 11,2",
            "UPDATE - → 11,3",
            "DELETE 1,? → -",
            "INSERT - → 12,1");
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void generatedColumnsAreLeftOutUnlessPublished(int version) throws Exception {
    var db =
        database(
            version,
            "CREATE TABLE t (id int PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2)"
                + " STORED)");
    var spec = Sample.spec(db, "t", "id");
    assertThat(columns(new PostgresSource(spec).inspect())).containsExactly("id", "n");
    assertThat(flow(db, spec, 1, "INSERT INTO t (id, n) VALUES (1, 2)").changes())
        .containsExactly("INSERT - → 1,2");
    if (version >= 18) {
      db.execute("CREATE PUBLICATION g FOR TABLE t WITH (publish_generated_columns = stored)");
      var published = Sample.through(spec, "g");
      assertThat(columns(new PostgresSource(published).inspect()))
          .containsExactly("id", "n", "twice");
      assertThat(flow(db, published, 1, "INSERT INTO t (id, n) VALUES (2, 2)").changes())
          .containsExactly("INSERT - → 2,2,4");
    }
  }

  @Test
  void anAddedColumnBeginsANewRelationAndADroppedOneEndsIt() throws Exception {
    var db = database(18, "CREATE TABLE t (id int PRIMARY KEY, n int)");
    var spec = Sample.spec(db, "t", "id");
    var read =
        flow(
            db,
            spec,
            4,
            "INSERT INTO t VALUES (1, 1)",
            "ALTER TABLE t ADD COLUMN extra int DEFAULT 7",
            "INSERT INTO t VALUES (2, 2)",
            "ALTER TABLE t ALTER n TYPE bigint",
            "INSERT INTO t VALUES (3, 3)",
            "ALTER TABLE t DROP COLUMN n",
            "INSERT INTO t VALUES (4, 8)");
    assertThat(read.changes())
        .containsExactly(
            "INSERT - → 1,1", "INSERT - → 2,2,7", "INSERT - → 3,3,7", "INSERT - → 4,8");
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void truncateStallsIsIgnoredOrTold(int version) throws Exception {
    var db = database(version, "CREATE TABLE t (id int PRIMARY KEY)");
    String[] statements = {"INSERT INTO t VALUES (1)", "TRUNCATE t", "INSERT INTO t VALUES (2)"};
    var spec = Sample.spec(db, "t", "id");
    assertThat(flow(db, Sample.with(spec, false, OnTruncate.IGNORE), 2, statements).changes())
        .containsExactly("INSERT - → 1", "INSERT - → 2");
    db.execute("TRUNCATE t");
    assertThat(flow(db, Sample.with(spec, false, OnTruncate.TOMBSTONE), 3, statements).changes())
        .containsExactly("INSERT - → 1", "TRUNCATE", "INSERT - → 2");
    db.execute("TRUNCATE t");
    var failure =
        SourceChecksTest.refusal(
            () -> {
              try {
                flow(db, spec, 3, statements);
              } catch (Exception e) {
                if (e instanceof RuntimeException known) {
                  throw known;
                }
                throw new AssertionError(e);
              }
            });
    assertThat(failure.code()).isEqualTo(Code.DATA);
    assertThat(failure.message()).isEqualTo("table \"public\".\"t\" was truncated");
    assertThat(failure.hint()).contains("ON TRUNCATE");
  }

  @Test
  void theNamesOfDomainsEnumsArraysCompositesAndRangesAreKnown() throws Exception {
    var db =
        database(
            18,
            "CREATE TYPE mood AS ENUM ('sad', 'ok')",
            "CREATE DOMAIN price AS numeric(10,2)",
            "CREATE TYPE pair AS (a int, b text)",
            "CREATE TABLE t (id int PRIMARY KEY, m mood, p price, ps price[], c pair, r int4range,"
                + " v int2vector)",
            "ALTER TABLE t REPLICA IDENTITY FULL");
    var spec = Sample.spec(db, "t", "id");
    var inspected = new PostgresSource(spec).inspect().relation();
    assertThat(inspected.columns().toString())
        .contains("Enumerated[name=mood]")
        .contains("Domain[name=price, base=NUMERIC]")
        .contains("Array[element=Domain[name=price, base=NUMERIC], delimiter=,]")
        .contains("Composite[name=pair, fields=[Field[name=a, type=INT4], Field[name=b")
        .contains("Range[name=int4range]")
        .contains("UNKNOWN");
    var read =
        flow(db, spec, 1, "INSERT INTO t VALUES (1, 'ok', 1, '{2,3}', '(4,x)', '[1,2)', '1 2')");
    assertThat(read.last().relation()).isEqualTo(inspected);
    assertThat(read.changes()).containsExactly("INSERT - → 1,ok,1.00,{2.00,3.00},(4,x),[1,2),1 2");
  }
}
