package akkasinks.target.kafka;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first error of any send: one callback for all records, so that none of them needs an
 * object of its own. Also sees when a data topic's offsets go back, which means that it was made
 * anew under the writer. Called by the producer's own thread.
 */
final class SendErrors implements Callback {
  private final Predicate<String> data;
  private volatile @Nullable Exception first;
  private final Map<String, long[]> highest = new HashMap<>();
  private String topic = "";
  private long[] offsets = new long[0];

  /**
   * @param data whether a topic is one of data
   */
  SendErrors(Predicate<String> data) {
    this.data = data;
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata sent, @Nullable Exception error) {
    if (first != null) {
      return;
    }
    if (error != null) {
      first = error;
    } else if (sent != null && sent.hasOffset() && at(sent.topic())) {
      advance(sent.partition(), sent.offset());
    }
  }

  /** Turns to the topic; false if it is none of data. Mostly it is the one of the record before. */
  private boolean at(String sentTo) {
    if (!sentTo.equals(topic)) {
      if (!data.test(sentTo)) {
        return false;
      }
      topic = sentTo;
      offsets = highest.getOrDefault(sentTo, new long[0]);
    }
    return true;
  }

  private void advance(int partition, long offset) {
    if (partition >= offsets.length) {
      int known = offsets.length;
      offsets = Arrays.copyOf(offsets, partition + 1);
      Arrays.fill(offsets, known, offsets.length, -1);
      highest.put(topic, offsets);
    }
    if (offset <= offsets[partition]) {
      first =
          new UnknownTopicOrPartitionException(
              "offset %d of partition %d of topic %s came after offset %d: it was made anew"
                  .formatted(offset, partition, topic, offsets[partition]));
    } else {
      offsets[partition] = offset;
    }
  }

  Optional<Exception> first() {
    return Optional.ofNullable(first);
  }

  /** Throws the first error, if there was one. */
  void check() {
    Exception error = first;
    if (error instanceof RuntimeException known) {
      throw known;
    }
    if (error != null) {
      throw new KafkaException(error);
    }
  }
}
