package akkasinks.pipeline;

import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.Topic;
import akkasinks.catalog.SinkDetails;
import akkasinks.catalog.Value;
import akkasinks.format.registry.RegistrySettings;
import akkasinks.format.registry.RegistryTls;
import akkasinks.format.registry.SchemaRegistry;
import akkasinks.source.postgres.PostgresSettings;
import akkasinks.target.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Connections as clients want them, with their secrets: read when a connection is made, and kept by
 * nobody.
 *
 * @param scratch directory for what does not fit in memory
 */
record ConnectionSettings(SecretReader secrets, Path scratch) {

  PostgresSettings of(PostgresConnection connection) {
    Supplier<String> password = () -> connection.password().map(this::reveal).orElse("");
    return PostgresSettings.of(
            connection.host(),
            connection.port(),
            connection.user(),
            password,
            connection.database(),
            connection.sslMode())
        .with(
            () ->
                new PostgresSettings.Tls(
                    connection.tls().authority().map(this::reveal),
                    connection.tls().certificate().map(this::reveal),
                    connection.tls().key().map(this::reveal)));
  }

  SchemaRegistry registry(RegistryConnection connection) {
    return new SchemaRegistry(
        new RegistrySettings(
            connection.url(),
            connection.username().map(this::reveal),
            connection.password().map(this::reveal),
            new RegistryTls(
                connection.authority().map(this::reveal),
                connection.certificate().map(this::reveal),
                connection.key().map(this::reveal))));
  }

  /** For what writes no topic. */
  KafkaSettings clientOnly(KafkaConnection connection) {
    return of(
        connection,
        "",
        "",
        new Topic("", 0, 0, Map.of()),
        "none",
        false,
        Map.of(),
        SinkDetails.NONE);
  }

  KafkaSettings of(
      KafkaConnection connection,
      String outsideId,
      String sinkId,
      Topic topic,
      String compression,
      boolean upsert,
      Map<String, String> producer,
      SinkDetails details) {
    return new KafkaSettings(
        connection.brokers(),
        connection.securityProtocol(),
        connection.properties().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> reveal(entry.getValue()))),
        producer,
        sinkId,
        outsideId,
        connection.progressTopic(),
        connection.progressReplicationFactor(),
        new KafkaSettings.Topic(
            topic.name(), topic.partitions(), topic.replicationFactor(), topic.config()),
        compression,
        upsert,
        details
            .metadataRefresh()
            .map(KafkaSettings.Timings.DEFAULT::refreshing)
            .orElse(KafkaSettings.Timings.DEFAULT),
        scratch,
        details.delivery() == SinkDetails.Delivery.AT_LEAST_ONCE,
        details.deadLetterTopic());
  }

  private String reveal(Value value) {
    return switch (value) {
      case Value.Text(var text) -> text;
      case Value.Secret(var id) -> secrets.read(id);
      case Value.External external -> secrets.external(external);
    };
  }
}
