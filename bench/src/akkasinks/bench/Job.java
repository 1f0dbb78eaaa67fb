package akkasinks.bench;

/**
 * One thing to be done by one contender, once.
 *
 * @param table in schema public; its key is the column {@code id}
 * @param topic exists, empty
 * @param changes rows to be read, or row changes that wait
 * @param commitInterval SQL text of ours for COMMIT INTERVAL; empty for none
 */
record Job(
    String table, String topic, Work work, Envelope envelope, long changes, String commitInterval) {

  enum Work {
    /** The rows that the table has. */
    SNAPSHOT,
    /** Changes that wait in a slot. */
    CHANGES
  }

  Job into(String other) {
    return new Job(table, other, work, envelope, changes, commitInterval);
  }

  /** The same without a COMMIT INTERVAL. */
  Job committingAsItGoes() {
    return new Job(table, topic, work, envelope, changes, "");
  }

  enum Envelope {
    UPSERT,
    DEBEZIUM
  }
}
