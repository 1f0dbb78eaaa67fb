package akkasinks.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.common.TopicPartition;

/** When a read_committed consumer saw each id for the first time. */
final class Arrivals implements AutoCloseable {
  private final AtomicLongArray seen;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger doubled = new AtomicInteger();
  private final Thread thread;
  private volatile boolean going = true;

  /**
   * @param ids from 1 to this
   */
  Arrivals(String brokers, String topic, int ids) {
    this.seen = new AtomicLongArray(ids);
    Map<String, Object> settings =
        Map.of("auto.offset.reset", "earliest", "max.poll.records", 50_000);
    this.thread = Thread.ofPlatform().start(() -> read(brokers, settings, topic));
  }

  private void read(String brokers, Map<String, Object> settings, String topic) {
    try (var consumer = Readers.committed(brokers, settings)) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList());
      while (going) {
        var found = consumer.poll(Duration.ofMillis(100));
        long now = System.nanoTime();
        for (var each : found) {
          int id = Math.toIntExact(TopicCheck.id(each.key()));
          if (seen.compareAndSet(id - 1, 0, now)) {
            count.incrementAndGet();
          } else {
            doubled.incrementAndGet();
          }
        }
      }
    }
  }

  int count() {
    return count.get();
  }

  int doubled() {
    return doubled.get();
  }

  /** By {@link System#nanoTime}. */
  long seenAt(int id) {
    return seen.get(id - 1);
  }

  @Override
  public void close() {
    going = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
