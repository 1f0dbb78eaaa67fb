package akkasinks.catalog;

/** Encrypts a secret before anything else sees it. */
@FunctionalInterface
public interface Sealer {
  /**
   * @param secretId the id that the secret has or will have: bound into the ciphertext, so that one
   *     cannot be put in another's place
   */
  Sealed seal(String secretId, String plaintext);
}
