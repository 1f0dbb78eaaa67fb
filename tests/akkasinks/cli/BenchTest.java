package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bench works: it starts everything, and it fails unless every topic is complete. How fast
 * anything is, no build asks.
 */
class BenchTest {
  @TempDir private Path folder;

  @Test
  void aTinyQuickBenchGoesThrough() throws Exception {
    Path json = folder.resolve("figures.json");
    Path svg = folder.resolve("figures.svg");
    var command =
        new ProcessBuilder(
                Path.of("akkasinks").toAbsolutePath().toString(),
                "bench",
                "--quick",
                "--scale",
                "0.02",
                "--json",
                json.toString(),
                "--svg",
                svg.toString())
            .redirectErrorStream(true);
    // The jar that this build made, and no other build inside of it.
    command.environment().put("AKKASINKS_BUILT", "yes");
    command.environment().put("JAVA25_HOME", System.getProperty("java.home"));
    Process bench = command.start();
    String output = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(bench.waitFor()).as(output).isZero();
    assertThat(Files.readString(json)).contains("\"case\": \"1\"", "\"case\": \"5\"", "AkkaSinks");
    assertThat(Files.readString(svg)).startsWith("<svg ").contains("straight pipe");
  }
}
