package akkasinks.format.registry;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates for TLS, as PEM texts.
 *
 * @param authority whom to trust; the JVM's own authorities if empty
 * @param certificate the client's own, with what leads up to its authority
 * @param key the client's private key, PKCS#8; given with the certificate or not at all
 */
public record RegistryTls(
    Optional<String> authority, Optional<String> certificate, Optional<String> key) {
  /** The JVM's authorities, and no certificate of our own. */
  public static final RegistryTls DEFAULT =
      new RegistryTls(Optional.empty(), Optional.empty(), Optional.empty());

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  SSLContext context() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw refused("the certificates of the schema registry connection cannot be used")
          .exception(e);
    }
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    if (authority.isEmpty()) {
      return null;
    }
    var store = emptyStore();
    int number = 0;
    for (var trusted : certificates(authority.get(), "SSL CERTIFICATE AUTHORITY")) {
      store.setCertificateEntry("authority-" + number++, trusted);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    if (certificate.isEmpty() || key.isEmpty()) {
      return null;
    }
    var store = emptyStore();
    var chain = certificates(certificate.get(), "SSL CERTIFICATE").toArray(Certificate[]::new);
    store.setKeyEntry("client", privateKey(key.get()), new char[0], chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<? extends Certificate> certificates(String pem, String option)
      throws GeneralSecurityException {
    var bytes = pem.getBytes(StandardCharsets.UTF_8);
    var found =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes)));
    if (found.isEmpty()) {
      throw refused(option + " holds no certificate").exception();
    }
    return found;
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    var body = KEY.matcher(pem);
    if (!body.find()) {
      throw refused("SSL KEY is not a PKCS#8 private key in PEM").exception();
    }
    var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body.group(1)));
    for (var algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (GeneralSecurityException ofAnotherAlgorithm) {
        // The next one may read it; which one made the key is not said in the text.
      }
    }
    throw refused("SSL KEY is a private key of an algorithm that is not known").exception();
  }

  private static Failure refused(String message) {
    return Failure.of(Code.INVALID_PARAMETER, message)
        .hint(
            "Certificates are PEM texts; the key is PEM too, not encrypted: openssl pkcs8 -topk8"
                + " -nocrypt makes one.");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "RegistryTls";
  }
}
