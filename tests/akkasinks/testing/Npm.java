package akkasinks.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Packages of npm for tests, installed once below target. */
public final class Npm {
  private final Path dir;

  private Npm(Path dir) {
    this.dir = dir;
  }

  /**
   * @param name of the folder
   * @param packages each with its version
   */
  public static Npm with(String name, String... packages) {
    Path dir = Path.of("target", "npm-" + name).toAbsolutePath();
    Npm npm = new Npm(dir);
    String wanted = String.join(" ", packages);
    Path installed = dir.resolve("installed");
    try {
      if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
        Files.createDirectories(dir);
        Files.writeString(dir.resolve("package.json"), "{\"private\": true}");
        List<String> command =
            new ArrayList<>(
                List.of(Programs.find("npm", "npm"), "install", "--no-audit", "--no-fund"));
        command.addAll(List.of(packages));
        var ran = Programs.run(new ProcessBuilder(command).directory(dir.toFile()));
        if (ran.status() != 0) {
          throw new AssertionError("npm install " + wanted + ": " + ran.err());
        }
        Files.writeString(installed, wanted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return npm;
  }

  /** Runs a script that can require the packages, to its end. */
  public Programs.Ran run(String script, String... arguments) {
    try {
      Path file = Files.writeString(dir.resolve("script.js"), script);
      List<String> command =
          new ArrayList<>(List.of(Programs.find("node", "nodejs"), file.toString()));
      command.addAll(List.of(arguments));
      return Programs.run(new ProcessBuilder(command).directory(dir.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
