package akkasinks.target.kafka;

import akkasinks.change.Messages;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Messages as the producer takes them. */
final class KafkaRecords {
  private KafkaRecords() {}

  /** In whichever partition the producer chooses. */
  static ProducerRecord<byte[], byte[]> anywhere(String topic, Messages messages, int i) {
    var made = new RecordHeaders();
    var headers = messages.headers();
    if (headers != null) {
      headers.of(i, made::add);
    }
    return new ProducerRecord<>(topic, null, messages.key(i), messages.value(i), made);
  }

  static ProducerRecord<byte[], byte[]> of(String topic, Messages messages, int i) {
    var headers = messages.headers();
    if (headers == null) {
      return new ProducerRecord<>(topic, messages.partition(i), messages.key(i), messages.value(i));
    }
    var made = new RecordHeaders();
    headers.of(i, made::add);
    return new ProducerRecord<>(
        topic, messages.partition(i), messages.key(i), messages.value(i), made);
  }
}
