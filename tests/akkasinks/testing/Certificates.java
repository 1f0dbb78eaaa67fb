package akkasinks.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority and certificates signed by it, made by keytool for one test run. */
public final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path store;
  private final KeyStore keys;

  private Certificates(Path store, KeyStore keys) {
    this.store = store;
    this.keys = keys;
  }

  /** For the hosts 127.0.0.1 and localhost: {@code server}; and one per name for clients. */
  public static Certificates in(Path dir, String... clients) {
    Path store = dir.resolve("keys.p12");
    keytool(store, "ca", "CN=authority", "-ext", "bc:c");
    keytool(
        store, "server", "CN=server", "-signer", "ca", "-ext", "san=ip:127.0.0.1,dns:localhost");
    for (String client : clients) {
      keytool(store, client, "CN=" + client, "-signer", "ca");
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      return new Certificates(store, keys);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path store, String alias, String name, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                alias,
                "-dname",
                name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
    command.addAll(List.of(more));
    try {
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes());
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The authority's certificate as PEM. */
  public String authority() {
    return certificate("ca");
  }

  /** A certificate as PEM, without the authority's. */
  public String certificate(String alias) {
    try {
      return pem("CERTIFICATE", keys.getCertificate(alias).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A private key as PEM, PKCS#8. */
  public String key(String alias) {
    try {
      return pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS of {@code server} that takes only clients whom the authority has signed. */
  SSLContext server() {
    try {
      var ours = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      KeyStore alone = KeyStore.getInstance("PKCS12");
      alone.load(null, null);
      char[] password = PASSWORD.toCharArray();
      alone.setKeyEntry(
          "server",
          keys.getKey("server", password),
          password,
          new Certificate[] {keys.getCertificate("server")});
      ours.init(alone, password);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
      var theirs = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      theirs.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(ours.getKeyManagers(), theirs.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file beside the store that only its owner reads. */
  public Path file(String name, String text) {
    Path file = store.resolveSibling(name);
    try {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
  }
}
