package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.Processes;
import akkasinks.testing.TestDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The demo as its users start it: a process that brings everything along and takes it away. */
class DemoTest {
  private static final List<String> SINKS =
      List.of("customers_sink", "order_lines_sink", "orders_cdc", "orders_sink");

  @Test
  void theDemoVerifiesEverySinkAndLeavesNothingBehind() throws Exception {
    try (var demo = new RunningDemo("--once")) {
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
    try (var demo = new RunningDemo()) {
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
    try (var demo = new RunningDemo()) {
      demo.awaitSaid("Starting");
      Await.until("Postgres is coming up", () -> demo.family() > 1);
      demo.interrupt();
      assertThat(demo.awaitEnd(Duration.ofMinutes(1))).as(demo.said()).isEqualTo(128 + 2);
      assertThat(demo.said()).doesNotContain("ERROR", "Exception");
      demo.assertNothingLeft();
    }
  }

  /** One run, with a folder of its own for temporary files. */
  private static final class RunningDemo implements AutoCloseable {
    private final Path folder = TestDirs.create("demo");
    private final Path out = folder.resolve("out");
    private final Path temporary = Files.createDirectory(folder.resolve("tmp"));
    private final Process process;

    /** All that the demo has ever started; a process whose parent has died is in nobody's tree. */
    private final Set<ProcessHandle> family = new HashSet<>();

    RunningDemo(String... words) throws IOException {
      var command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "--sun-misc-unsafe-memory-access=allow",
                  "--enable-native-access=ALL-UNNAMED",
                  "-Djava.io.tmpdir=" + temporary,
                  "-cp",
                  System.getProperty("java.class.path"),
                  "akkasinks.cli.Main",
                  "demo"));
      command.addAll(List.of(words));
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
    }

    String said() throws IOException {
      return Files.readString(out);
    }

    /** Processes seen so far, the demo's own not counted. */
    int family() {
      process.descendants().forEach(family::add);
      return family.size();
    }

    void awaitSaid(String text) {
      Await.within(Duration.ofMinutes(2))
          .holds(
              "the demo says: " + text,
              () -> {
                family();
                assertThat(process.isAlive()).as(said()).isTrue();
                return said().contains(text);
              });
    }

    void interrupt() {
      family();
      Processes.signal(process.pid(), "INT");
    }

    /** The exit status. */
    int awaitEnd(Duration patience) {
      Await.within(patience)
          .holds(
              "the demo has ended",
              () -> {
                family();
                return !process.isAlive();
              });
      return process.exitValue();
    }

    void assertNothingLeft() throws IOException {
      assertThat(family).as("Postgres's processes were seen").isNotEmpty();
      family.forEach(Processes::awaitEnd);
      try (Stream<Path> files = Files.list(temporary)) {
        // The unpacked binaries of Postgres stay for the next start.
        assertThat(files.filter(f -> !f.endsWith("embedded-pg"))).as(said()).isEmpty();
      }
    }

    @Override
    public void close() {
      family();
      process.destroyForcibly();
      family.forEach(ProcessHandle::destroyForcibly);
      Processes.awaitEnd(process.toHandle());
      TestDirs.delete(folder);
    }
  }
}
