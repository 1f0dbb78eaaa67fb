package akkasinks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** House rules that a machine can check; every finding says what to write instead. */
class TidyTest {
  private static final int MAX_LINES = 400;
  private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", ".idea");
  private static final Set<String> TEXT =
      Set.of(
          "java",
          "md",
          "xml",
          "conf",
          "sql",
          "json",
          "yml",
          "yaml",
          "html",
          "js",
          "mjs",
          "css",
          "properties",
          "sh",
          "txt",
          "py",
          "svg",
          "");
  private static final String SELF = "tests/akkasinks/TidyTest.java";

  /** A pattern that no line of the files it concerns may contain, and what to write instead. */
  private record Ban(String pattern, Predicate<String> concerns, String instead) {
    boolean matches(String line) {
      return Pattern.compile(pattern).matcher(line).find();
    }
  }

  private static final Predicate<String> JAVA =
      path -> path.endsWith(".java") && (path.startsWith("src/") || path.startsWith("tests/"));
  private static final Predicate<String> BENCH =
      path -> path.endsWith(".java") && path.startsWith("bench/");
  private static final Predicate<String> PRODUCT = JAVA.and(path -> path.startsWith("src/"));
  private static final Predicate<String> TESTS = JAVA.and(path -> path.startsWith("tests/"));
  private static final Predicate<String> CLI = path -> path.startsWith("src/akkasinks/cli/");
  private static final Predicate<String> BASE = path -> path.startsWith("src/akkasinks/base/");
  private static final Predicate<String> TEST_KIT =
      path -> path.startsWith("tests/akkasinks/testing/");

  private static final List<Ban> BANS =
      List.of(
          new Ban("\\bThread\\.sleep\\(", TESTS, "Await a condition with a deadline"),
          new Ban(
              "\\bSystem\\.currentTimeMillis\\(|\\bInstant\\.now\\(\\)",
              PRODUCT.and(CLI.or(BASE).negate()),
              "take a clock as a constructor argument"),
          new Ban("\\bnew Random\\(", JAVA.and(TEST_KIT.negate()), "Seeds.forAll"),
          new Ban("\\bSystem\\.(out|err)\\b", JAVA.and(CLI.negate()), "a logger, or an assertion"),
          new Ban("\\bprintStackTrace\\(", JAVA, "log the exception, or let it go on"),
          new Ban("(?i)\\bmockito\\b", JAVA.or(is("pom.xml")), "a hand-made fake of the seam"),
          new Ban("@Disabled\\b", TESTS, "repair the test or delete it"),
          new Ban("\\b(TODO|FIXME)\\b", path -> true, "do it, or open an issue"),
          new Ban(
              "\\b(class|interface|record|enum) \\w*(Util(?![a-z])|Utils|Helper|Manager"
                  + "|Impl(?![a-z])|Abstract)",
              JAVA,
              "name it by what it is, not by how it is used"),
          new Ban("(?<![\\w.}])/(work|root|home/\\w+)/", path -> true, "a relative path"),
          new Ban(
              "\"resolved\":|<(pluginR|r)epositor(y|ies)>|^registry=|npm .*--registry|index-url",
              path -> true,
              "nothing: where packages come from is the business of each machine's settings"));

  private static final Map<String, String> FILES = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    Set<String> ignored = ignored(root);
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = dir.getFileName().toString();
            String path = root.relativize(dir).toString().replace('\\', '/');
            // A package may have the name of what Maven makes.
            boolean sources = path.startsWith("src/") || path.startsWith("tests/");
            boolean skip =
                !dir.equals(root)
                    && !sources
                    && (NOT_OURS.contains(name) || ignored.contains(name));
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            int dot = name.lastIndexOf('.');
            boolean ours = attributes.isRegularFile() && !ignored.contains(name);
            if (ours && TEXT.contains(dot < 0 ? "" : name.substring(dot + 1))) {
              add(root, file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(FILES).containsKeys(SELF, "pom.xml");
  }

  private static void add(Path root, Path file) throws IOException {
    try {
      FILES.put(root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
    } catch (MalformedInputException binary) {
      // A file without an ending may be a program.
    }
  }

  /** Names that .gitignore lists, enough of its language for a list of names. */
  private static Set<String> ignored(Path root) throws IOException {
    Path file = root.resolve(".gitignore");
    if (!Files.exists(file)) {
      return Set.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return Set.copyOf(
          lines.map(line -> line.strip().replaceAll("^/|/$", "")).distinct().toList());
    }
  }

  @Test
  void javaIsFormatted() {
    Formatter formatter = new Formatter();
    assertThat(
            files(JAVA.or(BENCH))
                .parallel()
                .filter(file -> !isFormatted(formatter, file))
                .map(Map.Entry::getKey))
        .as("run google-java-format on these")
        .isEmpty();
  }

  private static boolean isFormatted(Formatter formatter, Map.Entry<String, String> file) {
    try {
      return formatter.formatSourceAndFixImports(file.getValue()).equals(file.getValue());
    } catch (FormatterException e) {
      throw new IllegalStateException(file.getKey(), e);
    }
  }

  @Test
  void longFilesAreArguedFor() {
    String architecture = FILES.getOrDefault("ARCHITECTURE.md", "");
    assertThat(
            files(JAVA.or(BENCH))
                .filter(file -> file.getValue().lines().count() > MAX_LINES)
                .map(Map.Entry::getKey)
                .filter(path -> !architecture.contains(path.replaceFirst("^.*/", ""))))
        .as("longer than %d lines: split it, or give the reason in ARCHITECTURE.md", MAX_LINES)
        .isEmpty();
  }

  @Test
  void nothingBannedIsUsed() {
    List<String> findings = new ArrayList<>();
    files(path -> !path.equals(SELF))
        .forEach(
            file -> {
              List<Ban> bans =
                  BANS.stream().filter(ban -> ban.concerns().test(file.getKey())).toList();
              List<String> lines = file.getValue().lines().toList();
              for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                for (Ban ban : bans) {
                  if (ban.matches(line)) {
                    findings.add(
                        "%s:%d: %s  instead: %s"
                            .formatted(file.getKey(), i + 1, line.strip(), ban.instead()));
                  }
                }
              }
            });
    assertThat(findings).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(
            files(JAVA)
                .map(file -> file.getKey().replaceFirst("/[^/]*$", ""))
                .distinct()
                .filter(folder -> !isNullMarked(folder))
                // A test shares the package-info of the package that it tests.
                .filter(folder -> !isNullMarked(folder.replaceFirst("^tests/", "src/"))))
        .as("packages without a package-info.java that says @NullMarked")
        .isEmpty();
  }

  private static boolean isNullMarked(String folder) {
    return FILES.getOrDefault(folder + "/package-info.java", "").contains("NullMarked");
  }

  @Test
  void publicTypesAreDescribed() {
    Pattern described =
        Pattern.compile(
            "\\*/\\s*(@[\\w.]+(\\([^)]*\\))?\\s*)*public"
                + " [\\w\\s-]*(class|interface|record|enum|@interface) ");
    assertThat(
            files(PRODUCT)
                .filter(file -> file.getValue().contains("\npublic "))
                .filter(file -> !described.matcher(file.getValue()).find())
                .map(Map.Entry::getKey))
        .as("public types without a docstring")
        .isEmpty();
  }

  @Test
  void testsThatPagesNameAreThere() {
    Pattern name = Pattern.compile("`([A-Z]\\w*Test)`");
    assertThat(
            files(path -> path.endsWith(".md"))
                .flatMap(file -> name.matcher(file.getValue()).results())
                .map(found -> found.group(1))
                .distinct()
                .filter(
                    test ->
                        FILES.keySet().stream().noneMatch(f -> f.endsWith("/" + test + ".java"))))
        .isEmpty();
  }

  @Test
  void everyPageHasOneTitle() {
    Pattern fence = Pattern.compile("(?ms)^```.*?^```");
    Pattern title = Pattern.compile("(?m)^# ");
    assertThat(
            files(path -> path.endsWith(".md"))
                .filter(
                    file -> {
                      Matcher titles = title.matcher(fence.matcher(file.getValue()).replaceAll(""));
                      return titles.results().count() != 1;
                    })
                .map(Map.Entry::getKey))
        .as("pages without exactly one H1")
        .isEmpty();
  }

  private static Stream<Map.Entry<String, String>> files(Predicate<String> which) {
    return FILES.entrySet().stream().filter(file -> which.test(file.getKey()));
  }

  private static Predicate<String> is(String path) {
    return path::equals;
  }
}
