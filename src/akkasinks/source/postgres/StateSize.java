package akkasinks.source.postgres;

import akkasinks.change.SnapshotState.Visible;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Upper estimates of how many bytes parts of a snapshot's state take in the progress record. */
final class StateSize {
  /** A range as the distance from the one before and its length. */
  private static final long RANGE = 14;

  private static final long FIXED = 96;

  private StateSize() {}

  static long of(Visible snapshot) {
    return FIXED + of(snapshot.inProgress().size());
  }

  static long of(int ranges) {
    return RANGE * ranges;
  }

  /** Quotes, backslashes and control characters grow in JSON. */
  static long of(List<String> key) {
    long bytes = FIXED;
    for (var text : key) {
      bytes += 4 + text.getBytes(StandardCharsets.UTF_8).length;
      bytes += 5 * text.chars().filter(c -> c < ' ' || c == '"' || c == '\\').count();
    }
    return bytes;
  }
}
