package akkasinks.cluster;

import akkasinks.catalog.Verifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were right, so that a request over HTTP does not pay the thousands of rounds that
 * make guessing slow. Kept as keyed hashes, with the verifier they were right for: a new password
 * ends the old one's at once.
 */
public final class KnownPasswords {
  private static final int MOST = 1_000;
  private static final int KEY = 32;

  private final SecretKeySpec key;
  private final Map<String, String> verifiers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  /** Those who guess take one processor at the most, and the sinks have the others. */
  private final Semaphore guessing = new Semaphore(1, true);

  public KnownPasswords() {
    byte[] random = new byte[KEY];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, "HmacSHA256");
  }

  /** Blocks. */
  public boolean accepts(Verifier verifier, String role, String password) {
    String hash = hash(role, password);
    synchronized (verifiers) {
      if (verifier.text().equals(verifiers.get(hash))) {
        return true;
      }
    }
    guessing.acquireUninterruptibly();
    try {
      if (!verifier.accepts(password)) {
        return false;
      }
    } finally {
      guessing.release();
    }
    synchronized (verifiers) {
      verifiers.put(hash, verifier.text());
    }
    return true;
  }

  private String hash(String role, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Base64.getEncoder()
          .encodeToString(mac.doFinal((role + "\0" + password).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC", e);
    }
  }
}
