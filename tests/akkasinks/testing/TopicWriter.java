package akkasinks.testing;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes records into a topic, as somebody else's program would: in transactions or without. */
public final class TopicWriter implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;

  /** A writer of one topic; transactional, with an id of its own. */
  public TopicWriter(String bootstrap, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "transactional.id",
                "writer-" + UUID.randomUUID(),
                "linger.ms",
                "5",
                "batch.size",
                256 << 10),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  public TopicWriter begin() {
    producer.beginTransaction();
    return this;
  }

  /** Into the partition that the key's hash gives, or any without a key. */
  public TopicWriter send(@Nullable String key, @Nullable String value) {
    producer.send(new ProducerRecord<>(topic, bytes(key), bytes(value)));
    return this;
  }

  public TopicWriter send(int partition, @Nullable String key, @Nullable String value) {
    producer.send(new ProducerRecord<>(topic, partition, bytes(key), bytes(value)));
    return this;
  }

  /** A record with all that one can have. */
  public TopicWriter send(ProducerRecord<byte[], byte[]> record) {
    producer.send(record);
    return this;
  }

  public TopicWriter commit() {
    producer.commitTransaction();
    return this;
  }

  /** Sends what was not sent yet; the transaction stays open. */
  public TopicWriter flush() {
    producer.flush();
    return this;
  }

  public TopicWriter abort() {
    producer.flush();
    producer.abortTransaction();
    return this;
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
