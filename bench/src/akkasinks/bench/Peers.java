package akkasinks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The peers' published artifacts, which Maven brings into {@code bench/peers/NAME/target}: they are
 * on the class path of JVMs of their own only.
 */
final class Peers {
  private Peers() {}

  /** The folder into which the peer's artifacts are brought, once for each state of its sources. */
  static Path brought(Path product, String peer) throws Lineup.UnavailableException {
    var folder = product.resolve("bench/peers").resolve(peer);
    var target = folder.resolve("target");
    var done = target.resolve(".built");
    try {
      if (!isCurrent(folder, done)) {
        System.out.printf("  Maven brings the artifacts of %s%n", peer);
        Commands.run(
            "mvn", "-q", "-B", "-f", folder.resolve("pom.xml").toString(), "process-classes");
        Files.write(done, new byte[0]);
      }
      return target;
    } catch (Exception e) {
      throw new Lineup.UnavailableException(
          peer + ": Maven could not bring its artifacts: " + e.getMessage());
    }
  }

  private static boolean isCurrent(Path folder, Path done) throws IOException {
    if (!Files.exists(done)) {
      return false;
    }
    var built = Files.getLastModifiedTime(done);
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> !file.startsWith(folder.resolve("target")) && Files.isRegularFile(file))
          .allMatch(file -> file.toFile().lastModified() <= built.toMillis());
    }
  }
}
