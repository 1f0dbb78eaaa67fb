package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.Option;
import akkasinks.sql.OtherWays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CREATE CONNECTION … TO KAFKA as a definition. */
final class KafkaConnectionPlan {
  private static final Pattern BROKER =
      Pattern.compile("([^\\s,:/\\[\\]]{1,255}|\\[[0-9a-fA-F:.]{2,45}\\])(?::([0-9]{1,5}))?");
  private static final int DEFAULT_PORT = 9092;
  private static final int LAST_PORT = 65_535;

  private final CreateConnection statement;
  private final CatalogState state;
  private final String id;
  private final Options options;
  private final String protocol;

  KafkaConnectionPlan(CreateConnection statement, CatalogState state, String id) {
    this.statement = statement;
    this.state = state;
    this.id = id;
    for (Option option : statement.options()) {
      // Without "=" the tunnel's name is part of it.
      if (option.name().startsWith("SSH TUNNEL")) {
        throw OtherWays.tunnelToKafka(option.position());
      }
    }
    this.options = new Options(OptionTables.KAFKA_CONNECTION, statement.options());
    this.protocol = protocol();
  }

  KafkaConnection connection() {
    String progressTopic =
        options
            .find("PROGRESS TOPIC")
            .map(TopicNames::checked)
            .orElse("_akkasinks-progress-" + state.installation() + "-" + id);
    return new KafkaConnection(
        id,
        statement.name().text(),
        brokers(),
        protocol,
        progressTopic,
        options.whole("PROGRESS TOPIC REPLICATION FACTOR", 0),
        properties(),
        ConnectionPlan.canonical(statement, options));
  }

  private String protocol() {
    if (options.has("SECURITY PROTOCOL")) {
      return options.word("SECURITY PROTOCOL");
    }
    return ConnectionOptions.SASL.stream().anyMatch(options::has) ? "SASL_SSL" : "SSL";
  }

  private List<String> brokers() {
    if (options.has("BROKER") == options.has("BROKERS")) {
      String must = options.has("BROKER") ? "can only set one of" : "must set one of";
      throw invalid(
          "invalid CONNECTION: " + must + " BROKER, BROKERS", statement.kind().position());
    }
    List<String> one = options.text("BROKER").stream().toList();
    String option = one.isEmpty() ? "BROKERS" : "BROKER";
    return options.texts("BROKERS").orElse(one).stream()
        .map(broker -> broker(broker, option, options.position(option)))
        .toList();
  }

  private static String broker(String text, String option, int position) {
    if (text.contains(",")) {
      throw invalid("cannot specify multiple Kafka broker addresses in one string.", position)
          .failure()
          .hint("Give each its own: BROKERS ('a:9092', 'b:9092').")
          .exception();
    }
    Matcher broker = BROKER.matcher(text);
    if (broker.matches()) {
      int port = broker.group(2) == null ? DEFAULT_PORT : Integer.parseInt(broker.group(2));
      if (port >= 1 && port <= LAST_PORT) {
        return broker.group(1) + ":" + port;
      }
    }
    throw invalid(
        "invalid " + option + ": \"" + OptionNames.shortened(text) + "\" is not host:port",
        position);
  }

  private Map<String, Value> properties() {
    Map<String, Value> properties = new LinkedHashMap<>();
    options.properties().forEach((name, text) -> properties.put(name, new Value.Text(text)));
    sasl(properties);
    tls(properties);
    return properties;
  }

  private void sasl(Map<String, Value> properties) {
    if (!protocol.startsWith("SASL_")) {
      options.refuse(ConnectionOptions.SASL, "SECURITY PROTOCOL is " + protocol + ".");
      return;
    }
    require(List.of("SASL MECHANISMS"));
    String mechanism = options.word("SASL MECHANISMS");
    String why = "SASL MECHANISMS is " + mechanism + ".";
    properties.put("sasl.mechanism", new Value.Text(mechanism));
    if (mechanism.equals("OAUTHBEARER")) {
      options.refuse(ConnectionOptions.SASL_USER, why);
      require(ConnectionOptions.SASL_OAUTH);
      put(properties, "sasl.oauthbearer.token.endpoint.url", "SASL OAUTHBEARER TOKEN ENDPOINT URL");
      put(
          properties,
          "sasl.oauthbearer.client.credentials.client.id",
          "SASL OAUTHBEARER CLIENT ID");
      put(
          properties,
          "sasl.oauthbearer.client.credentials.client.secret",
          "SASL OAUTHBEARER CLIENT SECRET");
      put(properties, "sasl.oauthbearer.scope", ConnectionOptions.SASL_SCOPE);
    } else {
      options.refuse(ConnectionOptions.SASL_OAUTH, why);
      options.refuse(List.of(ConnectionOptions.SASL_SCOPE), why);
      require(ConnectionOptions.SASL_USER);
      put(properties, "sasl.username", "SASL USERNAME");
      put(properties, "sasl.password", "SASL PASSWORD");
    }
  }

  private void require(List<String> names) {
    for (String name : names) {
      if (!options.has(name)) {
        throw invalid(name + " must be specified", statement.kind().position());
      }
    }
  }

  private void tls(Map<String, Value> properties) {
    if (!protocol.endsWith("SSL")) {
      options.refuse(ConnectionPlan.TLS, "SECURITY PROTOCOL is " + protocol + ".");
      return;
    }
    options.together("SSL CERTIFICATE", "SSL KEY");
    if (options.has("SSL CERTIFICATE AUTHORITY")) {
      properties.put("ssl.truststore.type", new Value.Text("PEM"));
      put(properties, "ssl.truststore.certificates", "SSL CERTIFICATE AUTHORITY");
    }
    if (options.has("SSL KEY")) {
      properties.put("ssl.keystore.type", new Value.Text("PEM"));
      put(properties, "ssl.keystore.certificate.chain", "SSL CERTIFICATE");
      put(properties, "ssl.keystore.key", "SSL KEY");
    }
  }

  private void put(Map<String, Value> properties, String property, String name) {
    options.find(name).ifPresent(o -> properties.put(property, ConnectionPlan.value(o, state)));
  }

  private static FailureException invalid(String message, int position) {
    return Failure.of(Code.INVALID_PARAMETER, message).at(position).exception();
  }
}
