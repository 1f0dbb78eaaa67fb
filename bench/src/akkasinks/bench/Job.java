package akkasinks.bench;

import java.util.List;

/**
 * One thing to be done by one contender, once.
 *
 * @param tables in schema public, each with the key {@code id}; several are all of a source
 * @param topic exists, empty; with several tables as many topics do, and this is their pattern
 * @param changes rows to be read, row changes that wait, or records of a topic
 * @param commitInterval SQL text of ours for COMMIT INTERVAL; empty for none
 */
record Job(
    List<String> tables, String topic, Work work, Form form, long changes, String commitInterval) {

  enum Work {
    /** The rows that the table has. */
    SNAPSHOT,
    /** Changes that wait in a slot. */
    CHANGES,
    /** Records of the topic {@link Feed#topicOf}, which hold the table's rows. */
    RECORDS
  }

  /** What the messages are. */
  record Form(Format format, Envelope envelope) {
    static final Form JSON_UPSERT = new Form(Format.JSON, Envelope.UPSERT);

    @Override
    public String toString() {
      return format + " " + envelope.sql();
    }
  }

  enum Format {
    JSON,
    AVRO,
    PROTOBUF;

    /** Its readers learn from a registry what a message holds. */
    boolean isRegistered() {
      return this != JSON;
    }
  }

  enum Envelope {
    UPSERT("UPSERT"),
    DEBEZIUM("DEBEZIUM"),
    FULL("DEBEZIUM (FULL)");

    private final String sql;

    Envelope(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }
  }

  static Job snapshot(String table, String topic, long rows) {
    return new Job(List.of(table), topic, Work.SNAPSHOT, Form.JSON_UPSERT, rows, "");
  }

  /** Changes without an end. */
  static Job changes(String table, String topic) {
    return new Job(List.of(table), topic, Work.CHANGES, Form.JSON_UPSERT, Long.MAX_VALUE, "");
  }

  Job into(String other) {
    return new Job(tables, other, work, form, changes, commitInterval);
  }

  /** The same without a COMMIT INTERVAL. */
  Job committingAsItGoes() {
    return new Job(tables, topic, work, form, changes, "");
  }

  /** The only one. */
  String table() {
    return tables.getFirst();
  }

  boolean isOfWholeSource() {
    return tables.size() > 1;
  }

  /** Of each table. */
  List<String> topics() {
    return tables.stream().map(table -> topic.replace(Stage.TABLE, table)).toList();
  }

  /** No other job of the run has it. */
  String name() {
    return topic.split("\\.")[0];
  }
}
