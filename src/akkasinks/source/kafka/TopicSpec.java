package akkasinks.source.kafka;

import akkasinks.catalog.KafkaSource;
import akkasinks.format.registry.SchemaRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * All that the reading of one topic for one sink needs to know, secrets opened: never to be logged
 * or kept.
 *
 * @param client properties of any client of the connection, by their Kafka names
 * @param clientId what the brokers' logs and quotas call this reader
 * @param sinkKey the sink's KEY
 * @param snapshot whether to begin with what is there, or with what comes
 * @param registries opens the registry of a connection's id; whoever asks closes it
 */
public record TopicSpec(
    Map<String, Object> client,
    String clientId,
    KafkaSource source,
    List<String> sinkKey,
    boolean snapshot,
    Function<String, SchemaRegistry> registries,
    InstantSource clock) {
  public TopicSpec {
    client = Map.copyOf(client);
    sinkKey = List.copyOf(sinkKey);
  }

  /** The Avro schemas of a registry connection, by id. */
  IntFunction<String> schemas(String registryId) {
    return id -> {
      try (var registry = registries.apply(registryId)) {
        return registry.schema(id).text();
      }
    };
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
