package akkasinks.target.kafka;

import akkasinks.catalog.TopicPattern;
import akkasinks.change.Relation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;

/**
 * All that the Kafka target needs to know of one sink, secrets opened: never to be logged or kept.
 *
 * @param brokers host:port each
 * @param securityProtocol PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
 * @param client further client properties by their Kafka names, and {@code sasl.username} and
 *     {@code sasl.password}
 * @param producer further producer properties by their Kafka names; what the protocol rests on
 *     cannot be overridden
 * @param sinkId lasting id of the sink
 * @param outsideId transactional id, and key of the progress record
 * @param progressReplicationFactor 0 for the broker's default
 * @param compression a Kafka compression type
 * @param upsert the topic is meant to be compacted
 * @param scratch directory for folds; made when needed
 * @param atLeastOnce records are sent outside the transactions that hold their positions
 * @param deadLetterTopic made when it is missing
 */
public record KafkaSettings(
    List<String> brokers,
    String securityProtocol,
    Map<String, String> client,
    Map<String, String> producer,
    String sinkId,
    String outsideId,
    String progressTopic,
    int progressReplicationFactor,
    Topic topic,
    String compression,
    boolean upsert,
    Timings timings,
    Path scratch,
    boolean atLeastOnce,
    Optional<String> deadLetterTopic) {

  /** Of exactly once, without dead letters. */
  public KafkaSettings(
      List<String> brokers,
      String securityProtocol,
      Map<String, String> client,
      Map<String, String> producer,
      String sinkId,
      String outsideId,
      String progressTopic,
      int progressReplicationFactor,
      Topic topic,
      String compression,
      boolean upsert,
      Timings timings,
      Path scratch) {
    this(
        brokers,
        securityProtocol,
        client,
        producer,
        sinkId,
        outsideId,
        progressTopic,
        progressReplicationFactor,
        topic,
        compression,
        upsert,
        timings,
        scratch,
        false,
        Optional.empty());
  }

  public KafkaSettings {
    brokers = List.copyOf(brokers);
    client = Map.copyOf(client);
    producer = Map.copyOf(producer);
  }

  /**
   * @param name may depend on the relation
   * @param partitions,replicationFactor used only when the topic is made; 0 for the broker's
   *     default
   */
  public record Topic(
      String name, int partitions, int replicationFactor, Map<String, String> config) {
    public Topic {
      config = Map.copyOf(config);
    }

    TopicPattern pattern() {
      return new TopicPattern(name);
    }

    /** Its name; of a pattern one that it could give, and that is not there. */
    String example() {
      return pattern().of(new Relation(0, "akkasinks", "would-make", List.of()));
    }
  }

  /**
   * @param connect how long CREATE tries to reach a broker
   * @param settle how long fencing, reading progress and an unanswered commit are tried
   * @param delivery until the brokers must have taken a record
   * @param transaction until the coordinator aborts a transaction whose writer fell silent
   * @param metadataRefresh how often the topic's id and number of partitions are looked up
   */
  public record Timings(
      Duration connect,
      Duration settle,
      Duration delivery,
      Duration transaction,
      Duration metadataRefresh) {
    public static final Timings DEFAULT =
        new Timings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            // A broker that is away shows as a stall after this long, not after Kafka's two
            // minutes.
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(30));

    /** The same, refreshing metadata at another pace. */
    public Timings refreshing(Duration interval) {
      return new Timings(connect, settle, delivery, transaction, interval);
    }
  }

  Duration delivery() {
    return millis("delivery.timeout.ms", timings.delivery());
  }

  Duration transaction() {
    return millis("transaction.timeout.ms", timings.transaction());
  }

  private Duration millis(String property, Duration otherwise) {
    String given = producer.get(property);
    return given == null ? otherwise : Duration.ofMillis(Long.parseLong(given));
  }

  /** What any client of the connection needs, secrets opened: for those who read its topics. */
  public Map<String, Object> clientProperties() {
    return common();
  }

  /** Properties that every client of this connection gets. */
  Map<String, Object> common() {
    Map<String, Object> all = new HashMap<>();
    client.forEach(
        (name, value) -> {
          if (!name.equals("sasl.username") && !name.equals("sasl.password")) {
            all.put(name, value);
          }
        });
    if (client.getOrDefault("sasl.mechanism", "").equals("OAUTHBEARER")) {
      TokenEndpoint.allow(client.getOrDefault("sasl.oauthbearer.token.endpoint.url", ""));
      all.put("sasl.login.callback.handler.class", OAuthBearerLoginCallbackHandler.class.getName());
      all.put("sasl.jaas.config", OAuthBearerLoginModule.class.getName() + " required;");
    }
    if (client.containsKey("sasl.username") && !client.containsKey("sasl.jaas.config")) {
      all.put("sasl.jaas.config", jaas());
    }
    all.put("bootstrap.servers", String.join(",", brokers));
    all.put("security.protocol", securityProtocol);
    all.put("enable.metrics.push", "false");
    all.put("reconnect.backoff.max.ms", "2000");
    return all;
  }

  private String jaas() {
    String module =
        client.getOrDefault("sasl.mechanism", "PLAIN").startsWith("SCRAM")
            ? "org.apache.kafka.common.security.scram.ScramLoginModule"
            : "org.apache.kafka.common.security.plain.PlainLoginModule";
    return "%s required username=\"%s\" password=\"%s\";"
        .formatted(
            module,
            escaped(client.getOrDefault("sasl.username", "")),
            escaped(client.getOrDefault("sasl.password", "")));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Addresses as messages show them. */
  String addresses() {
    return String.join(", ", brokers);
  }

  /** Names of properties only: their values may be secrets. */
  @Override
  public String toString() {
    return "KafkaSettings[brokers=%s, sink=%s, topic=%s, progress=%s, client=%s, producer=%s]"
        .formatted(
            brokers,
            sinkId,
            topic.name(),
            progressTopic,
            new TreeSet<>(client.keySet()),
            new TreeSet<>(producer.keySet()));
  }
}
