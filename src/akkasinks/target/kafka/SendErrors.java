package akkasinks.target.kafka;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first error of any send: one callback for all records, so that none of them needs an
 * object of its own. Also sees when the data topic's offsets go back, which means that it was made
 * anew under the writer. Called by the producer's own thread.
 */
final class SendErrors implements Callback {
  private final String topic;
  private volatile @Nullable Exception first;
  private long[] highest = new long[0];

  SendErrors(String topic) {
    this.topic = topic;
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata sent, @Nullable Exception error) {
    if (first != null) {
      return;
    }
    if (error != null) {
      first = error;
    } else if (sent != null && sent.hasOffset() && sent.topic().equals(topic)) {
      advance(sent.partition(), sent.offset());
    }
  }

  private void advance(int partition, long offset) {
    if (partition >= highest.length) {
      int known = highest.length;
      highest = Arrays.copyOf(highest, partition + 1);
      Arrays.fill(highest, known, highest.length, -1);
    }
    if (offset <= highest[partition]) {
      first =
          new UnknownTopicOrPartitionException(
              "offset %d of partition %d came after offset %d: the topic was made anew"
                  .formatted(offset, partition, highest[partition]));
    } else {
      highest[partition] = offset;
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
