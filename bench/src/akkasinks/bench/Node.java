package akkasinks.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** AkkaSinks: a node started by its launcher, driven over HTTP. */
final class Node implements Contender {
  static final String OURS = "AkkaSinks";

  /** Of all nodes of the run: they share a Postgres, whose slots are counted. */
  private static final AtomicInteger JOBS = new AtomicInteger();

  private final Stage stage;
  private final Path folder;
  private final int port = Commands.freePort();
  private final Http http = new Http(port);
  private final Path home;
  private final String name;
  private final String options;
  private Process process;

  /**
   * @param home a checkout whose build is current
   * @param options further flags for its JVM
   */
  Node(Stage stage, Path home, String name, String options) throws Exception {
    this.stage = stage;
    this.home = home;
    this.name = name;
    this.options = options;
    this.folder = Files.createTempDirectory(stage.folder(), "node-");
    Files.writeString(
        folder.resolve("node.conf"),
        """
        akkasinks.state.dir = "%s"
        akkasinks.secrets.key-file = "%s"
        akkasinks.http.port = %d
        """
            .formatted(folder.resolve("state"), folder.resolve("key"), port));
    this.process = start();
    new NodeSql(http).connect(stage);
  }

  /** What this checkout builds. */
  static Node ours(Stage stage, String options) throws Exception {
    return new Node(stage, stage.product(), OURS, options);
  }

  private Process start() throws Exception {
    var command =
        new ProcessBuilder(
            home.resolve("akkasinks").toString(),
            "node",
            "--config",
            folder.resolve("node.conf").toString());
    command.environment().put("AKKASINKS_BUILT", "yes");
    command.environment().put("AKKASINKS_HEAP", Stage.HEAP);
    // Not in the file: a checkout of before it would refuse the key.
    command
        .environment()
        .put(
            "AKKASINKS_JAVA_OPTS",
            options + " -Dakkasinks.pgwire.port=0 -Dakkasinks.management.port=0");
    var started = Commands.start(folder.resolve("node.log"), command);
    Commands.await(
        "the node is ready",
        Duration.ofSeconds(120),
        () -> http.get("/api/health/ready").statusCode() == 200);
    return started;
  }

  /** As a power failure would, and another start. */
  void killAndStart() throws Exception {
    process.destroyForcibly().waitFor();
    process = start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String guarantee() {
    return "exactly once, resumable snapshot";
  }

  @Override
  public List<ProcessHandle> processes() {
    return List.of(process.toHandle());
  }

  @Override
  public Prepared prepare(Job job) throws Exception {
    var sink = job.name();
    boolean changes = job.work() == Job.Work.CHANGES;
    var with =
        List.of(
                changes ? "SNAPSHOT = false" : "",
                job.commitInterval().isEmpty()
                    ? ""
                    : "COMMIT INTERVAL = '" + job.commitInterval() + "'")
            .stream()
            .filter(option -> !option.isEmpty())
            .toList();
    var create =
        "CREATE SINK %s %s FORMAT %s ENVELOPE %s%s"
            .formatted(
                sink,
                fromInto(job),
                format(job.form().format()),
                job.form().envelope().sql(),
                with.isEmpty() ? "" : " WITH (" + String.join(", ", with) + ")");
    if (changes) {
      sql(create);
      awaitState(sink, "running");
      sql("ALTER SINK " + sink + " PAUSE");
      awaitState(sink, "paused");
    }
    JOBS.incrementAndGet();
    return new Prepared() {
      @Override
      public void begin(int recordBytes) throws Exception {
        sql(changes ? "ALTER SINK " + sink + " RESUME" : create);
      }

      @Override
      public void close() throws Exception {
        sql("DROP SINK IF EXISTS " + sink);
        sql("DROP SOURCE IF EXISTS " + source(job));
        JOBS.decrementAndGet();
        Commands.await(
            "nothing is owed",
            Duration.ofSeconds(60),
            () ->
                Integer.parseInt(
                        stage.ask(
                            "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE"
                                + " 'akkasinks%'"))
                    <= JOBS.get());
      }
    };
  }

  private static String source(Job job) {
    return job.name() + "_source";
  }

  /** The sink's clauses; makes its source, unless that is {@code db}. */
  private String fromInto(Job job) throws Exception {
    String from = job.table();
    String key = " KEY (id)";
    if (job.work() == Job.Work.RECORDS) {
      sql(
          "CREATE SOURCE %s (%s) FROM KAFKA CONNECTION kafka (TOPIC '%s') FORMAT JSON"
              .formatted(source(job), Feed.COLUMNS, Feed.topicOf(job.table())));
      from = source(job);
      key += " NOT ENFORCED";
    } else if (job.isOfWholeSource()) {
      sql(
          "CREATE SOURCE %s FROM POSTGRES CONNECTION pg FOR TABLES (%s)"
              .formatted(source(job), String.join(", ", job.tables())));
      from = "SOURCE " + source(job);
      key = "";
    }
    return "FROM %s INTO KAFKA CONNECTION kafka (TOPIC '%s')%s".formatted(from, job.topic(), key);
  }

  private String format(Job.Format format) throws Exception {
    if (!format.isRegistered()) {
      return format.name();
    }
    sql(
        "CREATE CONNECTION IF NOT EXISTS csr TO CONFLUENT SCHEMA REGISTRY (URL '"
            + stage.registryUrl()
            + "')");
    return format + " USING CONFLUENT SCHEMA REGISTRY CONNECTION csr";
  }

  private void awaitState(String sink, String state) throws Exception {
    Commands.await(
        sink + " is " + state,
        Duration.ofSeconds(60),
        () -> http.get("/api/sinks/" + sink).body().contains("\"" + state + "\""));
  }

  void sql(String statement) throws Exception {
    new NodeSql(http).run(statement);
  }

  @Override
  public void close() {
    Commands.stop(process);
  }
}
