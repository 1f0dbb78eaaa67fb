package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demo as its users start it: a process that brings everything along and takes it away. */
class DemoTest {
  private static final List<String> SINKS =
      List.of("customers_sink", "order_lines_sink", "orders_cdc", "orders_sink");

  @Test
  void theDemoVerifiesEverySinkAndLeavesNothingBehind() throws Exception {
    try (var demo = RunningProgram.start("demo", "--once")) {
      assertThat(demo.awaitEnd(Duration.ofMinutes(4))).as(demo.said()).isZero();
      for (var sink : SINKS) {
        assertThat(demo.said()).containsPattern("(?m)^" + sink + " +equal: ");
      }
      assertThat(demo.said()).contains("Every topic equals its table");
      demo.assertNothingLeft();
    }
  }

  @Test
  void theDemoEndsAtCtrlCAndLeavesNothingBehind() throws Exception {
    try (var demo = RunningProgram.start("demo")) {
      demo.awaitSaid("Now the shop opens");
      demo.awaitSaid("shop: ");
      demo.interrupt();
      // As shells show the end by that signal.
      assertThat(demo.awaitEnd(Duration.ofMinutes(1))).as(demo.said()).isEqualTo(128 + 2);
      assertThat(demo.said()).doesNotContain("ERROR", "Exception");
      demo.assertNothingLeft();
    }
  }

  @Test
  void theDemoEndsAtCtrlCWhileItStarts() throws Exception {
    try (var demo = RunningProgram.start("demo")) {
      demo.awaitSaid("Starting");
      Await.until("Postgres is coming up", () -> demo.family() > 1);
      demo.interrupt();
      assertThat(demo.awaitEnd(Duration.ofMinutes(1))).as(demo.said()).isEqualTo(128 + 2);
      assertThat(demo.said()).doesNotContain("ERROR", "Exception");
      demo.assertNothingLeft();
    }
  }
}
