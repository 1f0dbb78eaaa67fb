package akkasinks.cli.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks at the ends of topics as any read_committed consumer does. */
public final class Records {
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final int SHOWN = 150;

  /** A transaction's end takes an offset, too: the last few offsets hold fewer records. */
  private static final int OFFSETS_BACK = 12;

  private Records() {}

  /** Up to {@code count} of the last committed records of a topic, as {@code key value} texts. */
  public static List<String> last(String brokers, String topic, int count) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            brokers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            100);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer
          .endOffsets(partitions)
          .forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - OFFSETS_BACK)));
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      consumer.poll(WAIT).forEach(found::add);
      found.sort((a, b) -> Long.compare(a.timestamp(), b.timestamp()));
      return found.subList(Math.max(0, found.size() - count), found.size()).stream()
          .map(record -> text(record.key()) + "  " + text(record.value()))
          .toList();
    }
  }

  private static String text(byte @org.jspecify.annotations.Nullable [] bytes) {
    if (bytes == null) {
      return "(deleted)";
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
