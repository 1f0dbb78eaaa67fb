package akkasinks.bench;

import java.time.Duration;
import java.util.List;

/**
 * A system that brings a table's rows or changes into a topic: ours, the straight pipe, or a peer.
 * It is started once per trial, in JVMs of its own with a heap of {@link Stage#HEAP}, and runs one
 * job at a time unless it says more.
 */
interface Contender extends AutoCloseable {
  String name();

  /** What it promises about each change, as its makers and settings have it. */
  String guarantee();

  /** Why it cannot do this job, or empty. */
  default String cannot(Job job) {
    return "";
  }

  /** How long its topic must be still before it counts as done: longer than between its commits. */
  default Duration settle(Job job) {
    return Duration.ofMillis(job.commitInterval().isEmpty() ? 700 : 3_000);
  }

  /** False if it sits this round out; 0 is the warm-up. */
  default boolean takesPart(int round) {
    return true;
  }

  /** Its JVMs, for CPU and memory. */
  List<ProcessHandle> processes();

  /**
   * Makes all that lies before the time that counts. For {@link Job.Work#CHANGES} that is a slot:
   * what the table goes through after this is what is to be brought over once the work begins.
   */
  Prepared prepare(Job job) throws Exception;

  @Override
  void close() throws Exception;

  /** A job that waits to be begun; closing ends it and removes what it made in Postgres. */
  interface Prepared extends AutoCloseable {
    /**
     * Returns as soon as the work has begun; the topic tells when it is done.
     *
     * @param recordBytes mean length of our keys and values for the same rows: what the pipe sends
     */
    void begin(int recordBytes) throws Exception;

    /** False if nothing comes into the topic: then the work is done when {@link #begin} returns. */
    default boolean delivers() {
      return true;
    }

    @Override
    void close() throws Exception;
  }
}
