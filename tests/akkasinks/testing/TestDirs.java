package akkasinks.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories of the real parts, under target. */
public final class TestDirs {
  private TestDirs() {}

  public static Path create(String purpose) {
    try {
      Path parent = Files.createDirectories(Path.of("target", "real").toAbsolutePath());
      return Files.createTempDirectory(parent, purpose + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes what can be deleted: a file that a dying process still writes is left to clean. */
  public static void delete(Path dir) {
    try (Stream<Path> walk = Files.walk(dir)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException ignored) {
      // The build directory is thrown away anyhow.
    }
  }
}
