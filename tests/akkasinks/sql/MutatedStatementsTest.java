package akkasinks.sql;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.testing.Seeds;
import org.junit.jupiter.api.Test;

class MutatedStatementsTest {
  @Test
  void tenThousandMutatedStatementsAreUnderstoodOrRefusedWithAPlace() {
    Seeds.forAll(
        10_000,
        random -> {
          String sql = Seeds.oneOf(random, StatementSamples.ALL);
          for (int n = random.nextInt(3); n >= 0; n--) {
            sql = StatementSamples.mutated(random, sql);
          }
          try {
            Statements.parse(sql);
          } catch (FailureException e) {
            Failure failure = e.failure();
            assertThat(failure.message()).as(sql).isNotBlank();
            assertThat(failure.position())
                .as(sql)
                .isBetween(1, sql.codePointCount(0, sql.length()) + 1);
          }
        });
  }
}
