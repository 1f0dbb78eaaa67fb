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

/** One run of a verb, with a folder of its own for temporary files. */
final class RunningProgram implements AutoCloseable {
  private final Path folder = TestDirs.create("program");
  private final Path out = folder.resolve("out");
  private final Path temporary = Files.createDirectory(folder.resolve("tmp"));
  private final Process process;

  /** All that it has ever started; a process whose parent has died is in nobody's tree. */
  private final Set<ProcessHandle> family = new HashSet<>();

  static RunningProgram start(String... words) throws IOException {
    return new RunningProgram(List.of(words));
  }

  private RunningProgram(List<String> words) throws IOException {
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
                "akkasinks.cli.Main"));
    command.addAll(words);
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
  }

  String said() throws IOException {
    return Files.readString(out);
  }

  /** Processes seen so far, the program's own not counted. */
  int family() {
    process.descendants().forEach(family::add);
    return family.size();
  }

  void awaitSaid(String text) {
    Await.within(Duration.ofMinutes(2))
        .holds(
            "it says: " + text,
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
            "it has ended",
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
