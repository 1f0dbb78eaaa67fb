package akkasinks.catalog;

import akkasinks.catalog.Definition.Format;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sink's author chose beyond relation, topic, key and envelope. Stored with the sink: a
 * field that an older version did not know gets its default.
 *
 * @param headers column of the record headers
 * @param columns what the value has of the row
 * @param keyFormat if it differs from the value's
 * @param partitionBy an expression over the row, as it was written; empty for the partitioner
 * @param metadataRefresh how often new partitions are looked for
 * @param transactionalIdPrefix may be empty
 * @param debezium what ENVELOPE DEBEZIUM adds to before and after
 * @param whole if the sink carries all tables of its source, each to a topic of its own
 */
public record SinkDetails(
    Optional<String> headers,
    Columns columns,
    Optional<Format> keyFormat,
    Debezium debezium,
    Optional<String> partitionBy,
    Optional<Duration> metadataRefresh,
    String transactionalIdPrefix,
    Delivery delivery,
    Optional<String> deadLetterTopic,
    OnKeyConflict onKeyConflict,
    Optional<Whole> whole) {

  /** A sink that was told nothing of all this. */
  public static final SinkDetails NONE =
      new SinkDetails(
          Optional.empty(),
          new Columns.All(),
          Optional.empty(),
          Debezium.PLAIN,
          Optional.empty(),
          Optional.empty(),
          "",
          Delivery.EXACTLY_ONCE,
          Optional.empty(),
          OnKeyConflict.LAST,
          Optional.empty());

  public SinkDetails {
    headers = Objects.requireNonNullElse(headers, Optional.empty());
    columns = Objects.requireNonNullElse(columns, new Columns.All());
    keyFormat = Objects.requireNonNullElse(keyFormat, Optional.empty());
    debezium = Objects.requireNonNullElse(debezium, Debezium.PLAIN);
    partitionBy = Objects.requireNonNullElse(partitionBy, Optional.empty());
    metadataRefresh = Objects.requireNonNullElse(metadataRefresh, Optional.empty());
    transactionalIdPrefix = Objects.requireNonNullElse(transactionalIdPrefix, "");
    delivery = Objects.requireNonNullElse(delivery, Delivery.EXACTLY_ONCE);
    deadLetterTopic = Objects.requireNonNullElse(deadLetterTopic, Optional.empty());
    onKeyConflict = Objects.requireNonNullElse(onKeyConflict, OnKeyConflict.LAST);
    whole = Objects.requireNonNullElse(whole, Optional.empty());
  }

  /**
   * How all tables of a source are carried.
   *
   * @param atomic a source transaction is one transaction of the target, across topics
   * @param excludes a table that cannot go on is left out, and does not stall the sink
   */
  public record Whole(boolean atomic, boolean excludes) {}

  /** The same for one of the source's tables. */
  SinkDetails ofTable() {
    return with(keyFormat, Optional.empty());
  }

  /** The same with another format of keys. */
  SinkDetails withKeyFormat(Optional<Format> other) {
    return with(other, whole);
  }

  private SinkDetails with(Optional<Format> keyFormat, Optional<Whole> whole) {
    return new SinkDetails(
        headers,
        columns,
        keyFormat,
        debezium,
        partitionBy,
        metadataRefresh,
        transactionalIdPrefix,
        delivery,
        deadLetterTopic,
        onKeyConflict,
        whole);
  }

  /** What a crash may do to records. */
  public enum Delivery {
    EXACTLY_ONCE,
    /** Outside transactions: some records may come twice. */
    AT_LEAST_ONCE
  }

  /** What happens when two rows are seen to share a key. */
  public enum OnKeyConflict {
    LAST,
    STALL,
    /** The second row's changes go to the dead letter topic. */
    DLQ
  }

  /** A choice of a row's columns. */
  public sealed interface Columns {
    record All() implements Columns {}

    /** Just these, in this order. */
    record Only(List<String> names) implements Columns {
      public Only {
        names = List.copyOf(names);
      }
    }

    /** All but these, and whatever the relation gains later. */
    record Without(List<String> names) implements Columns {
      public Without {
        names = List.copyOf(names);
      }
    }
  }

  /**
   * @param full op, ts_ms, source and transaction beside before and after
   * @param tombstones a record without value after each delete, for compacted topics
   */
  public record Debezium(boolean full, boolean tombstones) {
    static final Debezium PLAIN = new Debezium(false, false);
  }
}
