package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** {@code akkasinks node [--config file]}: a node until it is told to end (SIGTERM, Ctrl-C). */
final class NodeCommand {
  private NodeCommand() {}

  static int run(List<String> words, Console console) throws InterruptedException {
    Arguments arguments = Arguments.parse(words, Set.of("--config"), Set.of());
    if (!arguments.rest().isEmpty()) {
      throw Failure.of(
              Code.INVALID_PARAMETER, "unexpected word \"" + arguments.rest().getFirst() + "\"")
          .hint("Write: akkasinks node --config FILE")
          .exception();
    }
    NodeConfig config = NodeConfig.load(arguments.option("--config").map(Path::of));
    RunningNode node = RunningNode.start(config);
    CountDownLatch ended = new CountDownLatch(1);
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
    ended.await();
    return 0;
  }
}
