package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.cli.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code akkasinks cluster}: several nodes on this machine, in a folder that is gone after it. */
final class ClusterCommand {
  private static final String ONCE = "--once";
  private static final int MOST_NODES = 9;

  private ClusterCommand() {}

  /** Exit status 0; with {@code --once} 1 if a sink differs from its table. */
  static int run(List<String> words, Console console) throws IOException, InterruptedException {
    Arguments arguments =
        Arguments.parse(words, Set.of("--nodes", "--brokers", "--heap"), Set.of(ONCE))
            .alone("akkasinks cluster --nodes 3");
    var size =
        new LocalCluster.Size(
            number(arguments, "--nodes", 3, MOST_NODES),
            number(arguments, "--brokers", 1, 3),
            arguments.option("--heap").orElse("256m"));
    Path folder = Files.createTempDirectory("akkasinks-cluster");
    DemoCommand.logTo(folder.resolve("cluster.log"));
    var shown = new ClusterShow(folder, size, console);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  shown.close();
                  DemoCommand.delete(folder);
                },
                "end-of-cluster"));
    try {
      return shown.run(arguments.flags().contains(ONCE));
    } catch (FailureException e) {
      if (shown.isEnding()) {
        return 0;
      }
      throw e;
    } finally {
      shown.close();
    }
  }

  private static int number(Arguments arguments, String option, int usual, int most) {
    if (arguments.option(option).isEmpty()) {
      return usual;
    }
    String word = arguments.option(option).get();
    try {
      int number = Integer.parseInt(word);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw Failure.of(
            Code.INVALID_PARAMETER, option + " is a number from 1 to " + most + ", not " + word)
        .exception();
  }
}
