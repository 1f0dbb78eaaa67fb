package akkasinks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image, and the images of others that go with it. */
final class ImageTest {
  private final Image image = Image.read();

  @Test
  void everyImageHasAPinnedTagAndThoseThatTestsRunHaveTheTestedVersion() {
    List<String> images = new ArrayList<>();
    new Compose().services().forEach(service -> images.add(service.path("image").asText()));
    for (JsonNode document : Yaml.documents("deploy/kubernetes/nodes.yaml")) {
      document.findValuesAsText("image").forEach(images::add);
    }
    image.of("FROM").forEach(from -> images.add(from.replaceFirst(" AS .*", "")));
    assertThat(images)
        .hasSizeGreaterThan(10)
        .allSatisfy(
            name -> assertThat(name).matches("[a-z0-9/-]+:v?[0-9]+\\.[0-9]+[A-Za-z0-9._-]*"));

    assertThat(images)
        .contains(
            "apache/kafka:" + pom("kafka.version"),
            "postgres:" + pom("postgres.binaries.version").replaceFirst("\\.0$", ""),
            "apicurio/apicurio-registry:" + pom("apicurio.version"),
            "akkasinks:" + version());
    assertThat(image.of("FROM").getLast())
        .startsWith("eclipse-temurin:" + Runtime.version().feature() + ".");
  }

  private static String pom(String property) {
    return group("<" + Pattern.quote(property) + ">([^<]+)<");
  }

  private static String version() {
    return group("<artifactId>akkasinks</artifactId>\\s*<version>([^<]+)<");
  }

  private static String group(String pattern) {
    var found = Pattern.compile(pattern).matcher(Yaml.read("pom.xml"));
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  @Test
  void whatItCopiesIsThereAndNotKeptFromTheBuilder() throws Exception {
    for (String copy : image.of("COPY")) {
      String[] words = copy.split("\\s+");
      if (words.length == 2) {
        assertThat(Path.of(words[0])).exists();
        assertThat(Yaml.read("deploy/Dockerfile.dockerignore").lines()).contains("!" + words[0]);
      } else {
        // Of the stage before: what a build here makes at the same place.
        assertThat(words[0]).isEqualTo("--from=build");
        var made = FileSystems.getDefault().getPathMatcher("glob:" + words[1].substring(7));
        try (var files = Files.list(Path.of("target"))) {
          assertThat(files.anyMatch(made::matches)).as(copy).isTrue();
        }
      }
    }
  }

  @Test
  void dependenciesAreALayerBelowOurJarAndNothingRunsAsRoot() {
    assertThat(image.of("COPY"))
        .containsSubsequence(
            "--from=build /build/target/lib /opt/akkasinks/lib",
            "--from=build /build/target/akkasinks-*.jar /opt/akkasinks/akkasinks.jar");
    List<String> names = image.all().stream().map(Image.Instruction::name).toList();
    assertThat(Integer.parseInt(image.of("USER").getLast())).isPositive();
    assertThat(names.lastIndexOf("USER")).isLessThan(names.lastIndexOf("RUN"));
  }

  @Test
  void theNodeRunsWithTheLaunchersFlagsAndTheArchiveIsMadeWithThem() throws Exception {
    List<String> entry = image.words("ENTRYPOINT");
    var flags =
        Pattern.compile("local flags=\\((.*?)\\n  \\)", Pattern.DOTALL)
            .matcher(Yaml.read("akkasinks"));
    assertThat(flags.find()).isTrue();
    List<String> launcher =
        flags.group(1).lines().map(String::strip).filter(f -> f.startsWith("-")).toList();
    assertThat(launcher).isNotEmpty();
    assertThat(entry).containsAll(launcher);

    List<String> trained = image.training();
    assertThat(entry).contains("-XX:AOTCache=" + made(trained));
    assertThat(trained).containsSubsequence(Image.withoutArchive(entry)).endsWith("demo", "--once");
    Class.forName(entry.getLast()).getMethod("main", String[].class);
    assertThat(image.words("CMD")).startsWith("node", "--config");
  }

  private static String made(List<String> training) {
    return training.stream()
        .filter(word -> word.startsWith("-XX:AOTCacheOutput="))
        .map(word -> word.substring(word.indexOf('=') + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itExposesThePortsOfANode() {
    var node = Compose.load(Compose.NODES_FILE, new Compose().environment("akkasinks-1"));
    assertThat(image.of("EXPOSE").getLast().split(" "))
        .containsExactlyInAnyOrder(
            "" + node.node().port(),
            "" + node.http().port(),
            "" + node.pgwire().port(),
            "" + node.management().port());
    assertThat(Yaml.read("deploy/ready.sh")).contains("/" + node.management().port() + "\"");
  }
}
