package akkasinks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
  @Test
  void returnsTheValueThatHolds() {
    AtomicInteger count = new AtomicInteger();
    assertThat(Await.until("three", count::incrementAndGet, n -> n == 3)).isEqualTo(3);
  }

  @Test
  void saysWhatWasAwaitedAndWhatWasSeen() {
    assertThatThrownBy(
            () -> Await.within(Duration.ofMillis(20)).value("a dog", () -> "a cat", "dog"::equals))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a dog")
        .hasMessageContaining("a cat");
  }

  @Test
  void keepsTheLastException() {
    assertThatThrownBy(
            () ->
                Await.within(Duration.ofMillis(20))
                    .holds(
                        "peace",
                        () -> {
                          throw new IllegalStateException("war");
                        }))
        .hasMessageContaining("war")
        .hasCauseInstanceOf(IllegalStateException.class);
  }
}
