package akkasinks.pipeline;

import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.catalog.SshKeys;
import akkasinks.catalog.SshTunnel;
import akkasinks.catalog.Value;
import akkasinks.format.registry.RegistrySettings;
import akkasinks.format.registry.RegistryTls;
import akkasinks.format.registry.SchemaRegistry;
import akkasinks.source.postgres.PostgresSettings;
import akkasinks.tunnel.Bastion;
import akkasinks.tunnel.Tunnels;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * Connections as what opens them: secrets are read, and tunnels dug, each time that something is
 * opened.
 */
record Ways(SecretReader secrets, Tunnels tunnels) {

  PostgresSettings postgres(PostgresConnection connection) {
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
                    connection.tls().key().map(this::reveal)))
        .by(
            () ->
                connection
                    .tunnel()
                    .map(
                        tunnel ->
                            to(
                                tunnel,
                                InetSocketAddress.createUnresolved(
                                    connection.host(), connection.port()))));
  }

  private InetSocketAddress to(SshTunnel tunnel, InetSocketAddress place) {
    return tunnels.to(bastion(tunnel), keys(tunnel), place.getHostString(), place.getPort());
  }

  private static Bastion bastion(SshTunnel tunnel) {
    return new Bastion(
        tunnel.connectionId(), tunnel.host(), tunnel.port(), tunnel.user(), tunnel.hostKey());
  }

  private Supplier<List<String>> keys(SshTunnel tunnel) {
    return () -> SshKeys.privateKeys(secrets.read(tunnel.connectionId()));
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
                connection.key().map(this::reveal)),
            connection
                .tunnel()
                .map(tunnel -> to(tunnel, RegistrySettings.place(connection.url())))));
  }

  /** Whether the bastion takes the tunnel's keys. */
  void check(SshConnection bastion) {
    SshTunnel tunnel = SshTunnel.through(bastion);
    tunnels.check(bastion(tunnel), keys(tunnel));
  }

  /** The text itself: to be kept by nobody. */
  String reveal(Value value) {
    return switch (value) {
      case Value.Text(var text) -> text;
      case Value.Secret(var id) -> secrets.read(id);
      case Value.External external -> secrets.external(external);
    };
  }
}
