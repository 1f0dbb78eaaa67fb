package akkasinks.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.TopicPartition;

/** What a read_committed consumer has of topics whose ids grow, and when it came. */
final class NewestIds implements AutoCloseable {
  private final Map<String, NavigableMap<Long, Long>> arrivals = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean going = true;

  /**
   * @param topics of one partition each
   */
  NewestIds(String brokers, List<String> topics) {
    topics.forEach(topic -> arrivals.put(topic, new ConcurrentSkipListMap<>()));
    Map<String, Object> settings = Map.of("auto.offset.reset", "earliest", "fetch.max.wait.ms", 50);
    this.thread = Thread.ofPlatform().start(() -> read(brokers, settings, topics));
  }

  private void read(String brokers, Map<String, Object> settings, List<String> topics) {
    try (var consumer = Readers.committed(brokers, settings)) {
      consumer.assign(topics.stream().map(topic -> new TopicPartition(topic, 0)).toList());
      while (going) {
        var found = consumer.poll(Duration.ofMillis(50));
        long now = System.nanoTime();
        for (var each : found) {
          arrivals.get(each.topic()).putIfAbsent(TopicCheck.id(each.key()), now);
        }
      }
    }
  }

  /** 0 if nothing has come. */
  long newest(String topic) {
    var there = arrivals.get(topic).lastEntry();
    return there == null ? 0 : there.getKey();
  }

  /** When the first id beyond this one came, by {@link System#nanoTime}. */
  long passedAt(String topic, long id) {
    return arrivals.get(topic).higherEntry(id).getValue();
  }

  /** Seconds between two neighbours of these ids, at most. */
  double longestGap(String topic, long from, long to) {
    long longest = 0;
    long before = 0;
    for (long at : arrivals.get(topic).subMap(from, true, to, true).values()) {
      longest = Math.max(longest, before == 0 ? 0 : at - before);
      before = at;
    }
    return longest / 1e9;
  }

  @Override
  public void close() throws InterruptedException {
    going = false;
    thread.join();
  }
}
