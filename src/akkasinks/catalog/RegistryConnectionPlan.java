package akkasinks.catalog;

import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.Option;
import akkasinks.format.registry.RegistrySettings;
import java.util.Optional;

/** CREATE CONNECTION … TO CONFLUENT SCHEMA REGISTRY as a definition. */
final class RegistryConnectionPlan {
  private final CreateConnection statement;
  private final CatalogState state;
  private final String id;
  private final Options options;

  RegistryConnectionPlan(CreateConnection statement, CatalogState state, String id) {
    this.statement = statement;
    this.state = state;
    this.id = id;
    this.options = new Options(OptionTables.REGISTRY_CONNECTION, statement.options());
  }

  RegistryConnection connection() {
    if (options.has("PASSWORD") && !options.has("USERNAME")) {
      throw needs("PASSWORD", "USERNAME must be specified with PASSWORD");
    }
    if (options.has("SSL KEY") != options.has("SSL CERTIFICATE")) {
      throw needs(
          options.has("SSL KEY") ? "SSL KEY" : "SSL CERTIFICATE",
          "SSL-auth Confluent Schema Registry requires both SSL KEY and SSL CERTIFICATE");
    }
    return new RegistryConnection(
        id,
        statement.name().text(),
        url(),
        value("USERNAME"),
        value("PASSWORD"),
        value("SSL CERTIFICATE AUTHORITY"),
        value("SSL CERTIFICATE"),
        value("SSL KEY"),
        ConnectionPlan.tunnel(options, state),
        ConnectionPlan.canonical(statement, options));
  }

  private String url() {
    String text = ConnectionPlan.required(options, "URL", statement.kind());
    try {
      return RegistrySettings.checked(text);
    } catch (FailureException e) {
      throw e.failure().at(options.position("URL")).exception(e);
    }
  }

  private Optional<Value> value(String name) {
    return options.find(name).map(option -> ConnectionPlan.value(option, state));
  }

  private FailureException needs(String name, String message) {
    Option given = options.find(name).orElseThrow();
    return OptionValues.failure(given, message);
  }
}
