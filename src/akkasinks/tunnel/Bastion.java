package akkasinks.tunnel;

/**
 * An SSH server that leads on.
 *
 * @param id of the connection that it was made with
 * @param hostKey as a line of known_hosts has it, without the name: only a server with this key is
 *     taken; any is if it is empty
 */
public record Bastion(String id, String host, int port, String user, String hostKey) {
  String address() {
    return host + ":" + port;
  }
}
