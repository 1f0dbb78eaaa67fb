package akkasinks.cli;

import akkasinks.testing.Programs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate of localhost that signs itself, made by the JDK's keytool. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private Certificates() {}

  /** Puts certificate.pem and key.pem into a folder. */
  static void make(Path dir) {
    Path store = dir.resolve("store.p12");
    Programs.Ran ran =
        Programs.run(
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    if (ran.status() != 0) {
      throw new AssertionError(ran.out() + ran.err());
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      write(
          dir.resolve("certificate.pem"), "CERTIFICATE", keys.getCertificate("node").getEncoded());
      write(
          dir.resolve("key.pem"),
          "PRIVATE KEY",
          keys.getKey("node", PASSWORD.toCharArray()).getEncoded());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Path file, String what, byte[] bytes) throws java.io.IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what));
  }
}
