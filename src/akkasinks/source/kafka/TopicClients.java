package akkasinks.source.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Opens Kafka clients for the reading of one topic, and waits for an admin's answers. */
final class TopicClients {
  /** How long one question to the brokers may take. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TopicSpec spec;
  private final TopicFailures failures;

  TopicClients(TopicSpec spec) {
    this.spec = spec;
    this.failures = new TopicFailures(spec);
  }

  TopicFailures failures() {
    return failures;
  }

  Admin admin() {
    Map<String, Object> all = new HashMap<>(spec.client());
    all.put("client.id", spec.clientId() + "-source-admin");
    all.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    all.put("request.timeout.ms", (int) PATIENCE.toMillis());
    try {
      return Admin.create(all);
    } catch (KafkaException e) {
      throw failures.of(e, "opening an admin client");
    }
  }

  /** Belongs to no group; an offset that is not there is an error, never another one. */
  Consumer<byte[], byte[]> consumer() {
    Map<String, Object> all = new HashMap<>(spec.client());
    all.put("client.id", spec.clientId() + "-source");
    all.put("isolation.level", "read_committed");
    all.put("auto.offset.reset", "none");
    all.put("enable.auto.commit", "false");
    all.put("allow.auto.create.topics", "false");
    all.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    all.put("max.poll.records", 10_000);
    all.put("max.partition.fetch.bytes", 4 << 20);
    all.put("fetch.max.bytes", 16 << 20);
    try {
      return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw failures.of(e, "opening a consumer");
    }
  }

  /**
   * @param doing what was asked for, for the message
   */
  <T> T await(KafkaFuture<T> answer, String doing) {
    try {
      // The client's own time-out comes first and says more.
      return answer.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failures.of(e.getCause() == null ? e : e.getCause(), doing);
    } catch (TimeoutException e) {
      throw failures.of(e, doing);
    } catch (InterruptedException e) {
      throw failures.of(new InterruptException(e), doing);
    }
  }
}
