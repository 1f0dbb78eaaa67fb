package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cli.demo.Screen;
import akkasinks.cli.demo.Shop;
import akkasinks.cli.demo.Traffic;
import akkasinks.cli.local.LocalCluster;
import akkasinks.cli.local.LocalNode;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Several nodes and the demo's shop: who runs what, live, until it is told to end. */
final class ClusterShow implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TRAFFIC_ONCE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long SEED = 20_261_127L;

  private final Path folder;
  private final LocalCluster.Size size;
  private final Console console;
  private final PrintStream out;
  private final Screen screen;
  private @Nullable LocalCluster cluster;
  private volatile boolean closing;

  ClusterShow(Path folder, LocalCluster.Size size, Console console) {
    this.folder = folder;
    this.size = size;
    this.console = console;
    this.out = console.out();
    this.screen = new Screen(out, DemoCommand.isTerminal(console));
  }

  boolean isEnding() {
    return closing;
  }

  /** Exit status; returns when it is over, or soon after {@link #close}. */
  int run(boolean once) throws IOException, InterruptedException {
    long began = System.nanoTime();
    out.printf(
        "Starting %d node%s, %d broker%s and two Postgres, each a process …%n",
        size.nodes(), size.nodes() == 1 ? "" : "s", size.brokers(), size.brokers() == 1 ? "" : "s");
    var running = opened(LocalCluster.start(folder, size));
    try (var client = new NodeClient()) {
      var shop = Shop.create(running.source().jdbcUrl("postgres"), running.source().port());
      out.printf("Ready after %.1f s%n%n", (System.nanoTime() - began) / 1e9);
      statements(running);
      try (var traffic =
          Traffic.start(shop, RandomGeneratorFactory.of("L64X128MixRandom").create(SEED))) {
        whereToLook(running);
        if (once) {
          awaitAllRunning(running, client);
          killOne(running, client);
        }
        while (!closing && !once) {
          look(running, client, traffic);
          LockSupport.parkNanos(LOOK.toNanos());
        }
      }
      return !once || verify(running, client) ? 0 : 1;
    } catch (SQLException e) {
      if (closing) {
        return 0;
      }
      throw Failure.of(Code.INTERNAL, "the shop broke: " + e.getMessage()).exception(e);
    }
  }

  private synchronized LocalCluster opened(LocalCluster started) {
    if (closing) {
      started.close();
      throw Failure.of(Code.INTERNAL, "ended while it started").exception();
    }
    cluster = started;
    return started;
  }

  private void statements(LocalCluster running) throws IOException, InterruptedException {
    String script =
        Demo.script(
            Main.resource("shop.sql"),
            running.source().port(),
            String.join("', '", running.brokers()));
    try (var sql = new SqlClient(running.nodes().getLast().url())) {
      if (SqlCommand.print(sql.run(script), script, console) != 0) {
        throw Failure.of(Code.INTERNAL, "a statement of the shop failed").exception();
      }
    }
    out.println();
  }

  private void whereToLook(LocalCluster running) {
    out.println("Each node takes statements, whichever runs the sink:");
    for (var node : running.nodes()) {
      out.printf(
          "  %-7s pid %-7d psql %s   curl %s/api/cluster%n",
          node.place().name(), node.pid(), node.pgUrl(), node.url());
    }
    out.println("Try: kill -9 one of them, and watch its sinks come up elsewhere. Its log:");
    out.println("  " + running.nodes().getFirst().log());
    out.println("Ctrl-C ends it.");
    out.println();
  }

  private static List<String> urls(LocalCluster running) {
    return running.nodes().stream().filter(LocalNode::isUp).map(LocalNode::url).toList();
  }

  private void look(LocalCluster running, NodeClient client, Traffic traffic)
      throws InterruptedException {
    var nodes = client.get(urls(running), "/api/cluster");
    var sinks = client.get(urls(running), "/api/sinks");
    List<String> lines = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    lines.add("%-8s %-17s %-12s %5s".formatted("node", "address", "state", "sinks"));
    for (var node : running.nodes()) {
      names.put(node.place().address(), node.place().name());
      lines.add(node(node, nodes.orElse(null)));
    }
    lines.add("");
    lines.add(
        "%-18s %-9s %-8s %12s %12s".formatted("sink", "state", "node", "rows in", "records out"));
    sinks.ifPresent(
        all ->
            all.path("sinks")
                .forEach(
                    sink ->
                        lines.add(
                            "%-18s %-9s %-8s %,12d %,12d"
                                .formatted(
                                    sink.path("name").asText(),
                                    sink.path("state").asText(),
                                    names.getOrDefault(sink.path("node").asText(), "-"),
                                    sink.path("rows_in").asLong(),
                                    sink.path("records_out").asLong()))));
    lines.add("shop: %,d transactions".formatted(traffic.transactions()));
    screen.show(lines, System.nanoTime());
  }

  private static String node(LocalNode node, @Nullable JsonNode cluster) {
    String state = node.isUp() ? "starting" : "ended";
    int sinks = 0;
    if (cluster != null) {
      for (var each : cluster.path("nodes")) {
        if (each.path("address").asText().equals(node.place().address())) {
          sinks = each.path("sinks").size();
          state =
              (each.path("reachable").asBoolean() ? each.path("status").asText() : "unreachable")
                  + (each.path("oldest").asBoolean() ? ", oldest" : "");
        }
      }
    }
    return "%-8s %-17s %-12s %5d"
        .formatted(node.place().name(), node.place().address(), state, sinks);
  }

  private void awaitAllRunning(LocalCluster running, NodeClient client)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!closing && System.nanoTime() < end) {
      var sinks = client.get(urls(running), "/api/sinks");
      if (sinks.isPresent() && allRun(sinks.get(), running)) {
        return;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    throw Failure.of(Code.INTERNAL, "not all sinks run after " + PATIENCE.toSeconds() + " s")
        .exception();
  }

  private static boolean allRun(JsonNode sinks, LocalCluster running) {
    var up =
        running.nodes().stream()
            .filter(LocalNode::isUp)
            .map(node -> node.place().address())
            .toList();
    for (var sink : sinks.path("sinks")) {
      if (!sink.path("state").asText().equals("running")
          || sink.has("snapshot")
          || !up.contains(sink.path("node").asText())) {
        return false;
      }
    }
    return !sinks.path("sinks").isEmpty();
  }

  /** Without warning, and under traffic: what runs there has to come up elsewhere. */
  private void killOne(LocalCluster running, NodeClient client) throws InterruptedException {
    LockSupport.parkNanos(TRAFFIC_ONCE.toNanos());
    if (running.nodes().size() > 1) {
      var victim = running.nodes().getFirst();
      out.println("kill -9 " + victim.place().name());
      long began = System.nanoTime();
      victim.kill();
      awaitAllRunning(running, client);
      out.printf("all sinks run elsewhere after %.1f s%n", (System.nanoTime() - began) / 1e9);
    }
  }

  private boolean verify(LocalCluster running, NodeClient client) throws InterruptedException {
    List<String> names = new ArrayList<>();
    client
        .get(urls(running), "/api/sinks")
        .orElseThrow()
        .path("sinks")
        .forEach(sink -> names.add(sink.path("name").asText()));
    try (var sql = new SqlClient(urls(running).getFirst())) {
      return VerifyCommand.all(names, sql, console);
    }
  }

  /** Ends all parts; a second call waits for the first. */
  @Override
  public synchronized void close() {
    closing = true;
    if (cluster != null) {
      cluster.close();
      cluster = null;
    }
  }
}
