package akkasinks.target.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Opens Kafka clients for one sink, and waits for an admin's answers. */
final class Clients {
  /** A record may be as long as the brokers allow: they judge, not the client's default of 1 MB. */
  private static final int MAX_RECORD = 32 << 20;

  private final KafkaSettings settings;
  private final KafkaFailures failures;

  Clients(KafkaSettings settings) {
    this.settings = settings;
    this.failures = new KafkaFailures(settings);
  }

  KafkaSettings settings() {
    return settings;
  }

  KafkaFailures failures() {
    return failures;
  }

  Admin admin(Duration patience) {
    Map<String, Object> all = settings.common();
    int millis = (int) patience.toMillis();
    all.put("client.id", settings.outsideId() + "-admin");
    all.put("default.api.timeout.ms", millis);
    all.put("request.timeout.ms", Math.min(millis, 10_000));
    long began = System.nanoTime();
    try {
      return Admin.create(all);
    } catch (KafkaException e) {
      double seconds = (System.nanoTime() - began) / 1e9;
      throw failures.of(e, "opening an admin client (tried for %.1f s)".formatted(seconds));
    }
  }

  /**
   * @param batch bytes of a batch, one of which may be open for each partition
   */
  Producer<byte[], byte[]> producer(int batch) {
    Map<String, Object> all = producerSettings(batch);
    all.put("client.id", settings.outsideId());
    all.put("transactional.id", settings.outsideId());
    all.put("transaction.timeout.ms", (int) settings.transaction().toMillis());
    return open(all);
  }

  /** One that takes part in no transaction. */
  Producer<byte[], byte[]> plainProducer(int batch) {
    Map<String, Object> all = producerSettings(batch);
    all.remove("transaction.timeout.ms");
    all.put("client.id", settings.outsideId() + "-data");
    return open(all);
  }

  private Map<String, Object> producerSettings(int batch) {
    Map<String, Object> all = settings.common();
    // Costs no latency: a commit flushes. Without it batches leave before they are full.
    all.put("linger.ms", "100");
    all.put("batch.size", batch);
    all.put("buffer.memory", 32 << 20);
    all.put("max.request.size", MAX_RECORD);
    all.putAll(settings.producer());
    int delivery = (int) settings.delivery().toMillis();
    all.put("enable.idempotence", "true");
    all.put("acks", "all");
    all.put("max.in.flight.requests.per.connection", "5");
    all.put("compression.type", settings.compression());
    all.put("delivery.timeout.ms", delivery);
    all.putIfAbsent("request.timeout.ms", Math.clamp(delivery / 2, 500, 30_000));
    all.putIfAbsent("max.block.ms", Math.min(delivery, 30_000));
    return all;
  }

  private Producer<byte[], byte[]> open(Map<String, Object> all) {
    try {
      return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw failures.of(e, "opening a producer");
    }
  }

  /** Belongs to no group; fails where there is nothing to read from, never starts elsewhere. */
  Consumer<byte[], byte[]> consumer(IsolationLevel isolation, Duration patience) {
    Map<String, Object> all = new HashMap<>(settings.common());
    int millis = (int) patience.toMillis();
    all.put("client.id", settings.outsideId() + "-reader");
    all.put("isolation.level", isolation.toString());
    all.put("auto.offset.reset", "none");
    all.put("enable.auto.commit", "false");
    all.put("allow.auto.create.topics", "false");
    all.put("default.api.timeout.ms", millis);
    all.put("request.timeout.ms", Math.min(millis, 10_000));
    // An end that is not reached yet is waited for here; half a second is the client's default.
    all.put("fetch.max.wait.ms", "20");
    try {
      return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw failures.of(e, "opening a consumer");
    }
  }

  /**
   * @param doing what was asked for, for the message: "reading …"
   * @param needed the rights to name if it was denied
   */
  <T> T await(KafkaFuture<T> answer, String doing, Right... needed) {
    List<Right> rights = List.of(needed);
    try {
      // The client's own time-out comes first and says more.
      return answer.get(settings.timings().settle().toMillis() * 2 + 30_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failures.of(e.getCause() == null ? e : e.getCause(), doing, rights);
    } catch (TimeoutException e) {
      throw failures.of(e, doing);
    } catch (InterruptedException e) {
      throw failures.of(new InterruptException(e), doing);
    }
  }
}
