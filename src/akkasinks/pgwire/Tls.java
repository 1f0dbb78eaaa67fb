package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The node's certificate and key, from files in PEM. */
final class Tls {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private final SSLContext context;

  private Tls(SSLContext context) {
    this.context = context;
  }

  /**
   * @param certificate the node's, then those that signed it
   * @param key PKCS #8, not encrypted
   * @throws FailureException INVALID_PARAMETER naming the file that is wrong
   */
  static Tls of(Path certificate, Path key) {
    char[] none = new char[0];
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(certificate)))
              .toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw wrong(certificate, "holds no certificate").exception();
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("node", privateKey(key), none, chain);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return new Tls(context);
    } catch (GeneralSecurityException | IOException e) {
      throw wrong(certificate, "cannot be used with the key: " + e.getMessage()).exception(e);
    }
  }

  /**
   * The socket, encrypted from here on; the client begins.
   *
   * @throws IOException if the handshake fails
   */
  Socket over(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  private static PrivateKey privateKey(Path file) {
    Matcher pem = PRIVATE_KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw wrong(file, "holds no key that begins with -----BEGIN PRIVATE KEY-----")
          .hint("Convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out KEY.pk8")
          .exception();
    }
    byte[] bytes = Base64.getMimeDecoder().decode(pem.group(1));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (GeneralSecurityException another) {
        // It is a key of another kind.
      }
    }
    throw wrong(file, "holds a key that is none of " + String.join(", ", ALGORITHMS)).exception();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw wrong(file, "cannot be read").exception(e);
    }
  }

  private static Failure wrong(Path file, String what) {
    return Failure.of(Code.INVALID_PARAMETER, "file \"" + file + "\" " + what)
        .hint("See akkasinks.pgwire.tls in the node's configuration.");
  }
}
