package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrintTest {
  private static final Failure WRONG = Failure.of(Code.SYNTAX_ERROR, "unknown column \"di\"");

  @Test
  void theCaretStandsUnderThePlaceInItsLine() {
    String sql = "SHOW SINKS;\nCREATE SINK s KEY (di)";

    assertThat(Print.failure(WRONG.at(32).detail("the columns").hint("id?"), sql))
        .isEqualTo(
            """
            ERROR:  unknown column "di"
            LINE 2: CREATE SINK s KEY (di)
                                       ^
            DETAIL:  the columns
            HINT:  id?
            """);
  }

  @Test
  void theCaretCountsCharactersNotCodeUnitsAndTabsAsOne() {
    assertThat(Print.failure(WRONG.at(5), "\t😀é x"))
        .isEqualTo("ERROR:  unknown column \"di\"\nLINE 1:  😀é x\n            ^\n");
  }

  @Test
  void aPlaceAtTheEndOfTheTextIsShownBehindIt() {
    assertThat(Print.failure(WRONG.at(5), "SHOW")).contains("LINE 1: SHOW\n            ^\n");
    assertThat(Print.failure(WRONG.at(99), "SHOW")).contains("LINE 1: SHOW\n            ^\n");
  }

  @Test
  void onlyThePartOfALongLineAroundThePlaceIsShown() {
    String sql = "x".repeat(500) + "HERE" + "y".repeat(500);

    String shown = Print.failure(WRONG.at(501), sql);

    List<String> lines = shown.lines().toList();
    assertThat(lines.get(1)).startsWith("LINE 1: ...xxx").endsWith("yyy...").hasSizeLessThan(130);
    assertThat(lines.get(2).indexOf('^')).isEqualTo(lines.get(1).indexOf("HERE"));
  }

  @Test
  void withoutAStatementThereIsNoLine() {
    assertThat(Print.failure(WRONG.at(5), "")).isEqualTo("ERROR:  unknown column \"di\"\n");
  }

  @Test
  void tablesAlignNumbersToTheRight() {
    assertThat(
            Print.table(
                List.of("name", "rows"),
                List.of(
                    List.of(Optional.of("orders"), Optional.of("100")),
                    List.of(Optional.of("b\u001b[2J"), Optional.empty()))))
        .isEqualTo(
            """
             name     | rows
            ----------+------
             orders   |  100
             b\\x1b[2J |
            (2 rows)
            """);
    assertThat(Print.table(List.of("a"), List.of(List.of(Optional.of("x"))))).endsWith("(1 row)\n");
    assertThat(Print.table(List.of("a"), List.of())).endsWith("(0 rows)\n");
  }

  @Test
  void noticesHaveTheirHint() {
    assertThat(Print.notice(Notice.of("topic is not compacted").hint("TOPIC CONFIG …")))
        .isEqualTo("NOTICE:  topic is not compacted\nHINT:  TOPIC CONFIG …\n");
  }
}
