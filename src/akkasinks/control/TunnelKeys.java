package akkasinks.control;

import akkasinks.catalog.SshKeys;
import akkasinks.tunnel.KeyPairs;

/** Makes the keys of SSH tunnels. */
final class TunnelKeys {
  private static final String COMMENT = "akkasinks";

  private TunnelKeys() {}

  static SshKeys both() {
    return new SshKeys(pair(), pair());
  }

  static SshKeys.Pair pair() {
    var made = KeyPairs.make(COMMENT);
    return new SshKeys.Pair(made.publicKey(), made.privateKey());
  }
}
