package akkasinks.cli;

import akkasinks.base.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code akkasinks demo [--once]}: all parts in one process, in a folder that is gone after it. */
final class DemoCommand {
  private static final String LOG = "demo.log";

  private DemoCommand() {}

  /** Exit status 0; with {@code --once} 1 if a sink differs from its table. */
  static int run(List<String> words, Console console) throws IOException, InterruptedException {
    Arguments arguments =
        Arguments.parse(words, Set.of(), Set.of("--once"))
            .alone("akkasinks demo, or akkasinks demo --once");
    Path folder = Files.createTempDirectory("akkasinks-demo");
    logTo(folder.resolve(LOG));
    Demo demo = new Demo(folder, console, isTerminal(console));
    Thread hook =
        new Thread(
            () -> {
              demo.close();
              delete(folder);
            },
            "end-of-demo");
    Runtime.getRuntime().addShutdownHook(hook);
    int status = 1;
    try {
      status = demo.run(arguments.flags().contains("--once"));
    } catch (FailureException e) {
      console.err().print(Print.failure(e.failure(), ""));
    } finally {
      demo.close();
      if (status != 0) {
        keepLog(folder, console);
      }
    }
    return status;
  }

  /** The screen is for what is shown. Before the first logger is made. */
  static void logTo(Path file) {
    System.setProperty("logback.configurationFile", "logback-demo.xml");
    System.setProperty("akkasinks.log.file", file.toString());
  }

  static boolean isTerminal(Console console) {
    java.io.Console terminal = System.console();
    return terminal != null
        && terminal.isTerminal()
        && !"dumb".equals(console.environment().get("TERM"));
  }

  private static void keepLog(Path folder, Console console) throws IOException {
    Path log = folder.resolve(LOG);
    if (Files.exists(log)) {
      Path kept = folder.resolveSibling("akkasinks-demo.log");
      Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
      console.err().println("The demo's log is in " + kept);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // A folder of temporary files that stays harms nobody.
    }
  }
}
