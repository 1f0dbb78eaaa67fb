package akkasinks.http;

import akkasinks.base.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A sink as REST and metrics show it.
 *
 * @param state in lower case: {@code running}, {@code stalled}, …
 * @param since when it came into this state
 * @param from source, schema and table, with dots between
 * @param error why it is stalled, or why the last attempt failed
 * @param nextTry when a stalled sink tries again
 * @param counters since the sink came to its node
 * @param frontier what the topic durably holds, in the source's own notation; empty before the
 *     first commit
 * @param lagBytes WAL between the source's end and the frontier
 * @param retainedWalBytes WAL that the sink's slot holds back on the source's disk
 * @param waiting why nothing moves although nothing is wrong, or empty
 */
public record SinkReport(
    String id,
    String name,
    String state,
    Instant since,
    String node,
    String from,
    String connection,
    String topic,
    List<String> key,
    String envelope,
    String createSql,
    Optional<Failure> error,
    Optional<Instant> nextTry,
    int failures,
    long incarnation,
    Counters counters,
    String frontier,
    OptionalLong lagBytes,
    OptionalLong retainedWalBytes,
    Optional<Snapshot> snapshot,
    String waiting) {

  /** The state of a sink that does not answer. */
  public static final String UNREACHABLE = "unreachable";

  /** The states there are, so that metrics can name those a sink is not in. */
  public static final List<String> STATES =
      List.of(
          "loading",
          "starting",
          "running",
          "stalled",
          "stopping",
          "paused",
          "superseded",
          "dropping",
          UNREACHABLE);

  public SinkReport {
    key = List.copyOf(key);
  }

  /**
   * @param rowsIn source changes consumed, before netting
   * @param recordsOut records committed, without progress records
   */
  public record Counters(long rowsIn, long recordsOut, long bytesOut, long commits) {}

  /** A snapshot under way. */
  public record Snapshot(long rows, OptionalLong estimatedRows) {}
}
