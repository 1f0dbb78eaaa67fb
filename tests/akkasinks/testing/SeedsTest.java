package akkasinks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void runsDifferentCasesAndTheSameOnesAgain() {
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();
    Seeds.forAll(20, random -> first.add(random.nextLong()));
    Seeds.forAll(20, random -> second.add(random.nextLong()));
    assertThat(first).doesNotHaveDuplicates().isEqualTo(second);
  }

  @Test
  void theSeedInTheMessageRepeatsTheFailure() {
    List<Integer> failed = new ArrayList<>();
    Seeds.Property atMost90 =
        random -> {
          int n = random.nextInt(100);
          if (n > 90) {
            failed.add(n);
            throw new IllegalStateException("too much");
          }
        };
    assertThatThrownBy(() -> Seeds.forAll(1000, atMost90))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("too much")
        .satisfies(
            e -> {
              String seed = e.getMessage().replaceFirst("(?s).*-Dseed=(-?\\d+):.*", "$1");
              assertThatThrownBy(() -> Seeds.run(Long.parseLong(seed), atMost90))
                  .hasMessage(e.getMessage());
            });
    assertThat(failed).hasSize(2);
    assertThat(failed.getFirst()).isEqualTo(failed.getLast());
  }
}
