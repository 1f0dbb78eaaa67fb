package akkasinks.control.relations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.CatalogState;
import akkasinks.command.ColumnType;
import akkasinks.command.Command;
import akkasinks.command.Command.Word;
import akkasinks.command.Command.WordKind;
import akkasinks.command.Outcome;
import akkasinks.sql.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries over an empty catalog: what they may do, and what they must not. */
class QueriesTest {
  private static final String TEN = "(VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10))";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT FILE_READ('/etc/passwd')",
        "SELECT \"FILE_READ\"('/etc/passwd')",
        "SELECT file_write('x', '/tmp/x')",
        "SELECT * FROM CSVREAD('/etc/passwd')",
        "SELECT * FROM csvread ('/etc/passwd')",
        "SELECT LINK_SCHEMA('a', '', 'jdbc:h2:mem:x', '', '', 'b')",
        "SELECT DATABASE_PATH()",
        "SELECT * FROM information_schema.settings",
        "SELECT * FROM \"INFORMATION_SCHEMA\".settings",
        "SELECT * FROM FINAL TABLE (INSERT INTO mz_sinks VALUES (1))",
        "SELECT * FROM TABLE (x INT = (1, 2))",
        "SELECT * FROM SYSTEM_RANGE(1, 1000000000000)",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT * FROM t",
        "SELECT repeat('x', 1000000000)",
        "SELECT 1 INTO x",
        "SELECT CASE WHEN true THEN H2VERSION() END",
        "SELECT (1) file_read('/etc/passwd')",
        "SELECT 1 AS file_read('/etc/passwd')",
        "SELECT 1 // 2",
        "SELECT SESSION_ID()",
        "SELECT NEXT VALUE FOR s",
      })
  void whatReachesOutsideIsRefused(String sql) {
    assertThat(failure(sql).code())
        .isIn(
            Code.UNDEFINED_FUNCTION,
            Code.NOT_SUPPORTED,
            Code.SYNTAX_ERROR,
            Code.UNDEFINED_TABLE,
            Code.UNDEFINED_COLUMN,
            Code.INVALID_DEFINITION);
  }

  /** If the check of words had a hole, the user that runs the query still has no right to it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT FILE_READ('/etc/passwd')",
        "SELECT FILE_WRITE('x', '/tmp/akkasinks-never')",
        "SELECT * FROM CSVREAD('/etc/passwd')",
        "SELECT LINK_SCHEMA('a', '', 'jdbc:h2:mem:x', '', '', 'b')",
        "CREATE ALIAS a AS 'void a() {}'",
        "CREATE TABLE t (x INT)",
        "SCRIPT TO '/tmp/akkasinks-never'",
        "RUNSCRIPT FROM '/etc/passwd'",
        "DELETE FROM mz_catalog.mz_sinks",
        "CREATE LINKED TABLE l('', 'jdbc:h2:mem:x', '', '', 'x')",
        "SELECT 1; CREATE ALIAS a AS 'void a() {}'",
        "BACKUP TO '/tmp/akkasinks-never'",
        "SHUTDOWN",
        "SET EXCLUSIVE 1",
      })
  void theUserThatRunsAQueryHasNoFurtherRights(String smuggled) {
    Command.Select unchecked =
        new Command.Select(
            List.of(
                new Word(WordKind.SYMBOL, smuggled + " -- ", 1),
                new Word(WordKind.NAME, "mz_sinks", 1)));

    FailureException refused =
        catchThrowableOfType(
            FailureException.class, () -> Relations.answer(unchecked, emptyCatalog()));

    assertThat(refused).as(smuggled).isNotNull();
    assertThat(Path.of("/tmp/akkasinks-never")).doesNotExist();
  }

  @Test
  void aQueryThatSortsTooMuchEndsByItsMemory() {
    String cross =
        IntStream.range(0, 9).mapToObj(i -> TEN + " t" + i).collect(Collectors.joining(", "));

    Failure failure = failure("SELECT * FROM " + cross + " ORDER BY 1");

    assertThat(failure.code()).isEqualTo(Code.LIMIT);
    assertThat(failure.message()).containsAnyOf("memory", "too long");
  }

  @Test
  void anAnswerHasABoundedNumberOfRows() {
    String cross =
        IntStream.range(0, 6).mapToObj(i -> TEN + " t" + i).collect(Collectors.joining(", "));

    assertThat(failure("SELECT 1 FROM " + cross).message())
        .isEqualTo("the answer has more than 100000 rows");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT nmae FROM mz_sinks          | 42703 | 8",
        "SELECT s.nmae FROM mz_sinks s      | 42703 | 10",
        "SELECT * FROM mz_sink              | 42P01 | 15",
        "SELECT * FROM mz_sinks WHERE       | 42601 | 24",
        "SELECT * FORM mz_sinks             | 42601 | 10",
        "SELECT nope(1)                     | 42883 | 8",
        "SELECT name, count(*) FROM mz_sinks| 42P17 | 0",
        "SELECT CAST('x' AS int)            | 22023 | 0",
      })
  void whatIsWrongIsSaidAtItsPlace(String sql, String state, int position) {
    Failure failure = failure(sql);

    assertThat(failure.code().sqlState()).as(failure.toString()).isEqualTo(state);
    assertThat(failure.position()).as(failure.toString()).isEqualTo(position);
  }

  @Test
  void aMisspelledRelationIsRecognised() {
    assertThat(failure("SELECT * FROM mz_snik_statuses").hint())
        .isEqualTo("did you mean \"mz_sink_statuses\"?");
  }

  @Test
  void everyRelationCanBeReadWithAndWithoutItsSchema() {
    for (Declared relation : Relations.ALL) {
      Outcome.Rows bare = rows("SELECT * FROM " + relation.name());
      Outcome.Rows full = rows("SELECT * FROM " + relation.schema() + "." + relation.name());

      assertThat(bare).isEqualTo(full);
      assertThat(bare.columns())
          .isEqualTo(relation.columns().stream().map(Relation.Column::name).toList());
      assertThat(bare.types())
          .as(relation.name())
          .isEqualTo(relation.columns().stream().map(Relation.Column::type).toList());
    }
  }

  @Test
  void valuesAreWrittenAsPostgresWritesThem() {
    Outcome.Rows rows =
        rows(
            "SELECT true, 1, 2.50, TIMESTAMP WITH TIME ZONE '2026-01-02 03:04:05+01' AS at,"
                + " ARRAY['a', 'b c'], count(*), upper('x') AS up, NULL, 'it''s',"
                + " CURRENT_TIMESTAMP > CURRENT_TIMESTAMP - interval '5 minutes'");

    assertThat(rows.rows().getFirst())
        .extracting(cell -> cell.orElse("NULL"))
        .containsExactly(
            "t",
            "1",
            "2.5",
            "2026-01-02 02:04:05+00",
            "{a,\"b c\"}",
            "1",
            "X",
            "NULL",
            "it's",
            "t");
    assertThat(rows.columns())
        .containsExactly(
            "?column?",
            "?column?",
            "?column?",
            "at",
            "?column?",
            "count",
            "up",
            "?column?",
            "?column?",
            "?column?");
    assertThat(rows.types().get(3)).isEqualTo(ColumnType.TIMESTAMPTZ);
  }

  @Test
  void columnsWithoutANameAreCalledAsInPostgres() {
    assertThat(rows("VALUES (1, 'a')").columns()).containsExactly("column1", "column2");
    assertThat(
            rows("SELECT max(x), coalesce(max(x), min(x)), 1 + 1"
                    + " FROM (VALUES (1), (2)) v(x) ORDER BY max(x), count(*)")
                .columns())
        .containsExactly("max", "coalesce", "?column?");
  }

  @Test
  void thePageOfRelationsHasEachWithItsColumns() throws IOException {
    String page = Files.readString(Path.of("docs/relations.md"));

    for (Declared relation : Relations.ALL) {
      if (!relation.schema().equals(Declared.POSTGRES)) {
        String columns =
            relation.columns().stream()
                .map(c -> "`" + c.name() + "` " + shown(c.type()))
                .collect(Collectors.joining(", "));
        assertThat(page)
            .contains("| `" + relation.schema() + "." + relation.name() + "` | " + columns + " |");
      }
    }
  }

  private static String shown(ColumnType type) {
    return type.name().toLowerCase(Locale.ROOT).replace("_array", "[]");
  }

  private static Outcome.Rows rows(String sql) {
    return (Outcome.Rows) Relations.answer(select(sql), emptyCatalog());
  }

  private static Failure failure(String sql) {
    try {
      Outcome outcome = Relations.answer(select(sql), emptyCatalog());
      throw new AssertionError(sql + " is answered: " + outcome);
    } catch (FailureException e) {
      return e.failure();
    }
  }

  private static Command.Select select(String sql) {
    return (Command.Select) Statements.parse(sql).getFirst().command();
  }

  private static Seen emptyCatalog() {
    return new Seen(() -> CatalogState.EMPTY, List::of);
  }
}
