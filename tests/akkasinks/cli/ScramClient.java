package akkasinks.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Logs in on a bare socket, so that a test can go on there with whatever it likes. */
final class ScramClient {
  private final DataInputStream in;
  private final OutputStream out;

  ScramClient(Socket socket) throws IOException {
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  void login(String user, String password) throws IOException {
    out.write(Frames.startup(user));
    said(10);
    String bare = "n=,r=abc";
    out.write(Frames.sasl("SCRAM-SHA-256", "n,," + bare));
    String first = said(11);
    String[] parts = first.split(",[si]=");
    String last = "c=biws," + parts[0];
    out.write(
        Frames.message(
            'p',
            last + ",p=" + proof(password, parts[1], parts[2], bare + "," + first + "," + last)));
    said(12);
  }

  private String said(int what) throws IOException {
    int type = in.readUnsignedByte();
    byte[] body = new byte[in.readInt() - 8];
    int code = in.readInt();
    in.readFully(body);
    if (type != 'R' || code != what) {
      throw new IOException("expected " + what + ": " + new String(body, StandardCharsets.UTF_8));
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private static String proof(String password, String salt, String rounds, String exchanged) {
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(
                  new PBEKeySpec(
                      password.toCharArray(),
                      Base64.getDecoder().decode(salt),
                      Integer.parseInt(rounds),
                      256))
              .getEncoded();
      byte[] key = mac(salted, "Client Key");
      byte[] stored = MessageDigest.getInstance("SHA-256").digest(key);
      byte[] signature = mac(stored, exchanged);
      for (int i = 0; i < key.length; i++) {
        key[i] ^= signature[i];
      }
      return Base64.getEncoder().encodeToString(key);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
