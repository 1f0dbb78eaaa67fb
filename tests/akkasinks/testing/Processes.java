package akkasinks.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Signals to processes that a test started itself, always by their id. */
public final class Processes {
  private Processes() {}

  /** Sends a signal such as STOP, CONT or KILL. */
  public static void signal(long pid, String signal) {
    try {
      int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + signal + " " + pid + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the process is gone, or is a zombie that nobody has reaped yet. */
  public static void awaitEnd(ProcessHandle process) {
    awaitEnd(process, Duration.ofSeconds(60));
  }

  /** As {@link #awaitEnd(ProcessHandle)}, but for at most {@code patience}. */
  public static void awaitEnd(ProcessHandle process, Duration patience) {
    Await.within(patience)
        .holds("process " + process.pid() + " has ended", () -> !isRunning(process));
  }

  private static boolean isRunning(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException noProc) {
      return process.isAlive();
    }
  }
}
