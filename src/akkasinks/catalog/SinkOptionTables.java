package akkasinks.catalog;

import akkasinks.catalog.OptionType.Bool;
import akkasinks.catalog.OptionType.Entries;
import akkasinks.catalog.OptionType.Formula;
import akkasinks.catalog.OptionType.Interval;
import akkasinks.catalog.OptionType.OneOf;
import akkasinks.catalog.OptionType.Size;
import akkasinks.catalog.OptionType.Text;
import akkasinks.catalog.OptionType.Whole;
import java.util.List;
import java.util.stream.Stream;

/** The options of CREATE SINK and ALTER SINK; {@link OptionTables} has them all. */
final class SinkOptionTables {
  private static final OptionType TEXT = new Text();
  private static final OptionType BOOL = new Bool();
  private static final OptionType POSITIVE =
      new Whole(1, Integer.MAX_VALUE, "must be a positive integer");

  static final OptionTable SINK =
      new OptionTable(
          "CREATE SINK",
          "the parentheses after the connection",
          Stream.concat(
                  Stream.of(
                      spec(
                          "TOPIC",
                          TEXT,
                          "",
                          "The topic's whole name. Required. With `FROM SOURCE` a pattern with"
                              + " `{table}`, and `{schema}` if need be."),
                      spec(
                          "COMPRESSION TYPE",
                          new OneOf(List.of("none", "gzip", "snappy", "lz4", "zstd")),
                          "lz4",
                          "How batches are compressed."),
                      spec(
                          "TOPIC PARTITION COUNT",
                          POSITIVE,
                          "the broker's",
                          "Used when the topic is made."),
                      spec(
                          "TOPIC REPLICATION FACTOR",
                          new Whole(1, Short.MAX_VALUE, "must be a positive integer"),
                          "the broker's",
                          "Used when the topic is made."),
                      spec(
                          "TOPIC CONFIG",
                          new Entries(),
                          "MAP[]",
                          "Used when the topic is made, e.g. `MAP['cleanup.policy' =>"
                              + " 'compact']`."),
                      spec(
                          "PARTITIONER",
                          new OneOf(List.of("seahash", "murmur2")),
                          "seahash",
                          "Which partition a key goes to: `murmur2` as Kafka's Java clients choose."
                              + " Fixed for the sink's life."),
                      spec(
                          "PARTITION BY",
                          new Formula(),
                          "",
                          "Instead: an expression over the row that gives a number; the partition"
                              + " is that number modulo the topic's partitions."),
                      spec(
                          "TOPIC METADATA REFRESH INTERVAL",
                          new Interval(),
                          "30 seconds",
                          "How often it is looked whether the topic has more partitions; at most an"
                              + " hour."),
                      spec(
                          "MAX MESSAGE BYTES",
                          POSITIVE,
                          "32 MiB",
                          "Longest record; what the topic takes is its own `max.message.bytes`."),
                      spec(
                          "TRANSACTIONAL ID PREFIX",
                          TEXT,
                          "",
                          "Stands before the sink's transactional id, for ACLs."),
                      spec(
                          "PROGRESS GROUP ID PREFIX",
                          TEXT,
                          "",
                          "Read and without effect: no consumer group is used."),
                      spec(
                          "DELIVERY",
                          new OneOf(List.of("exactly-once", "at-least-once")),
                          "exactly-once",
                          "`at-least-once`: records are not part of a transaction, so that every"
                              + " reader sees them at once, and some twice after a crash."),
                      spec(
                          "DEAD LETTER TOPIC",
                          TEXT,
                          "",
                          "Where changes go that cannot be encoded, instead of stalling the"
                              + " sink, and records that a Kafka source with `ON BAD RECORD ="
                              + " DLQ` cannot read.")),
                  OptionSpec.properties(
                      "batch.size",
                      "buffer.memory",
                      "compression.gzip.level",
                      "compression.lz4.level",
                      "compression.zstd.level",
                      "delivery.timeout.ms",
                      "linger.ms",
                      "max.block.ms",
                      "max.request.size",
                      "metadata.max.age.ms",
                      "request.timeout.ms",
                      "send.buffer.bytes",
                      "transaction.timeout.ms"))
              .toList());

  static final OptionTable ENVELOPE_DEBEZIUM =
      new OptionTable(
          "ENVELOPE DEBEZIUM",
          "the parentheses after ENVELOPE DEBEZIUM",
          List.of(
              spec(
                  "FULL",
                  BOOL,
                  "FALSE",
                  "Beside `before` and `after` also `op`, `ts_ms`, `source` and `transaction`."),
              spec(
                  "TOMBSTONES",
                  BOOL,
                  "FALSE",
                  "After each delete a record without value, so that compaction removes the key;"
                      + " needs a `KEY`.")));

  static final OptionTable NO_ENVELOPE_OPTIONS =
      new OptionTable("ENVELOPE", "the parentheses after ENVELOPE", List.of());

  static final OptionTable SINK_WITH =
      new OptionTable(
          "CREATE SINK",
          "WITH (…)",
          List.of(
              spec(
                  "SNAPSHOT",
                  BOOL,
                  "TRUE",
                  "Whether the rows that are there at CREATE are emitted too."),
              spec(
                  "COMMIT INTERVAL",
                  new Interval(),
                  "",
                  "Net changes of a key over this time and commit then; only with `ENVELOPE UPSERT`"
                      + " and an enforced key. Without it commits adapt to the load."),
              spec(
                  "ON KEY CONFLICT",
                  new OneOf(List.of("LAST", "STALL", "DLQ")),
                  "LAST",
                  "What happens when two rows are seen to share a key that is `NOT ENFORCED`: the"
                      + " last one stays, the sink stalls, or the second row's changes go to the"
                      + " `DEAD LETTER TOPIC`. Counted in any case."),
              spec(
                  "ATOMICITY",
                  new OneOf(List.of("source", "table")),
                  "source",
                  "With `FROM SOURCE`: `source` keeps each of the database's transactions in one of"
                      + " Kafka, across topics; `table` lets large ones be taken apart."),
              spec(
                  "TRANSACTION TIMEOUT",
                  new Interval(),
                  "10 minutes",
                  "How long a Kafka transaction may take; at most the brokers'"
                      + " `transaction.max.timeout.ms`."),
              spec(
                  "ON TABLE ERROR",
                  new OneOf(List.of("STALL", "EXCLUDE")),
                  "STALL",
                  "With `FROM SOURCE`: what a table that cannot be carried does to the sink; with"
                      + " `EXCLUDE` it is left out for good and named in DESCRIBE SINK."),
              spec("SIZE", TEXT, "", "Read and without effect, as `IN CLUSTER`."),
              spec(
                  "ON TRUNCATE",
                  new OneOf(List.of("STALL", "TOMBSTONE", "IGNORE")),
                  "STALL",
                  "What TRUNCATE of the table does to the sink; `TOMBSTONE` needs `ENVELOPE"
                      + " UPSERT`."),
              spec(
                  "MAX RETAINED WAL",
                  new Size(),
                  "",
                  "How much WAL the sink's slot may hold back on the database's disk, e.g."
                      + " `'10GiB'`."),
              spec(
                  "ON EXCEEDED",
                  new OneOf(List.of("WARN", "DROP SLOT")),
                  "WARN",
                  "What happens beyond `MAX RETAINED WAL`; after `DROP SLOT` the sink needs"
                      + " RESNAPSHOT.")));

  static final OptionTable ALTER_SINK_FROM =
      new OptionTable(
          "ALTER SINK … SET FROM",
          "WITH (…) after SET FROM",
          List.of(
              spec(
                  "DIFF",
                  BOOL,
                  "FALSE",
                  "All rows of the new relation are written and keys that it does not have get"
                      + " tombstones. Must be given.")));

  private SinkOptionTables() {}

  private static OptionSpec spec(String name, OptionType type, String fallback, String doc) {
    return new OptionSpec(name, type, fallback, doc);
  }
}
