package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.Secret;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.SecretName;
import akkasinks.sql.Printer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CREATE CONNECTION as a definition. */
final class ConnectionPlan {
  static final List<String> TLS =
      List.of("SSL CERTIFICATE AUTHORITY", "SSL CERTIFICATE", "SSL KEY");

  /** How SHOW CREATE names them. */
  static final List<String> PUBLIC_KEYS = List.of("PUBLIC KEY 1", "PUBLIC KEY 2");

  private static final Pattern HOST_KEY =
      Pattern.compile("(?:^|\\s)((?:ssh|ecdsa)-[a-z0-9-]+)\\s+([A-Za-z0-9+/]{40,}={0,2})(?:\\s|$)");

  private ConnectionPlan() {}

  static Connection of(CreateConnection c, CatalogState state) {
    Planner.validates(c.with());
    return of(c, state, state.nextId(Ids.CONNECTION));
  }

  static Connection of(CreateConnection c, CatalogState state, String id) {
    return switch (c.kind().text()) {
      case "postgres" -> postgres(c, state, id);
      case "confluent schema registry" -> new RegistryConnectionPlan(c, state, id).connection();
      case "kafka" -> new KafkaConnectionPlan(c, state, id).connection();
      case "ssh tunnel" -> ssh(c, id);
      default ->
          throw Failure.of(
                  Code.NOT_SUPPORTED, "connection to " + c.kind().text() + " not yet supported")
              .hint("Possible: POSTGRES, KAFKA, CONFLUENT SCHEMA REGISTRY, SSH TUNNEL.")
              .at(c.kind().position())
              .exception();
    };
  }

  /** The options of a connection's kind. */
  static OptionTable table(Connection connection) {
    return switch (connection) {
      case PostgresConnection _ -> OptionTables.POSTGRES_CONNECTION;
      case KafkaConnection _ -> OptionTables.KAFKA_CONNECTION;
      case RegistryConnection _ -> OptionTables.REGISTRY_CONNECTION;
      case SshConnection _ -> OptionTables.SSH_CONNECTION;
    };
  }

  private static Connection postgres(CreateConnection c, CatalogState state, String id) {
    Options options = new Options(OptionTables.POSTGRES_CONNECTION, c.options());
    return new PostgresConnection(
        id,
        c.name().text(),
        required(options, "HOST", c.kind()),
        options.whole("PORT", 5432),
        required(options, "USER", c.kind()),
        options.find("PASSWORD").map(o -> value(o, state)),
        required(options, "DATABASE", c.kind()),
        options.word("SSL MODE"),
        tls(options, state),
        tunnel(options, state),
        canonical(c, options));
  }

  static Optional<SshTunnel> tunnel(Options options, CatalogState state) {
    return options
        .find("SSH TUNNEL")
        .map(option -> SshTunnel.through(Lookup.tunnel(state, OptionValues.name(option))));
  }

  /** Without keys: who plans it has them. */
  private static SshConnection ssh(CreateConnection c, String id) {
    for (Option option : c.options()) {
      if (PUBLIC_KEYS.contains(option.name())) {
        throw OptionValues.failure(
            option, "the " + option.name() + " option cannot be explicitly specified");
      }
    }
    Options options = new Options(OptionTables.SSH_CONNECTION, c.options());
    return new SshConnection(
        id,
        c.name().text(),
        required(options, "HOST", c.kind()),
        options.whole("PORT", 22),
        required(options, "USER", c.kind()),
        options.find("HOST KEY").map(ConnectionPlan::hostKey).orElse(""),
        "",
        "",
        canonical(c, options));
  }

  /** Type and Base64, without the names and comments that stand around them in files. */
  private static String hostKey(Option option) {
    Matcher key = HOST_KEY.matcher(OptionValues.text(option));
    if (!key.find()) {
      throw OptionValues.invalid(option, "must be a type and a key in Base64")
          .failure()
          .hint("As ssh-keyscan shows it: 'ssh-ed25519 AAAA…'.")
          .exception();
    }
    return key.group(1) + " " + key.group(2);
  }

  private static Tls tls(Options options, CatalogState state) {
    if (options.word("SSL MODE").equals("disable")) {
      options.refuse(TLS, "SSL MODE is disable.");
    }
    options.together("SSL CERTIFICATE", "SSL KEY");
    return new Tls(
        options.find("SSL CERTIFICATE AUTHORITY").map(o -> value(o, state)),
        options.find("SSL CERTIFICATE").map(o -> value(o, state)),
        options.find("SSL KEY").map(o -> value(o, state)));
  }

  static String required(Options options, String name, Name place) {
    return options
        .text(name)
        .orElseThrow(
            () ->
                Failure.of(Code.INVALID_PARAMETER, name + " option is required")
                    .at(place.position())
                    .exception());
  }

  /** The option's text, the id of the secret that it names, or where else its text lies. */
  static Value value(Option option, CatalogState state) {
    if (option.value() instanceof SecretName(String name)) {
      return new Value.Secret(
          Lookup.find(state, new Name(name, option.position()), Secret.class).id());
    }
    String text = OptionValues.text(option);
    return Value.External.in(text).<Value>map(external -> external).orElse(new Value.Text(text));
  }

  static String canonical(CreateConnection c, Options options) {
    return Printer.print(new CreateConnection(c.name(), false, c.kind(), options.all(), List.of()));
  }
}
