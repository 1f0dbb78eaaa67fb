package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.sql.Statements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script, as far as it goes without building anything. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("akkasinks").toAbsolutePath();

  @TempDir private Path folder;

  private record Ended(int status, String output) {}

  private Ended run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(new ArrayList<>(List.of(command)))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  @Test
  void itIsWellFormed() throws Exception {
    assertThat(run(Map.of(), "bash", "-n", SCRIPT.toString())).isEqualTo(new Ended(0, ""));
  }

  @Test
  void itRunsFromAnyFolderThroughLinksOfLinks() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("one"), SCRIPT);
    Files.createSymbolicLink(folder.resolve("two"), link.getFileName());

    assertThat(run(Map.of(), "./two", "help"))
        .isEqualTo(new Ended(0, Files.readString(Path.of("hocon/help.txt"))));
  }

  @Test
  void aMissingJdkIsNamedWithTheWayToGetOne() throws Exception {
    // A copy that finds no folder of JDKs: only what the environment offers.
    Path copy = folder.resolve("akkasinks");
    Files.writeString(
        copy,
        Files.readString(SCRIPT)
            .replaceAll("(?s)for dir in /usr/lib/jvm/\\*.*?; do", "for dir in /nowhere; do"));
    var bare =
        Map.of("HOME", folder.toString(), "JAVA_HOME", "", "JAVA25_HOME", "", "PATH", path());

    Ended ended = run(bare, "bash", copy.toString(), "sql", "SHOW SINKS");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .startsWith("akkasinks: no JDK 25 found")
        .contains("JAVA25_HOME", "sdk install java");
  }

  /** The tools the script needs, without a Java. */
  private String path() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("bash", "dirname", "readlink", "sed", "cat", "find")) {
      for (String place : List.of("/bin", "/usr/bin")) {
        Path real = Path.of(place, tool);
        if (Files.exists(real) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), real.toRealPath());
        }
      }
    }
    return tools.toString();
  }

  @Test
  void theReadmeShowsTheDemosFileAsItIs() throws IOException {
    String shown = Files.readString(Path.of("README.md"));

    assertThat(shown).contains("```sql\n" + Files.readString(Path.of("hocon/shop.sql")) + "```\n");
  }

  @Test
  void theDemosFileIsUnderstoodAndTakesItsPorts() throws IOException {
    String script =
        Demo.script(Files.readString(Path.of("hocon/shop.sql")), 20_001, "127.0.0.1:20002");

    assertThat(Statements.parse(script)).hasSize(8);
    assertThat(script)
        .contains("PORT 20001", "'127.0.0.1:20002'")
        .doesNotContain("5432", "'localhost");
  }
}
