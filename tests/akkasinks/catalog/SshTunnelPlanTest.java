package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.SshConnection;
import org.junit.jupiter.api.Test;

class SshTunnelPlanTest {
  private static final String TUNNEL =
      "CREATE CONNECTION t TO SSH TUNNEL (HOST 'bastion', USER 'u', PORT 2222)";
  private static final String PG =
      """
      CREATE CONNECTION db TO POSTGRES (HOST 'inside', USER 'shop', PASSWORD SECRET pw,
        DATABASE 'shop', SSH TUNNEL t)\
      """;

  private final World world = World.withShop();

  @Test
  void aTunnelHasTwoKeysOfWhichOnlyThePublicOnesAreShown() {
    world.run(TUNNEL);
    SshConnection tunnel = world.get("t", SshConnection.class);
    assertThat(ShownStatement.of(tunnel))
        .isEqualTo(
            "CREATE CONNECTION t TO SSH TUNNEL (HOST = 'bastion', USER = 'u', PORT = 2222,"
                + " PUBLIC KEY 1 = 'ssh-ed25519 PUBLIC1', PUBLIC KEY 2 = 'ssh-ed25519 PUBLIC2')");
    assertThat(ShownStatement.redacted(tunnel)).contains("USER = '<REDACTED>'", "PUBLIC1");
    assertThat(world.state.secrets()).containsKey(tunnel.id());
    assertThat(world.failure(ShownStatement.of(tunnel).replace(" t ", " t2 ")).message())
        .isEqualTo("the PUBLIC KEY 1 option cannot be explicitly specified");
  }

  @Test
  void rotatedTheSecondKeyIsTheFirst() {
    world.run(TUNNEL + "; ALTER CONNECTION t ROTATE KEYS");
    SshConnection tunnel = world.get("t", SshConnection.class);
    assertThat(tunnel.publicKey1()).isEqualTo("ssh-ed25519 PUBLIC2");
    assertThat(tunnel.publicKey2()).isEqualTo("ssh-ed25519 PUBLIC3");
    assertThat(world.failure("ALTER CONNECTION pg ROTATE KEYS").message())
        .isEqualTo("connection \"pg\" has no keys to rotate");
  }

  @Test
  void whatLeadsThroughATunnelIsAlteredWithItAndKeepsItFromBeingDropped() {
    world.run(TUNNEL + ";" + PG);
    assertThat(tunnelOf("db").host()).isEqualTo("bastion");
    world.run("ALTER CONNECTION t SET (HOST 'other')");
    assertThat(tunnelOf("db").host()).isEqualTo("other");
    assertThat(world.get("t", SshConnection.class).publicKey1()).isEqualTo("ssh-ed25519 PUBLIC1");
    world.run("ALTER CONNECTION t RENAME TO t2");
    assertThat(world.get("db", PostgresConnection.class).createSql()).contains("SSH TUNNEL = t2");
    assertThat(world.failure("DROP CONNECTION t2").message())
        .isEqualTo("cannot drop connection \"t2\": still depended upon by connection \"db\"");
    world.run("ALTER CONNECTION db DROP (SSH TUNNEL)");
    assertThat(world.get("db", PostgresConnection.class).tunnel()).isEmpty();
    world.run("DROP CONNECTION t2");
  }

  private SshTunnel tunnelOf(String connection) {
    return world.get(connection, PostgresConnection.class).tunnel().orElseThrow();
  }

  @Test
  void whatCannotWorkIsRefusedWithWhatToUseInstead() {
    world.run(TUNNEL);
    refused("CREATE CONNECTION x TO SSH TUNNEL (USER 'u')", "HOST option is required", "");
    refused(
        "CREATE CONNECTION x TO SSH TUNNEL (HOST 'b', USER 'u', HOST KEY 'none')",
        "invalid HOST KEY: must be a type and a key in Base64",
        "ssh-keyscan");
    refused(
        PG.replace("SSH TUNNEL t", "SSH TUNNEL kafka"),
        "\"kafka\" is not an ssh tunnel connection",
        "");
    String kafka = "KAFKA connections do not support SSH TUNNEL";
    refused("CREATE CONNECTION x TO KAFKA (BROKER 'b', SSH TUNNEL t)", kafka, "advertised");
    refused("CREATE CONNECTION x TO KAFKA (BROKER 'b', SSH TUNNEL = t)", kafka, "advertised");
    refused(
        "CREATE CONNECTION x TO KAFKA (BROKERS ('b:1' USING SSH TUNNEL t, 'c'))",
        kafka,
        "advertised");
    String link = "AWS PRIVATELINK not supported";
    refused("CREATE CONNECTION x TO AWS PRIVATELINK (SERVICE NAME 's')", link, "endpoint");
    refused("CREATE CONNECTION x TO KAFKA (AWS PRIVATELINK l (PORT 1))", link, "endpoint");
    refused(
        "CREATE CONNECTION x TO KAFKA (BROKERS ('b' USING AWS PRIVATELINK l))", link, "endpoint");
  }

  private void refused(String sql, String message, String hint) {
    Failure failure = world.failure(sql);
    assertThat(failure.message()).as(sql).isEqualTo(message);
    assertThat(failure.hint()).as(sql).contains(hint);
  }
}
