package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Keeps a node from letting a whole network in by mistake. */
final class Listening {
  private static final String LOGIN = "Set akkasinks.auth.required and a password";
  private static final String CERTIFICATE = "Set akkasinks.node.tls";

  private Listening() {}

  /**
   * @throws FailureException INVALID_PARAMETER for the first port that is open to more than this
   *     machine without anyone proving who they are
   */
  static void check(NodeConfig config) {
    var auth = config.auth();
    if (auth.required() && auth.password().isEmpty() && auth.passwordFile().isEmpty()) {
      throw Failure.of(
              Code.INVALID_PARAMETER, "logins are required, but the superuser has no password")
          .hint("Set AKKASINKS_AUTH_PASSWORD in the environment, or akkasinks.auth.password-file.")
          .exception();
    }
    if (auth.openToNetwork()) {
      return;
    }
    if (!auth.required()) {
      refuseOpen("http", config.http().host(), "clients need no login", LOGIN);
      refuseOpen("management", config.management().host(), "its clients need no login", LOGIN);
      refuseOpen("pgwire", config.pgwire().host(), "clients need no login", LOGIN);
    }
    if (config.node().tls().isEmpty()) {
      refuseOpen("node", config.node().host(), "other nodes need no certificate", CERTIFICATE);
      var bind = config.pekko().getString("pekko.remote.artery.bind.hostname");
      if (!bind.isEmpty()) {
        refuseOpen("node", bind, "other nodes need no certificate", CERTIFICATE);
      }
    }
  }

  private static void refuseOpen(String port, String host, String why, String instead) {
    if (!isLoopback(host)) {
      throw Failure.of(
              Code.INVALID_PARAMETER,
              "akkasinks.%s.host is \"%s\", which is not loopback, but %s"
                  .formatted(port, host, why))
          .detail("Whoever reaches the port could do everything.")
          .hint(
              instead
                  + ". If only friends reach the port, say so:"
                  + " akkasinks.auth.open-to-network = true.")
          .exception();
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // The port cannot be had, either, and that is said then.
      return false;
    }
  }
}
