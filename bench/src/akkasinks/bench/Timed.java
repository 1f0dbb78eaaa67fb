package akkasinks.bench;

import java.time.Duration;
import java.util.List;

/**
 * What one contender needed for its work.
 *
 * @param seconds from the word "go" until a read_committed reader could see the last record: until
 *     the last stable offset moved for the last time
 * @param diskBytes what the topics' partitions take in the broker's log
 * @param records that the independent reader found
 */
record Timed(
    String contender,
    double seconds,
    Meter.Cpu cpu,
    double foreignCores,
    long diskBytes,
    long records) {
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(150);
  private static final int LOOK_MS = 20;

  /** What is done when half of the records can be read. */
  interface Half {
    Half NOTHING = () -> {};

    void reached() throws Exception;
  }

  /**
   * Prepared work.
   *
   * @param recordBytes mean length of our keys and values: what the pipe sends
   * @param expected records in the topics at the end, or fewer: what ends the waiting, once they
   *     have been still for {@code settle}
   */
  record Work(
      Contender contender,
      List<Contender.Prepared> prepared,
      List<String> topics,
      int recordBytes,
      long expected,
      Duration settle,
      Half half) {}

  static Timed run(Stage stage, Work work) throws Exception {
    try (var topics = new Topics(stage, work.topics())) {
      topics.stable();
      var meter = new Meter(stage, work.contender());
      for (var each : work.prepared()) {
        each.begin(work.recordBytes());
      }
      var end = meter.read();
      if (work.prepared().getFirst().delivers()) {
        end = awaitLast(topics, meter, work);
      }
      return new Timed(
          work.contender().name(),
          end.seconds(),
          end.cpu(),
          end.foreignCores(),
          topics.diskBytes(),
          0);
    }
  }

  private static Meter.Reading awaitLast(Topics topics, Meter meter, Work work) throws Exception {
    var moved = meter.read();
    long seen = 0;
    boolean half = false;
    while (true) {
      long now = topics.stable();
      if (now != seen) {
        seen = now;
        moved = meter.read();
      }
      if (!half && seen >= work.expected() / 2) {
        half = true;
        work.half().reached();
      }
      double still = meter.seconds() - moved.seconds();
      if (seen >= work.expected() && still > work.settle().toMillis() / 1e3) {
        return moved;
      }
      if (still > LONGEST_SILENCE.toSeconds()) {
        throw new IllegalStateException(
            "%s: %,d of %,d records, and nothing for %d s"
                .formatted(
                    work.contender().name(), seen, work.expected(), LONGEST_SILENCE.toSeconds()));
      }
      Thread.sleep(LOOK_MS);
    }
  }

  Timed holding(long found) {
    return new Timed(contender, seconds, cpu, foreignCores, diskBytes, found);
  }
}
