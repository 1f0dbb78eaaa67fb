package akkasinks.catalog;

/**
 * An encrypted secret.
 *
 * @param keyId which key opens it
 * @param ciphertext Base64 of everything else that is needed to open it
 */
public record Sealed(String keyId, String ciphertext) {}
