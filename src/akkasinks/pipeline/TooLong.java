package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.time.Duration;

/**
 * A source transaction that does not fit into one transaction of the target. Belongs to one thread.
 */
final class TooLong {
  private final long sent;
  private final Duration took;
  private final Duration limit;
  private long records;

  /**
   * @param sent records of it that were sent
   * @param took how long that took
   * @param limit how long a transaction of the target may take
   */
  TooLong(long sent, Duration took, Duration limit) {
    this.sent = sent;
    this.took = took;
    this.limit = limit;
    this.records = sent;
  }

  /** That many more records were seen, and not sent. */
  void passed(long more) {
    records += more;
  }

  /** Once its end was seen. */
  FailureException failure() {
    var needed = Duration.ofMillis(Math.round((double) took.toMillis() * records / sent));
    return Failure.of(
            Code.LIMIT,
            "a source transaction of %,d records does not fit into one of Kafka: it would take about %s, and TRANSACTION TIMEOUT is %s"
                .formatted(records, shown(needed), shown(limit)))
        .detail("It was aborted after %,d records; none of them is to be seen.".formatted(sent))
        .hint(
            "ALTER SINK … SET (TRANSACTION TIMEOUT = …), up to the brokers'"
                + " transaction.max.timeout.ms; or create the sink with ATOMICITY = 'table', which"
                + " takes large transactions apart.")
        .exception();
  }

  private static String shown(Duration time) {
    return time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }
}
