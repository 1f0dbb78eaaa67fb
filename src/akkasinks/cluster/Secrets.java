package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Sealed;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and decrypts under the node's key: AES-256-GCM, a random nonce each time. The secret's
 * id is authenticated with it, so that a ciphertext moved to another secret does not open.
 */
public final class Secrets {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_ID = 8;

  private final SecretKeySpec key;
  private final String keyId;
  private final SecureRandom random = new SecureRandom();

  Secrets(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
    this.keyId = idOf(key);
  }

  /** Tells keys apart: the first bytes of the key's SHA-256. */
  public String keyId() {
    return keyId;
  }

  /** 32 bytes that only who has the key can make, the same on each node. */
  public byte[] derived(String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
      return mac.doFinal(("akkasinks " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC", e);
    }
  }

  /**
   * @param secretId lasting id; only under it can the text be read again
   */
  public Sealed seal(String secretId, String plaintext) {
    var nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      var encrypted =
          cipher(Cipher.ENCRYPT_MODE, nonce, secretId)
              .doFinal(plaintext.getBytes(StandardCharsets.UTF_8));
      var all = Arrays.copyOf(nonce, NONCE + encrypted.length);
      System.arraycopy(encrypted, 0, all, NONCE, encrypted.length);
      return new Sealed(keyId, Base64.getEncoder().encodeToString(all));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is part of every JDK", e);
    }
  }

  /**
   * @throws akkasinks.base.FailureException KEY_MISSING if it was sealed with another key, DATA if
   *     it was tampered with
   */
  public String open(String secretId, Sealed sealed) {
    if (!sealed.keyId().equals(keyId)) {
      throw Failure.of(
              Code.KEY_MISSING,
              "secret "
                  + secretId
                  + " was encrypted with key "
                  + sealed.keyId()
                  + ", not with "
                  + keyId)
          .hint("Give this node the key of the others: akkasinks.secrets.key-file.")
          .exception();
    }
    try {
      var all = Base64.getDecoder().decode(sealed.ciphertext());
      var plain =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE), secretId)
              .doFinal(all, NONCE, all.length - NONCE);
      return new String(plain, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw Failure.of(Code.DATA, "the stored ciphertext of secret " + secretId + " is damaged")
          .hint("Give it its value again: ALTER SECRET … AS '…'.")
          .exception(e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String secretId) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(secretId.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static String idOf(byte[] key) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(hash, 0, KEY_ID);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
