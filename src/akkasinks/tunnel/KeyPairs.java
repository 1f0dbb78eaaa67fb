package akkasinks.tunnel;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes Ed25519 key pairs. */
public final class KeyPairs {
  private KeyPairs() {}

  /**
   * @param publicKey a line of authorized_keys
   * @param privateKey in OpenSSH's form, without a passphrase
   */
  public record Made(String publicKey, String privateKey) {
    @Override
    public String toString() {
      return "Made[" + publicKey + "]";
    }
  }

  /**
   * @param comment stands behind the public key
   */
  public static Made make(String comment) {
    try {
      var pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
      pair.setPublicKeyComment(comment);
      var publicKey = new ByteArrayOutputStream();
      pair.writePublicKey(publicKey, comment);
      var privateKey = new ByteArrayOutputStream();
      pair.writeOpenSSHv1PrivateKey(privateKey, null);
      pair.dispose();
      return new Made(
          publicKey.toString(StandardCharsets.US_ASCII).strip(),
          privateKey.toString(StandardCharsets.US_ASCII).strip());
    } catch (JSchException e) {
      throw new IllegalStateException("Ed25519 is part of every JDK", e);
    }
  }
}
