package akkasinks.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole topics with a plain consumer: the judge of what the product wrote, so none of the
 * product's code is in it.
 */
public final class TopicReader {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final String bootstrap;

  /** A reader over the brokers at {@code bootstrap}. */
  public TopicReader(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** One record as a consumer sees it; values of headers with one name have a comma between. */
  public record Entry(
      int partition,
      long offset,
      long timestamp,
      byte @Nullable [] keyBytes,
      byte @Nullable [] valueBytes,
      Map<String, String> headers) {
    /** The key as UTF-8 text. */
    public @Nullable String key() {
      return text(keyBytes);
    }

    /** The value as UTF-8 text; null is a tombstone. */
    public @Nullable String value() {
      return text(valueBytes);
    }

    @Override
    public String toString() {
      return partition + "@" + offset + " " + key() + " = " + value();
    }
  }

  /**
   * All records that a read_committed consumer sees, up to the topic's end now; partition after
   * partition, each in order. What an open transaction hides is not waited for.
   */
  public List<Entry> committed(String topic) {
    return read(topic, "read_committed");
  }

  /** All records up to the topic's end, those of open and aborted transactions included. */
  public List<Entry> uncommitted(String topic) {
    return read(topic, "read_uncommitted");
  }

  /** The last committed value of each key, tombstones applied, in order of first appearance. */
  public Map<String, String> fold(String topic) {
    Map<String, String> fold = new LinkedHashMap<>();
    for (Entry entry : committed(topic)) {
      String value = entry.value();
      if (value == null) {
        fold.remove(String.valueOf(entry.key()));
      } else {
        fold.put(String.valueOf(entry.key()), value);
      }
    }
    return fold;
  }

  /** Waits until the topic holds at least this many committed records, and returns them all. */
  public List<Entry> awaitCommitted(String topic, int count) {
    return Await.within(DEADLINE)
        .value(
            count + " committed records in " + topic,
            () -> committed(topic),
            entries -> entries.size() >= count);
  }

  /** The end offsets per partition: of committed data only, or of everything. */
  public Map<Integer, Long> ends(String topic, boolean committedOnly) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        consumer(committedOnly ? "read_committed" : "read_uncommitted")) {
      Map<Integer, Long> ends = new HashMap<>();
      consumer
          .endOffsets(partitions(consumer, topic))
          .forEach((partition, end) -> ends.put(partition.partition(), end));
      return ends;
    }
  }

  private List<Entry> read(String topic, String isolation) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<Integer, List<Entry>> read = new HashMap<>();
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      // The position, not the last record, tells the end: markers and aborted records have offsets.
      while (!ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("cannot read " + topic + " up to " + ends);
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          if (record.offset() < ends.get(partition)) {
            read.computeIfAbsent(record.partition(), p -> new ArrayList<>()).add(entry(record));
          }
        }
      }
      return partitions.stream()
          .map(TopicPartition::partition)
          .sorted()
          .flatMap(partition -> read.getOrDefault(partition, List.of()).stream())
          .toList();
    }
  }

  private static Entry entry(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.merge(header.key(), String.valueOf(text(header.value())), (a, b) -> a + "," + b);
    }
    return new Entry(
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        headers);
  }

  private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic, DEADLINE).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .collect(Collectors.toList());
    if (partitions.isEmpty()) {
      throw new AssertionError("no such topic: " + topic);
    }
    return partitions;
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", bootstrap,
            "isolation.level", isolation,
            "auto.offset.reset", "none",
            "enable.auto.commit", "false",
            "allow.auto.create.topics", "false"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
