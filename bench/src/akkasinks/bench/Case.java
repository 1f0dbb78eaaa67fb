package akkasinks.bench;

import static akkasinks.bench.Job.Envelope.DEBEZIUM;
import static akkasinks.bench.Job.Envelope.FULL;
import static akkasinks.bench.Job.Envelope.UPSERT;
import static akkasinks.bench.Job.Format.AVRO;
import static akkasinks.bench.Job.Format.JSON;
import static akkasinks.bench.Job.Format.PROTOBUF;
import static akkasinks.bench.Job.Work.CHANGES;
import static akkasinks.bench.Job.Work.RECORDS;
import static akkasinks.bench.Job.Work.SNAPSHOT;

import java.util.List;
import java.util.function.LongFunction;

/**
 * One throughput case: what is to be brought over, and what must be reached.
 *
 * @param name with the number of its case: "1", "8 changes"
 * @param data a data set of so many rows or changes
 * @param changes rows, or row changes
 * @param form of the messages
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
    Job.Form form,
    String commitInterval,
    double target,
    double micros) {
  private static final String THOUSANDS = "transactions of 1,000";
  private static final int HOT_KEYS = 1_000;
  private static final long WARM_UP_PART = 5;

  /** Fewer leave the peers' JVMs compiling far into the rounds that count. */
  private static final long WARM_UP_LEAST = 500_000;

  /** All of them with the sizes, times {@code scale}. */
  static List<Case> all(double scale) {
    long k = thousand(scale);
    return List.of(
        of("1", SNAPSHOT, "snapshot, 6 columns", Dataset::six, 5_000 * k, 0.80, 7),
        of("2", SNAPSHOT, "snapshot, 60 columns", Dataset::wide, 500 * k, 0.65, 39),
        of("3", SNAPSHOT, "snapshot, 1 KB text and jsonb", Dataset::big, 500 * k, 0.80, 20),
        of("4", CHANGES, "single-row transactions", Dataset::singles, 2_000 * k, 0.80, 16),
        of("5", CHANGES, THOUSANDS, Dataset::thousands, 2_000 * k, 0.80, 8),
        of("6", CHANGES, "one transaction", Dataset::one, 3_000 * k, 0.65, 8),
        of("7", CHANGES, "updates of 1,000 keys", Dataset::hot, 2_000 * k, 0.90, 20).every("1s"),
        snapshot("8", k, 0.65, JSON, DEBEZIUM),
        changes("8 changes", k, 0.65, JSON, DEBEZIUM),
        changes("8 full", k, 0.65, JSON, FULL),
        snapshot("8 avro", k, 0.80, AVRO, UPSERT),
        changes("8 avro changes", k, 0.80, AVRO, UPSERT),
        snapshot("8 avro debezium", k, 0.65, AVRO, DEBEZIUM),
        snapshot("8 protobuf", k, 0.80, PROTOBUF, UPSERT),
        of("13", CHANGES, "ten tables, " + THOUSANDS, Dataset::spread, 1_000 * k, 0.80, 22),
        of("14", RECORDS, "topic to topic, JSON", Dataset::six, 2_000 * k, 0.70, 9));
  }

  /** Those that the peers run too, at their size. */
  static List<Case> ofPeers(double scale) {
    long k = thousand(scale);
    return List.of(
        of("1 peers", SNAPSHOT, "snapshot, 6 columns", Dataset::six, 1_000 * k, 0.80, 62),
        of("4 peers", CHANGES, "single-row transactions", Dataset::singles, 1_000 * k, 0.80, 76),
        of("5 peers", CHANGES, THOUSANDS, Dataset::thousands, 1_000 * k, 0.80, 51));
  }

  private static Case snapshot(
      String name, long k, double target, Job.Format format, Job.Envelope envelope) {
    return of(name, SNAPSHOT, "snapshot", Dataset::six, 1_000 * k, target, 6)
        .as(new Job.Form(format, envelope));
  }

  private static Case changes(
      String name, long k, double target, Job.Format format, Job.Envelope envelope) {
    return of(name, CHANGES, THOUSANDS, Dataset::thousands, 1_000 * k, target, 13)
        .as(new Job.Form(format, envelope));
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
    return new Job(dataset().tables(), topic, work, form, changes, commitInterval);
  }

  /** The program that does no more than it must. */
  Pipe.Part pipe() {
    return work == RECORDS ? Pipe.Part.LOOP : Pipe.Part.WHOLE;
  }

  /** That, and its halves; what bounds a case does not change with the form of its messages. */
  List<Pipe.Part> parts() {
    return form.equals(Job.Form.JSON_UPSERT)
        ? List.of(pipe(), Pipe.Part.READING, Pipe.Part.SENDING)
        : List.of(pipe());
  }

  /** What the round that does not count goes through: enough for a JVM to compile what it needs. */
  Case warmUp() {
    long some = Math.min(changes, Math.max(changes / WARM_UP_PART, WARM_UP_LEAST));
    return work == CHANGES ? with(some, commitInterval) : this;
  }

  private static Case of(
      String name,
      Job.Work work,
      String title,
      LongFunction<Dataset> data,
      long changes,
      double target,
      double micros) {
    return new Case(name, title, work, data, changes, Job.Form.JSON_UPSERT, "", target, micros);
  }

  private Case every(String interval) {
    return with(changes, interval);
  }

  private Case as(Job.Form other) {
    return new Case(
        name, title + ", " + other, work, data, changes, other, commitInterval, target, micros);
  }

  private Case with(long otherChanges, String interval) {
    return new Case(name, title, work, data, otherChanges, form, interval, target, micros);
  }
}
