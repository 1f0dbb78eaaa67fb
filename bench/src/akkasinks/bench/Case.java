package akkasinks.bench;

import java.util.List;
import java.util.function.LongFunction;

/**
 * One throughput case: what is to be brought over, and what must be reached.
 *
 * @param name with the number of its case: "1", "8 changes"
 * @param data a data set of so many rows or changes
 * @param changes rows, or row changes
 * @param envelope of the messages
 * @param commitInterval SQL text of ours for COMMIT INTERVAL; with one, a key that changes often
 *     has few records, and all that counts is that it has one
 * @param target of our speed, as a part of the pipe's, or of reading alone where there are fewer
 *     records than changes
 * @param micros that its line-up takes for one change together, about, for the plan's estimate: the
 *     mean of its rounds
 */
record Case(
    String name,
    String title,
    Job.Work work,
    LongFunction<Dataset> data,
    long changes,
    Job.Envelope envelope,
    String commitInterval,
    double target,
    double micros) {
  private static final int HOT_KEYS = 1_000;
  private static final long WARM_UP_PART = 5;

  /** Fewer leave the peers' JVMs compiling far into the rounds that count. */
  private static final long WARM_UP_LEAST = 500_000;

  /** All of them with the sizes, times {@code scale}. */
  static List<Case> all(double scale) {
    long k = thousand(scale);
    return List.of(
        snapshot("1", "snapshot, 6 columns", Dataset::six, 5_000 * k, 0.80, 7),
        snapshot("2", "snapshot, 60 columns", Dataset::wide, 500 * k, 0.65, 39),
        snapshot("3", "snapshot, 1 KB text and jsonb", Dataset::big, 500 * k, 0.80, 20),
        changes("4", "single-row transactions", Dataset::singles, 2_000 * k, 0.80, 16),
        changes("5", "transactions of 1,000", Dataset::thousands, 2_000 * k, 0.80, 8),
        changes("6", "one transaction", Dataset::one, 3_000 * k, 0.65, 8),
        changes("7", "updates of 1,000 keys", Dataset::hot, 2_000 * k, 0.90, 20).every("1s"),
        snapshot("8", "snapshot, Debezium envelope", Dataset::six, 1_000 * k, 0.65, 9).debezium(),
        changes("8 changes", "transactions of 1,000", Dataset::thousands, 1_000 * k, 0.65, 10)
            .debezium());
  }

  /** Those that the peers run too, at their size. */
  static List<Case> ofPeers(double scale) {
    long k = thousand(scale);
    return List.of(
        snapshot("1 peers", "snapshot, 6 columns", Dataset::six, 1_000 * k, 0.80, 62),
        changes("4 peers", "single-row transactions", Dataset::singles, 1_000 * k, 0.80, 76),
        changes("5 peers", "transactions of 1,000", Dataset::thousands, 1_000 * k, 0.80, 51));
  }

  private static long thousand(double scale) {
    return Math.max(1, Math.round(1_000 * scale));
  }

  Dataset dataset() {
    return data.apply(changes);
  }

  /** Every id has one record; else each of the hot keys has at least one. */
  boolean onceEach() {
    return commitInterval.isEmpty();
  }

  /** Records that the topic holds at the end, at least. */
  long records() {
    return onceEach() ? changes : HOT_KEYS;
  }

  Job job(String topic) {
    return new Job(dataset().table(), topic, work, envelope, changes, commitInterval);
  }

  /** What the round that does not count goes through: enough for a JVM to compile what it needs. */
  Case warmUp() {
    long some = Math.min(changes, Math.max(changes / WARM_UP_PART, WARM_UP_LEAST));
    return work == Job.Work.SNAPSHOT ? this : with(some, envelope, commitInterval);
  }

  private static Case snapshot(
      String name,
      String title,
      LongFunction<Dataset> data,
      long rows,
      double target,
      double micros) {
    return new Case(
        name, title, Job.Work.SNAPSHOT, data, rows, Job.Envelope.UPSERT, "", target, micros);
  }

  private static Case changes(
      String name,
      String title,
      LongFunction<Dataset> data,
      long changes,
      double target,
      double micros) {
    return new Case(
        name, title, Job.Work.CHANGES, data, changes, Job.Envelope.UPSERT, "", target, micros);
  }

  private Case every(String interval) {
    return with(changes, envelope, interval);
  }

  private Case debezium() {
    return with(changes, Job.Envelope.DEBEZIUM, commitInterval);
  }

  private Case with(long otherChanges, Job.Envelope otherEnvelope, String interval) {
    return new Case(name, title, work, data, otherChanges, otherEnvelope, interval, target, micros);
  }
}
