package akkasinks.cli.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process with this very build. It has to end when its standard input does, so that it never
 * outlives whoever started it.
 */
final class Jvm {
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path log;

  private Jvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it and returns at once.
   *
   * @param flags of the JVM
   * @param log takes its standard error, at the end of what is there
   * @param words main class and arguments
   */
  static Jvm start(
      List<String> flags, Map<String, String> environment, Path log, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8"));
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(words);
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return new Jvm(
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start(), log);
  }

  /** Waits until it prints a line that begins with READY, and gives what follows. */
  String ready() throws IOException {
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("READY ")) {
        return line.substring("READY ".length());
      }
    }
    throw new IOException("a process did not start; its log is " + log);
  }

  Path log() {
    return log;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As a power failure would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Ends its input, and waits for the orderly end; not for ever. */
  void stop() throws InterruptedException {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      // It has ended by itself.
    }
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
  }
}
