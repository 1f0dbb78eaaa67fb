package akkasinks.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The ids that a plain read_committed consumer has seen; one that comes twice is an error. */
final class Keys implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final int rows;
  private final BitSet seen;

  /** Of a topic with one partition and ids from 1 to {@code rows}. */
  Keys(String bootstrap, String topic, int rows) {
    this.rows = rows;
    this.seen = new BitSet(rows + 1);
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  int count() {
    return seen.cardinality();
  }

  void readUntil(int count) {
    int have = count();
    long last = System.nanoTime();
    while (have < count) {
      int more = read();
      have += more;
      long now = System.nanoTime();
      if (more > 0) {
        last = now;
      } else if (now - last > SILENCE.toNanos()) {
        throw new AssertionError("nothing came after " + have + " of " + count + " keys");
      }
    }
  }

  /** Up to the topic's end now. */
  void readToEnd() {
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (consumer.position(partition) < end) {
      read();
    }
  }

  /** How many more there are within 200 ms. */
  int read() {
    int count = 0;
    for (var record : consumer.poll(Duration.ofMillis(200))) {
      var key = new String(record.key(), StandardCharsets.US_ASCII);
      int id = Integer.parseInt(key.substring("{\"id\":".length(), key.length() - 1));
      if (id < 1 || id > rows || seen.get(id)) {
        throw new AssertionError("unknown or sent twice: " + key + " at " + record.offset());
      }
      seen.set(id);
      count++;
    }
    return count;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
