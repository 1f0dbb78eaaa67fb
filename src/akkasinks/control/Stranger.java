package akkasinks.control;

import akkasinks.catalog.Verifier;
import akkasinks.cluster.Secrets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Stands in for roles that there are not, so that a client cannot tell them from others: the same
 * salt for the same name each time, and a verifier that no password fits.
 */
record Stranger(Secrets secrets) {
  Verifier verifier(String name) {
    Base64.Encoder base64 = Base64.getEncoder();
    byte[] salt = Arrays.copyOf(secrets.derived("salt of " + name), Verifier.SALT);
    String key = base64.encodeToString(secrets.derived("key of " + name));
    return Verifier.parse(
            "SCRAM-SHA-256$%d:%s$%s:%s"
                .formatted(Verifier.ITERATIONS, base64.encodeToString(salt), key, key))
        .orElseThrow();
  }
}
