package akkasinks.source.kafka;

import akkasinks.catalog.KafkaSource;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * All that the reading of one topic for one sink needs to know, secrets opened: never to be logged
 * or kept.
 *
 * @param client properties of any client of the connection, by their Kafka names
 * @param clientId what the brokers' logs and quotas call this reader
 * @param sinkKey the sink's KEY
 * @param snapshot whether to begin with what is there, or with what comes
 */
public record TopicSpec(
    Map<String, Object> client,
    String clientId,
    KafkaSource source,
    List<String> sinkKey,
    boolean snapshot,
    InstantSource clock) {
  public TopicSpec {
    client = Map.copyOf(client);
    sinkKey = List.copyOf(sinkKey);
  }

  String topic() {
    return source.topic();
  }

  String brokers() {
    return String.valueOf(client.get("bootstrap.servers"));
  }

  /** Without the properties: their values may be secrets. */
  @Override
  public String toString() {
    return "TopicSpec[topic=%s, brokers=%s]".formatted(topic(), brokers());
  }
}
