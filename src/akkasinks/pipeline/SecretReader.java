package akkasinks.pipeline;

/** Gives the plaintext of a secret to the code that opens a connection with it; nobody keeps it. */
@FunctionalInterface
public interface SecretReader {
  /**
   * Blocks until the catalog has answered.
   *
   * @param secretId lasting id, as in {@code Value.Secret}
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT if there is no such secret,
   *     KEY_MISSING if this node's key is not the one it was encrypted with, UNREACHABLE if the
   *     catalog does not answer
   */
  String read(String secretId);
}
