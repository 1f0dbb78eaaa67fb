package akkasinks.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RealKafkaTest {
  @Test
  void readsCommittedAndUncommitted() throws Exception {
    RealKafka kafka = RealKafka.shared();
    kafka.createTopic("reader", 2, Map.of());
    try (KafkaProducer<String, String> producer = producer(kafka.bootstrap(), "reader-tx")) {
      producer.initTransactions();
      producer.beginTransaction();
      ProducerRecord<String, String> first = new ProducerRecord<>("reader", 0, "a", "1");
      first.headers().add("h", "v".getBytes());
      producer.send(first);
      producer.send(new ProducerRecord<>("reader", 1, "b", "2"));
      producer.send(new ProducerRecord<>("reader", 1, "c", "3"));
      producer.send(new ProducerRecord<>("reader", 1, "b", null));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("reader", 0, "a", "aborted"));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("reader", 0, "a", "open"));
      producer.flush();

      TopicReader reader = kafka.reader();
      List<TopicReader.Entry> committed = reader.awaitCommitted("reader", 4);
      assertThat(committed)
          .extracting(TopicReader.Entry::toString)
          .containsExactly("0@0 a = 1", "1@0 b = 2", "1@1 c = 3", "1@2 b = null");
      assertThat(committed.getFirst().headers()).isEqualTo(Map.of("h", "v"));
      assertThat(reader.fold("reader")).isEqualTo(Map.of("a", "1", "c", "3"));
      assertThat(reader.uncommitted("reader"))
          .extracting(TopicReader.Entry::value)
          .contains("aborted", "open");
      assertThat(reader.ends("reader", true).get(0))
          .isLessThan(reader.ends("reader", false).get(0));
    }
  }

  @Test
  void survivesStopAndKillAndFreeze() throws Exception {
    try (RealKafka kafka = RealKafka.start()) {
      kafka.createTopic("kept", 1, Map.of());
      try (KafkaProducer<String, String> producer = producer(kafka.bootstrap(), null)) {
        producer.send(new ProducerRecord<>("kept", "k", "1")).get(20, TimeUnit.SECONDS);
        kafka.restart();
        producer.send(new ProducerRecord<>("kept", "k", "2")).get(20, TimeUnit.SECONDS);
        kafka.crash();
        producer.send(new ProducerRecord<>("kept", "k", "3")).get(20, TimeUnit.SECONDS);
        kafka.freeze();
        var held = producer.send(new ProducerRecord<>("kept", "k", "4"));
        kafka.thaw();
        held.get(20, TimeUnit.SECONDS);
      }
      assertThat(kafka.reader().committed("kept"))
          .extracting(TopicReader.Entry::value)
          .containsExactly("1", "2", "3", "4");
    }
  }

  @Test
  void staysBehindTheProxy() throws Exception {
    try (RealKafka kafka = RealKafka.startProxied(Map.of())) {
      kafka.createTopic("proxied", 1, Map.of());
      try (KafkaProducer<String, String> producer = producer(kafka.proxiedBootstrap(), null)) {
        producer.send(new ProducerRecord<>("proxied", "k", "1")).get(20, TimeUnit.SECONDS);
        kafka.proxy().freeze();
        var held = producer.send(new ProducerRecord<>("proxied", "k", "2"));
        Await.within(Duration.ofSeconds(10))
            .holds("the direct way is open", () -> kafka.reader().committed("proxied").size() == 1);
        assertThat(held.isDone()).isFalse();
        kafka.proxy().pass();
        held.get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static KafkaProducer<String, String> producer(String bootstrap, String transactionalId) {
    Map<String, Object> config = new java.util.HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("acks", "all");
    config.put("reconnect.backoff.max.ms", "200");
    if (transactionalId != null) {
      config.put("transactional.id", transactionalId);
    }
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }
}
