package akkasinks.catalog;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What proves a password without holding it: SCRAM-SHA-256 (RFC 5802, RFC 7677), written as
 * PostgreSQL writes it.
 */
public final class Verifier {
  /** As PostgreSQL has them. */
  public static final int ITERATIONS = 4096;

  public static final int SALT = 16;

  /** A verifier that somebody else made may not cost more than this each time it is asked. */
  private static final int MOST_ITERATIONS = 200_000;

  private static final int KEY = 32;
  private static final String BASE64 = "([A-Za-z0-9+/]+=*)";
  private static final Pattern FORM =
      Pattern.compile("SCRAM-SHA-256\\$([0-9]{1,6}):" + BASE64 + "\\$" + BASE64 + ":" + BASE64);

  private final int iterations;
  private final byte[] salt;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private Verifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    this.iterations = iterations;
    this.salt = salt;
    this.storedKey = storedKey;
    this.serverKey = serverKey;
  }

  /** Takes milliseconds, on purpose. */
  public static Verifier of(String password, byte[] salt) {
    byte[] salted = salted(password, salt, ITERATIONS);
    return new Verifier(ITERATIONS, salt.clone(), storedKey(salted), mac(salted, "Server Key"));
  }

  /** Empty if the text is none. */
  public static Optional<Verifier> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      Verifier verifier =
          new Verifier(
              Integer.parseInt(parts.group(1)),
              base64.decode(parts.group(2)),
              base64.decode(parts.group(3)),
              base64.decode(parts.group(4)));
      boolean sound =
          verifier.storedKey.length == KEY
              && verifier.serverKey.length == KEY
              && verifier.iterations > 0
              && verifier.iterations <= MOST_ITERATIONS;
      return sound ? Optional.of(verifier) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As PostgreSQL's pg_authid has it. Keep it secret: passwords can be guessed against it. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "SCRAM-SHA-256$%d:%s$%s:%s"
        .formatted(
            iterations,
            base64.encodeToString(salt),
            base64.encodeToString(storedKey),
            base64.encodeToString(serverKey));
  }

  /** Takes milliseconds, on purpose. */
  public boolean accepts(String password) {
    return MessageDigest.isEqual(storedKey, storedKey(salted(password, salt, iterations)));
  }

  /**
   * Whether a client that sent this proof knows the password.
   *
   * @param exchanged the authentication message of RFC 5802
   */
  public boolean proves(byte[] proof, String exchanged) {
    if (proof.length != KEY) {
      return false;
    }
    byte[] clientKey = mac(storedKey, exchanged);
    for (int i = 0; i < KEY; i++) {
      clientKey[i] ^= proof[i];
    }
    return MessageDigest.isEqual(storedKey, sha256(clientKey));
  }

  /** What the server proves itself with. */
  public byte[] signature(String exchanged) {
    return mac(serverKey, exchanged);
  }

  public byte[] salt() {
    return salt.clone();
  }

  public int iterations() {
    return iterations;
  }

  @Override
  public String toString() {
    return "Verifier[<redacted>]";
  }

  private static byte[] salted(String password, byte[] salt, int iterations) {
    PBEKeySpec spec =
        new PBEKeySpec(SaslPrep.of(password).toCharArray(), salt, iterations, KEY * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }

  private static byte[] storedKey(byte[] salted) {
    return sha256(mac(salted, "Client Key"));
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
