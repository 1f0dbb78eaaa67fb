package akkasinks.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Starting programs, and waiting for what they do. */
final class Commands {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Commands() {}

  /** A program of the JDK that runs the bench. */
  static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  /** Runs a short command and gives its output. */
  static String run(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + ": status " + status + "\n" + output);
    }
    return output;
  }

  /** Starts a process that writes to {@code log} and is ended with the bench, however that ends. */
  static Process start(Path log, ProcessBuilder command) throws IOException {
    var process =
        command
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** The last lines of a log. */
  static String tail(Path log) throws IOException {
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(Duration.ofSeconds(20))) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  /** As the other, for what writes a log: its end is told if this takes too long. */
  static void await(String what, Path log, Condition condition) throws Exception {
    try {
      await(what, PATIENCE, condition);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + tail(log), e);
    }
  }

  /** An IOException while asking counts as "not yet": what is asked may be starting. */
  static void await(String what, Duration most, Condition condition) throws Exception {
    long deadline = System.nanoTime() + most.toNanos();
    Exception last = null;
    while (System.nanoTime() < deadline) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException notYet) {
        last = notYet;
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("not within " + most.toSeconds() + " s: " + what, last);
  }
}
