package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cli.demo.Records;
import akkasinks.cli.demo.Screen;
import akkasinks.cli.demo.Shop;
import akkasinks.cli.demo.Traffic;
import akkasinks.cli.embedded.EmbeddedKafka;
import akkasinks.cli.embedded.EmbeddedPostgres;
import akkasinks.cli.embedded.FreePort;
import akkasinks.cluster.NodeConfig;
import akkasinks.http.HttpServer;
import akkasinks.http.SinkReport;
import akkasinks.pgwire.PgServer;
import akkasinks.sql.Parsed;
import akkasinks.sql.Statements;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGeneratorFactory;

/** The demo from its first line to its last: services, shop, sinks, traffic, verification. */
final class Demo implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration TRAFFIC_ONCE = Duration.ofSeconds(10);

  /** How long nothing may move before {@code --once} gives up. */
  private static final Duration STUCK = Duration.ofSeconds(45);

  /** How long an ending waits for parts that are only starting. */
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

  private static final long SEED = 20_261_121L;

  private final Path folder;
  private final Console console;
  private final PrintStream out;
  private final Screen screen;

  /** How to end what was started, in this order. */
  private final Map<Part, Ending> endings = new EnumMap<>(Part.class);

  /** Threads that start a part. */
  private final List<Thread> starting = new CopyOnWriteArrayList<>();

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean closing;

  /** The node first: its sinks commit what is whole while Kafka and Postgres are there. */
  private enum Part {
    NODE,
    KAFKA,
    POSTGRES
  }

  private interface Ending {
    void end() throws Exception;
  }

  private record Services(EmbeddedKafka kafka, EmbeddedPostgres postgres, Shop shop) {}

  Demo(Path folder, Console console, boolean terminal) {
    this.folder = folder;
    this.console = console;
    this.out = console.out();
    this.screen = new Screen(out, terminal);
  }

  /** Exit status; returns when it is over, or soon after {@link #close}. */
  int run(boolean once) throws IOException, InterruptedException {
    try {
      return show(once);
    } catch (RuntimeException e) {
      if (isEnding()) {
        // A part was ended under the hands of who started it or waited for it.
        return 0;
      }
      throw e;
    } finally {
      over.countDown();
    }
  }

  /** True as soon as the JVM ends, even if our own hook has yet to run. */
  private boolean isEnding() {
    if (closing) {
      return true;
    }
    Thread probe = new Thread();
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException shuttingDown) {
      return true;
    }
  }

  private int show(boolean once) throws IOException, InterruptedException {
    long began = System.nanoTime();
    out.println("Starting Postgres, Kafka and a node in this process, and filling a shop …");
    FutureTask<EmbeddedKafka> kafka = started("kafka", this::kafka);
    FutureTask<Services> services = started("postgres", () -> services(kafka));
    RunningNode node = opened(Part.NODE, RunningNode.start(config()));
    try (SqlClient client = new SqlClient(node.url())) {
      Services running = result(services);
      out.printf(
          "Ready after %.1f s: %,d customers, %,d orders, %,d order lines%n%n",
          seconds(began), Shop.CUSTOMERS, Shop.ORDERS, Shop.ORDERS * Shop.LINES_PER_ORDER);
      statements(running, client);
      long snapshotBegan = System.nanoTime();
      if (!snapshots(node, once)) {
        return closing ? 0 : 1;
      }
      out.printf("Snapshots done after %.1f s. Now the shop opens.%n%n", seconds(snapshotBegan));
      traffic(node, running, once);
      if (closing) {
        return 0;
      }
      records(node, running);
      boolean equal =
          VerifyCommand.all(sinks(node).stream().map(SinkReport::name).toList(), client, console);
      out.printf(
          "%n%s after %.1f s.%n",
          equal ? "Every topic equals its table" : "A topic DIFFERS from its table",
          seconds(began));
      return equal ? 0 : 1;
    } catch (CompletionException | SQLException e) {
      if (closing) {
        return 0;
      }
      throw Failure.of(Code.INTERNAL, "the demo broke: " + e.getMessage()).exception(e);
    }
  }

  private EmbeddedKafka kafka() throws IOException {
    return opened(Part.KAFKA, EmbeddedKafka.start(folder.resolve("kafka"), 0, Map.of()));
  }

  private Services services(FutureTask<EmbeddedKafka> kafka)
      throws IOException, SQLException, InterruptedException {
    EmbeddedPostgres postgres =
        opened(Part.POSTGRES, EmbeddedPostgres.start(folder.resolve("postgres"), 0, Map.of()));
    Shop shop = Shop.create(postgres.jdbcUrl("postgres"), postgres.port());
    return new Services(result(kafka), postgres, shop);
  }

  private NodeConfig config() {
    Config settings =
        ConfigFactory.parseMap(
            Map.of(
                "akkasinks.state.dir", folder.resolve("state").toString(),
                "akkasinks.secrets.key-file",
                    folder.resolve("key").resolve("secrets.key").toString(),
                "akkasinks.http.port",
                    FreePort.preferably(HttpServer.DEFAULT_HOST, HttpServer.DEFAULT_PORT),
                "akkasinks.pgwire.port",
                    FreePort.preferably(HttpServer.DEFAULT_HOST, PgServer.DEFAULT_PORT),
                "akkasinks.management.port", 0));
    return NodeConfig.of(settings);
  }

  /** The file of statements, with the ports of the demo's own services. */
  static String script(String text, int postgresPort, String brokers) {
    return text.replace("'localhost', PORT 5432", "'127.0.0.1', PORT " + postgresPort)
        .replace("'localhost:9092'", "'" + brokers + "'");
  }

  private void statements(Services running, SqlClient client)
      throws IOException, InterruptedException {
    String script =
        script(Main.resource("shop.sql"), running.postgres().port(), running.kafka().bootstrap());
    for (Parsed statement : Statements.parse(script)) {
      out.println(statement.text() + ";");
      int status = SqlCommand.print(client.run(statement.text()), statement.text(), console);
      if (status != 0) {
        throw Failure.of(Code.INTERNAL, "a statement of the demo failed").exception();
      }
      out.println();
    }
  }

  /** True once every sink has its whole table; false if that cannot be. */
  private boolean snapshots(RunningNode node, boolean once) {
    long moved = System.nanoTime();
    long before = -1;
    while (!closing) {
      List<SinkReport> sinks = sinks(node);
      long now = System.nanoTime();
      screen.snapshots(sinks, now);
      if (sinks.stream().allMatch(Demo::isUpToDate)) {
        screen.release();
        return true;
      }
      long work = sinks.stream().mapToLong(sink -> sink.counters().recordsOut()).sum();
      if (work != before) {
        before = work;
        moved = now;
      } else if (once && now - moved > STUCK.toNanos()) {
        out.println("Nothing has moved for " + STUCK.toSeconds() + " s: giving up.");
        return false;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return false;
  }

  private static boolean isUpToDate(SinkReport sink) {
    return sink.state().equals("running")
        && !sink.frontier().isEmpty()
        && sink.snapshot().isEmpty();
  }

  private void traffic(RunningNode node, Services running, boolean once) throws SQLException {
    try (Traffic traffic =
        Traffic.start(running.shop(), RandomGeneratorFactory.of("L64X128MixRandom").create(SEED))) {
      long end = System.nanoTime() + TRAFFIC_ONCE.toNanos();
      boolean told = false;
      while (!closing && (!once || System.nanoTime() < end)) {
        String footer =
            "shop: %,d transactions, %,d rows changed"
                .formatted(traffic.transactions(), traffic.rows());
        screen.sinks(sinks(node), footer, System.nanoTime());
        if (!once && !told && System.nanoTime() > end - TRAFFIC_ONCE.toNanos() / 2) {
          told = true;
          screen.release();
          records(node, running);
          whereToLook(node, running);
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    } finally {
      screen.release();
    }
  }

  private void records(RunningNode node, Services running) {
    out.printf("%nThe last committed records:%n");
    for (SinkReport sink : sinks(node)) {
      out.println("  topic " + sink.topic());
      Records.last(running.kafka().bootstrap(), sink.topic(), 2)
          .forEach(record -> out.println("    " + record));
    }
    out.println();
  }

  private void whereToLook(RunningNode node, Services running) {
    out.println("Where to look next, in another terminal:");
    out.println("  psql " + node.pgUrl());
    out.println("  ./akkasinks sql --url " + node.url() + " \"SHOW SINKS\"");
    out.println("  ./akkasinks verify orders_sink --url " + node.url());
    out.println("  curl " + node.url() + "/api/sinks/orders_sink");
    out.println("  curl " + node.url() + "/metrics");
    out.println("  Postgres: 127.0.0.1:" + running.postgres().port() + ", user and database shop");
    out.println("  Kafka:    " + running.kafka().bootstrap());
    out.println("Ctrl-C ends it.");
    out.println();
  }

  private static List<SinkReport> sinks(RunningNode node) {
    return node.backend().sinks().toCompletableFuture().join();
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /** Runs {@code start} beside whatever else starts. */
  private <T> FutureTask<T> started(String name, Callable<T> start) {
    FutureTask<T> task = new FutureTask<>(start);
    Thread thread = new Thread(task, "start-" + name);
    thread.setDaemon(true);
    starting.add(thread);
    thread.start();
    return task;
  }

  private static <T> T result(FutureTask<T> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw Failure.of(Code.INTERNAL, "a part of the demo did not start")
          .detail(String.valueOf(e.getCause()))
          .exception(e);
    }
  }

  /** Remembers to end it; ends it at once if the demo is over already. */
  private <T extends AutoCloseable> T opened(Part which, T part) {
    synchronized (endings) {
      if (!closing) {
        endings.put(which, part::close);
        return part;
      }
    }
    end(part::close);
    throw Failure.of(Code.INTERNAL, "the demo was ended while it started").exception();
  }

  /** Ends all parts, those too that are only starting; a second call waits for the first. */
  @Override
  public void close() {
    closing = true;
    synchronized (endings) {
      endings.values().forEach(Demo::end);
      endings.clear();
    }
    try {
      // A part that comes up now is ended by who started it; until then it writes to the folder.
      for (Thread thread : starting) {
        thread.join(STARTS_WITHIN);
      }
      if (!over.await(STARTS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        org.slf4j.LoggerFactory.getLogger(Demo.class).warn("the demo is still starting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(Ending ending) {
    try {
      ending.end();
    } catch (Exception e) {
      // The others shall be ended all the same.
      org.slf4j.LoggerFactory.getLogger(Demo.class).warn("a part of the demo did not end well", e);
    }
  }
}
