package akkasinks.catalog;

import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.Source;

/** What feeds a sink: a source with the connection of its kind. */
public sealed interface Feed {
  record Postgres(PostgresSource source, PostgresConnection connection) implements Feed {}

  record Kafka(KafkaSource source, KafkaConnection connection) implements Feed {}

  /**
   * @throws IllegalStateException if the connection is not of the source's kind, which planning has
   *     seen to
   */
  static Feed of(Source source, Connection connection) {
    return switch (source) {
      case PostgresSource tables when connection instanceof PostgresConnection database ->
          new Postgres(tables, database);
      case KafkaSource topic when connection instanceof KafkaConnection brokers ->
          new Kafka(topic, brokers);
      case PostgresSource _, KafkaSource _ ->
          throw new IllegalStateException(
              source.name() + " cannot be read over " + connection.name());
    };
  }
}
