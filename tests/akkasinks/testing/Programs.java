package akkasinks.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Programs that tests need from the machine, named by their package when they are missing. */
public final class Programs {
  private static final long SECONDS = 120;

  private Programs() {}

  /** What a program printed, and its exit status. */
  public record Ran(int status, String out, String err) {}

  /**
   * Where {@code name} lies on PATH; a test that needs it fails if it does not, naming its package.
   */
  public static String find(String name, String packageName) {
    return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
        .map(dir -> Path.of(dir, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseThrow(
            () ->
                new AssertionError(
                    "this test runs " + name + ": install the package " + packageName));
  }

  /** Runs it to its end. */
  public static Ran run(ProcessBuilder builder) {
    try {
      Path out = Files.createTempFile("out", ".txt");
      Path err = Files.createTempFile("err", ".txt");
      try {
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(builder.command() + " did not end within " + SECONDS + " s");
        }
        return new Ran(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
