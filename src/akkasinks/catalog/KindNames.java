package akkasinks.catalog;

import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.Definition.SshConnection;

/** What SHOW and the relations call the kinds of connections and sources. */
public final class KindNames {
  private KindNames() {}

  public static String of(Source source) {
    return switch (source) {
      case PostgresSource _ -> "postgres";
      case KafkaSource _ -> "kafka";
    };
  }

  public static String of(Connection connection) {
    return switch (connection) {
      case PostgresConnection _ -> "postgres";
      case KafkaConnection _ -> "kafka";
      case RegistryConnection _ -> "confluent-schema-registry";
      case SshConnection _ -> "ssh-tunnel";
    };
  }
}
