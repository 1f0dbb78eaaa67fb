package akkasinks.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Named places in the protocols where a test can stop, delay or kill the process. Off unless the
 * JVM was started with {@code -Dakkasinks.failpoints=on}; then a call costs a map look-up, else
 * nothing.
 *
 * <p>{@code -Dakkasinks.failpoint.NAME=halt[:n]} kills the JVM at the n-th call; {@code throw[:n]}
 * throws there once. {@code -Dakkasinks.failpoints.trace=FILE} keeps the name of the last place
 * reached in a mapped file, which survives {@code kill -9}.
 */
public final class FailPoints {
  private static final boolean ON = "on".equals(System.getProperty("akkasinks.failpoints"));
  private static final Map<String, Runnable> ARMED = new ConcurrentHashMap<>();
  private static final @Nullable MappedByteBuffer TRACE = trace();
  private static final int TRACE_BYTES = 128;

  static {
    if (ON) {
      System.getProperties()
          .forEach(
              (name, action) -> {
                var prefix = "akkasinks.failpoint.";
                if (name.toString().startsWith(prefix)) {
                  arm(name.toString().substring(prefix.length()), parse(action.toString()));
                }
              });
    }
  }

  private FailPoints() {}

  /** Called by the product where a test may want to interfere. */
  public static void reach(String name) {
    if (ON) {
      if (TRACE != null) {
        var padded = new byte[TRACE_BYTES];
        var text = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, padded, 0, Math.min(text.length, TRACE_BYTES));
        TRACE.put(0, padded);
      }
      var action = ARMED.get(name);
      if (action != null) {
        action.run();
      }
    }
  }

  /** Runs {@code action} in whichever thread reaches {@code name}, until disarmed. */
  public static void arm(String name, Runnable action) {
    ARMED.put(name, action);
  }

  public static void disarm(String name) {
    ARMED.remove(name);
  }

  private static Runnable parse(String text) {
    var parts = text.split(":", 2);
    int at = parts.length == 2 ? Integer.parseInt(parts[1]) : 1;
    var calls = new java.util.concurrent.atomic.AtomicInteger();
    return switch (parts[0]) {
      case "halt" ->
          () -> {
            if (calls.incrementAndGet() == at) {
              Runtime.getRuntime().halt(137);
            }
          };
      case "throw" ->
          () -> {
            if (calls.incrementAndGet() == at) {
              throw Failure.of(Code.INTERNAL, "fail point reached").exception();
            }
          };
      default -> throw new IllegalArgumentException("fail point action " + text);
    };
  }

  private static @Nullable MappedByteBuffer trace() {
    var file = System.getProperty("akkasinks.failpoints.trace");
    if (!ON || file == null) {
      return null;
    }
    try (var channel =
        FileChannel.open(
            Path.of(file),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(128), 0);
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, 128);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
