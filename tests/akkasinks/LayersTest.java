package akkasinks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The list of layers, and nothing else, says who may know whom. Think hard about the layering of
 * the product before changing it.
 */
class LayersTest {
  /** A package imports only packages of earlier lines; siblings on one line are strangers. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("base"),
          List.of("change"),
          List.of("command"),
          List.of("envelope", "format", "partition", "progress", "sql"),
          List.of("view", "catalog"),
          List.of("source", "target", "tunnel"),
          List.of("pipeline"),
          List.of("verify"),
          List.of("cluster"),
          List.of("control"),
          List.of("session"),
          List.of("pgwire", "http"),
          List.of("cli"));

  private static final int LAST_PURE = layerOf("catalog");
  private static final List<String> IMPURE =
      List.of("org.apache.pekko", "org.apache.kafka", "org.postgresql", "java.sql", "javax.sql");
  private static final String PRODUCT = "akkasinks.";
  private static final Path SOURCES = Path.of("src");

  @Test
  void packagesImportOnlyDownwards() {
    TreeSet<String> broken = new TreeSet<>();
    for (JavaClass type : productClasses()) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String used = dependency.getTargetClass().getPackageName();
        verdict(type.getPackageName(), used)
            .ifPresent(
                why ->
                    broken.add(
                        "%s uses %s: %s"
                            .formatted(
                                outermost(type.getName()),
                                outermost(dependency.getTargetClass().getName()),
                                why)));
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPackageIsListed() throws IOException {
    try (Stream<Path> entries = Files.list(SOURCES.resolve("akkasinks"))) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .isSubsetOf(LAYERS.stream().flatMap(List::stream).toList());
    }
  }

  @Test
  void theRuleItself() {
    assertThat(verdict("akkasinks.change", "akkasinks.base")).isEmpty();
    assertThat(verdict("akkasinks.base", "akkasinks.change")).isPresent();
    assertThat(verdict("akkasinks.format.json", "akkasinks.format")).isEmpty();
    assertThat(verdict("akkasinks.format", "akkasinks.envelope")).isPresent();
    assertThat(verdict("akkasinks.source.postgres", "akkasinks.target")).isPresent();
    assertThat(verdict("akkasinks.pipeline", "akkasinks.target.kafka")).isEmpty();
    assertThat(verdict("akkasinks.cli", "akkasinks.pgwire")).isEmpty();
    assertThat(verdict("akkasinks.catalog", "org.apache.pekko.actor")).isPresent();
    assertThat(verdict("akkasinks.source", "org.apache.pekko.actor")).isEmpty();
    assertThat(verdict("akkasinks.progress", "java.sql")).isPresent();
    assertThat(verdict("akkasinks.format.registry", "java.net.http")).isEmpty();
    assertThat(verdict("akkasinks.format.json", "java.net")).isPresent();
    assertThat(verdict("akkasinks.misc", "java.util")).isPresent();
  }

  /** Why a class in the first package may not use the second, or nothing if it may. */
  private static Optional<String> verdict(String user, String used) {
    int layer = layerOf(area(user));
    if (layer < 0) {
      return Optional.of(user + " is in no layer");
    }
    if (used.startsWith(PRODUCT)) {
      boolean allowed = area(used).equals(area(user)) || layerOf(area(used)) < layer;
      return allowed ? Optional.empty() : Optional.of(area(used) + " is not below " + area(user));
    }
    if (layer > LAST_PURE) {
      return Optional.empty();
    }
    boolean network = within(used, "java.net") && !within(user, PRODUCT + "format.registry");
    return network || IMPURE.stream().anyMatch(impure -> within(used, impure))
        ? Optional.of(area(user) + " is pure")
        : Optional.empty();
  }

  private static boolean within(String name, String parent) {
    return name.equals(parent) || name.startsWith(parent + ".");
  }

  /** The package directly below the product's root. */
  private static String area(String packageName) {
    return packageName.startsWith(PRODUCT)
        ? packageName.substring(PRODUCT.length()).replaceFirst("\\..*", "")
        : packageName;
  }

  private static int layerOf(String area) {
    for (int i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(area)) {
        return i;
      }
    }
    return -1;
  }

  private static String outermost(String className) {
    return className.replaceFirst("\\$.*", "");
  }

  /**
   * Some builds put the tests' classes beside the product's: the source folder tells them apart.
   */
  private static List<JavaClass> productClasses() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    JavaClasses all = new ClassFileImporter().importPackages("akkasinks");
    List<JavaClass> product =
        all.stream()
            .filter(
                type ->
                    Files.exists(
                        SOURCES.resolve(outermost(type.getName()).replace('.', '/') + ".java")))
            .toList();
    assertThat(product).isNotEmpty();
    return product;
  }
}
