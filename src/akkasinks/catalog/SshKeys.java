package akkasinks.catalog;

import java.util.List;

/**
 * The two key pairs of an SSH tunnel: a bastion that knows one of them lets it through, so that the
 * other can be replaced.
 */
public record SshKeys(Pair first, Pair second) {
  private static final String BETWEEN = "\n\n";

  /**
   * @param publicKey a line of authorized_keys
   * @param privateKey to be kept only sealed
   */
  public record Pair(String publicKey, String privateKey) {
    @Override
    public String toString() {
      return "Pair[" + publicKey + "]";
    }
  }

  /** The second becomes the first, which is forgotten. */
  public SshKeys rotated(Pair next) {
    return new SshKeys(second, next);
  }

  /** Both private keys as one text. */
  String plaintext() {
    return first.privateKey() + BETWEEN + second.privateKey();
  }

  /** The private keys of such a text. */
  public static List<String> privateKeys(String plaintext) {
    return List.of(plaintext.split(BETWEEN));
  }

  /** The pairs of a connection, with that text unsealed. */
  public static SshKeys of(Definition.SshConnection connection, String plaintext) {
    List<String> keys = privateKeys(plaintext);
    return new SshKeys(
        new Pair(connection.publicKey1(), keys.getFirst()),
        new Pair(connection.publicKey2(), keys.getLast()));
  }
}
