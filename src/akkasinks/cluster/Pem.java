package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of the node's and its key, in files in PEM.
 *
 * @param certificate the node's, then those that signed it
 * @param key PKCS #8, not encrypted
 * @param settings that named them, for errors
 */
public record Pem(Path certificate, Path key, String settings) {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  /**
   * What a server proves itself with.
   *
   * @throws FailureException INVALID_PARAMETER naming the file that is wrong
   */
  public SSLContext context() {
    return context(null);
  }

  /**
   * The same for both sides, who trust nobody but those that the authority has signed.
   *
   * @throws FailureException INVALID_PARAMETER naming the file that is wrong
   */
  SSLContext mutual(Path authority) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, new char[0]);
      int number = 0;
      for (Certificate each : certificates(authority)) {
        store.setCertificateEntry("authority" + number++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return context(trust.getTrustManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw wrong(authority, "cannot be used: " + e.getMessage()).exception(e);
    }
  }

  private SSLContext context(TrustManager @Nullable [] trusted) {
    char[] none = new char[0];
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("node", privateKey(), none, certificates(certificate));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trusted, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw wrong(certificate, "cannot be used with the key: " + e.getMessage()).exception(e);
    }
  }

  private Certificate[] certificates(Path file) throws GeneralSecurityException {
    Certificate[] all =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(read(file)))
            .toArray(Certificate[]::new);
    if (all.length == 0) {
      throw wrong(file, "holds no certificate").exception();
    }
    return all;
  }

  private PrivateKey privateKey() {
    Matcher pem = PRIVATE_KEY.matcher(new String(read(key), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw wrong(key, "holds no key that begins with -----BEGIN PRIVATE KEY-----")
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
    throw wrong(key, "holds a key that is none of " + String.join(", ", ALGORITHMS)).exception();
  }

  private byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw wrong(file, "cannot be read").exception(e);
    }
  }

  private Failure wrong(Path file, String what) {
    return Failure.of(Code.INVALID_PARAMETER, "file \"" + file + "\" " + what)
        .hint("See " + settings + " in the node's configuration.");
  }
}
