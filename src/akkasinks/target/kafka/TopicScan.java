package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;

/** Reads a topic's committed records, from its beginning or from given offsets. */
final class TopicScan {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Clients clients;
  private final String topic;

  TopicScan(Clients clients, String topic) {
    this.clients = clients;
    this.topic = topic;
  }

  /** Key and value of a record may be missing. */
  interface Each {
    void take(ConsumerRecord<byte[], byte[]> record) throws IOException;
  }

  /** All before {@code ends}. */
  void committed(List<Long> ends, Each each) throws IOException {
    read(Map.of(), byPartition(ends), each);
  }

  /** All at or after {@code from} and before the end now; new partitions from their beginning. */
  void committedFrom(List<Long> from, Map<TopicPartition, Long> ends, Each each)
      throws IOException {
    read(byPartition(from), ends, each);
  }

  private Map<TopicPartition, Long> byPartition(List<Long> offsets) {
    return IntStream.range(0, offsets.size())
        .boxed()
        .collect(Collectors.toMap(p -> new TopicPartition(topic, p), offsets::get));
  }

  private void read(Map<TopicPartition, Long> from, Map<TopicPartition, Long> ends, Each each)
      throws IOException {
    Duration patience = clients.settings().timings().settle();
    try (Consumer<byte[], byte[]> consumer =
        clients.consumer(IsolationLevel.READ_COMMITTED, patience)) {
      Set<TopicPartition> left = new HashSet<>(ends.keySet());
      consumer.assign(left);
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(left);
      Map<TopicPartition, Long> at = new HashMap<>();
      for (TopicPartition partition : ends.keySet()) {
        long begin = begins.getOrDefault(partition, 0L);
        long start = Math.max(begin, from.getOrDefault(partition, begin));
        consumer.seek(partition, start);
        at.put(partition, start);
      }
      left.removeIf(partition -> done(consumer, partition, ends));
      Deadline deadline = Deadline.in(patience);
      while (!left.isEmpty()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(topic, record.partition());
          if (record.offset() < ends.getOrDefault(partition, 0L)) {
            each.take(record);
          }
        }
        for (TopicPartition partition : left) {
          long now = consumer.position(partition);
          if (now > at.getOrDefault(partition, 0L)) {
            at.put(partition, now);
            deadline = Deadline.in(patience);
          }
        }
        left.removeIf(partition -> done(consumer, partition, ends));
        if (!left.isEmpty() && deadline.over()) {
          throw hidden(left, patience);
        }
      }
    } catch (KafkaException e) {
      throw clients
          .failures()
          .of(e, "reading topic \"" + topic + "\"", List.of(Right.topic(AclOperation.READ, topic)));
    }
  }

  /** The position tells, not the last record: markers and aborted records have offsets too. */
  private static boolean done(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, Map<TopicPartition, Long> ends) {
    if (consumer.position(partition) < ends.getOrDefault(partition, 0L)) {
      return false;
    }
    consumer.pause(List.of(partition));
    return true;
  }

  private RuntimeException hidden(Set<TopicPartition> left, Duration patience) {
    return Failure.of(
            Code.BUSY,
            "topic \"%s\" cannot be read to the end: nothing came of partitions %s for %s"
                .formatted(topic, left.stream().map(TopicPartition::partition).toList(), patience))
        .hint("Somebody else's open transaction hides it; kafka-transactions.sh finds it.")
        .exception();
  }
}
