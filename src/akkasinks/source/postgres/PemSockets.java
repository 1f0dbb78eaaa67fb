package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
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
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.postgresql.PGProperty;
import org.postgresql.ssl.NonValidatingFactory.NonValidatingTM;
import org.postgresql.ssl.WrappedFactory;

/**
 * TLS sockets from PEM texts, for the driver, which by itself only knows files. It makes one by the
 * name of this class, from the connection's properties; the host's name it checks itself.
 */
public final class PemSockets extends WrappedFactory {
  private static final String PREFIX = "akkasinks.tls.";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  /** Called by the driver. */
  public PemSockets(Properties properties) throws GeneralSecurityException {
    factory =
        context(
                Optional.ofNullable(properties.getProperty(PREFIX + "authority")),
                Optional.ofNullable(properties.getProperty(PREFIX + "certificate")),
                Optional.ofNullable(properties.getProperty(PREFIX + "key")),
                String.valueOf(PGProperty.SSL_MODE.getOrDefault(properties)).startsWith("verify"))
            .getSocketFactory();
  }

  /**
   * Makes the driver use these sockets.
   *
   * @throws FailureException INVALID_PARAMETER for what is no certificate or key, before the driver
   *     would hide it
   */
  static void ask(Properties properties, PostgresSettings.Tls tls) {
    try {
      var unused = context(tls.authority(), tls.certificate(), tls.key(), false);
    } catch (GeneralSecurityException e) {
      throw Failure.of(Code.INVALID_PARAMETER, "the TLS options of the connection do not fit")
          .detail(String.valueOf(e.getMessage()))
          .hint("Check SSL CERTIFICATE AUTHORITY, SSL CERTIFICATE and SSL KEY.")
          .exception(e);
    }
    tls.authority().ifPresent(pem -> properties.setProperty(PREFIX + "authority", pem));
    tls.certificate().ifPresent(pem -> properties.setProperty(PREFIX + "certificate", pem));
    tls.key().ifPresent(pem -> properties.setProperty(PREFIX + "key", pem));
    PGProperty.SSL_FACTORY.set(properties, PemSockets.class.getName());
  }

  private static SSLContext context(
      Optional<String> authority,
      Optional<String> certificate,
      Optional<String> key,
      boolean verifies)
      throws GeneralSecurityException {
    KeyManager[] mine = null;
    if (certificate.isPresent() && key.isPresent()) {
      mine = keyManagers(certificate.get(), key.get());
    }
    TrustManager[] trusted = null;
    if (authority.isPresent()) {
      trusted = trustManagers(authority.get());
    } else if (!verifies) {
      // As libpq: encrypted, but nobody vouches for the server.
      trusted = new TrustManager[] {new NonValidatingTM()};
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(mine, trusted, null);
    return context;
  }

  private static TrustManager[] trustManagers(String pem) throws GeneralSecurityException {
    KeyStore store = empty();
    int n = 0;
    for (Certificate certificate : certificates(pem, "SSL CERTIFICATE AUTHORITY")) {
      store.setCertificateEntry("authority-" + n++, certificate);
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return managers.getTrustManagers();
  }

  private static KeyManager[] keyManagers(String certificate, String key)
      throws GeneralSecurityException {
    KeyStore store = empty();
    store.setKeyEntry(
        "client",
        privateKey(key),
        new char[0],
        certificates(certificate, "SSL CERTIFICATE").toArray(Certificate[]::new));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    return managers.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    return store;
  }

  private static List<Certificate> certificates(String pem, String option) {
    try {
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    } catch (GeneralSecurityException e) {
      throw no(option, "certificate", "It begins with -----BEGIN CERTIFICATE-----.");
    }
    throw no(option, "certificate", "It begins with -----BEGIN CERTIFICATE-----.");
  }

  private static PrivateKey privateKey(String pem) {
    Matcher found = KEY.matcher(pem);
    if (found.find()) {
      for (String algorithm : ALGORITHMS) {
        try {
          byte[] der = Base64.getMimeDecoder().decode(found.group(1));
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException another) {
          // Of another algorithm, or damaged: told below, without the text.
        }
      }
    }
    throw no(
        "SSL KEY",
        "private key (PKCS#8, not encrypted)",
        "It begins with -----BEGIN PRIVATE KEY-----; openssl pkcs8 -topk8 -nocrypt makes one.");
  }

  private static FailureException no(String option, String what, String hint) {
    return Failure.of(Code.INVALID_PARAMETER, option + " holds no PEM " + what)
        .hint(hint)
        .exception();
  }
}
