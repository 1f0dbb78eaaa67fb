package akkasinks.catalog;

import akkasinks.catalog.Definition.SshConnection;

/**
 * The bastion that a connection leads through, as its own connection has it.
 *
 * @param connectionId of the connection to the bastion; its private keys are sealed under this id
 * @param hostKey type and Base64; empty if any is taken
 */
public record SshTunnel(String connectionId, String host, int port, String user, String hostKey) {
  /** As the connection to the bastion has it. */
  public static SshTunnel through(SshConnection bastion) {
    return new SshTunnel(
        bastion.id(), bastion.host(), bastion.port(), bastion.user(), bastion.hostKey());
  }
}
