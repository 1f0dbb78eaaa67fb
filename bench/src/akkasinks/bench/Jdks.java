package akkasinks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** JDKs of this machine, beside the one that runs the bench. */
final class Jdks {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

  private Jdks() {}

  /** The program {@code java} of a JDK of this feature version, where the launcher looks too. */
  static Optional<Path> java(int feature) throws IOException {
    List<Path> candidates = new ArrayList<>();
    for (var variable : List.of("JAVA" + feature + "_HOME", "JAVA_HOME")) {
      Optional.ofNullable(System.getenv(variable)).map(Path::of).ifPresent(candidates::add);
    }
    var home = System.getProperty("user.home");
    for (var folder :
        List.of(
            "/usr/lib/jvm",
            "/usr/java",
            "/opt",
            "/opt/java",
            home + "/.sdkman/candidates/java",
            home + "/.jdks")) {
      if (Files.isDirectory(Path.of(folder))) {
        try (var inside = Files.list(Path.of(folder))) {
          inside.forEach(candidates::add);
        }
      }
    }
    for (var candidate : candidates) {
      var java = candidate.resolve("bin/java");
      if (Files.isExecutable(java) && version(candidate) == feature) {
        return Optional.of(java);
      }
    }
    return Optional.empty();
  }

  private static int version(Path jdk) throws IOException {
    var release = jdk.resolve("release");
    if (!Files.isReadable(release)) {
      return 0;
    }
    var found = VERSION.matcher(Files.readString(release));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }
}
