package akkasinks.cli;

import akkasinks.cluster.NodeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * {@code akkasinks node [--config file]}: a node until it is told to end (SIGTERM, Ctrl-C), or the
 * cluster has let it go.
 *
 * <p>{@code --end-with-input} ends it with its standard input too, for who starts it as a child.
 */
final class NodeCommand {
  private static final String END_WITH_INPUT = "--end-with-input";

  private NodeCommand() {}

  /** Exit status: 0 if it was asked to end or has left; 1 if the others have put it out. */
  static int run(List<String> words, Console console) throws InterruptedException {
    Arguments arguments =
        Arguments.parse(words, Set.of("--config"), Set.of(END_WITH_INPUT))
            .alone("akkasinks node --config FILE");
    NodeConfig config = NodeConfig.load(arguments.option("--config").map(Path::of));
    RunningNode node = RunningNode.start(config);
    CountDownLatch ended = new CountDownLatch(1);
    node.whenEnded().thenRun(ended::countDown);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.close();
                  ended.countDown();
                },
                "end-of-node"));
    console.out().println("psql " + node.pgUrl());
    var management = node.management();
    console
        .out()
        .println("management http://" + management.getHostString() + ":" + management.getPort());
    console.out().println("READY " + node.url());
    if (arguments.flags().contains(END_WITH_INPUT)) {
      endWithInput(console.in(), node, ended);
    }
    ended.await();
    return node.wasPutOut() ? 1 : 0;
  }

  private static void endWithInput(InputStream in, RunningNode node, CountDownLatch ended) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException broken) {
                // As an end.
              }
              node.close();
              ended.countDown();
            });
  }
}
