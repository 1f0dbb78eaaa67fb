package akkasinks.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** AkkaSinks: a node started by its launcher, driven over HTTP. */
final class Node implements Contender {
  static final String OURS = "AkkaSinks";

  private final Stage stage;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = Commands.freePort();
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
    sql("CREATE SECRET pw AS 'unused'");
    sql(
        "CREATE CONNECTION pg TO POSTGRES (HOST '127.0.0.1', PORT "
            + stage.postgresPort()
            + ", USER 'postgres', PASSWORD SECRET pw, DATABASE 'postgres')");
    sql(
        "CREATE CONNECTION kafka TO KAFKA (BROKERS ('"
            + stage.brokers()
            + "'), SECURITY PROTOCOL = 'PLAINTEXT')");
    sql("CREATE SOURCE db FROM POSTGRES CONNECTION pg FOR ALL TABLES");
  }

  private Process start() throws Exception {
    var command =
        new ProcessBuilder(
            home.resolve("akkasinks").toString(),
            "node",
            "--config",
            folder.resolve("node.conf").toString());
    command.environment().put("AKKASINKS_HEAP", Stage.HEAP);
    command.environment().put("AKKASINKS_JAVA_OPTS", options);
    var started = Commands.start(folder.resolve("node.log"), command);
    Commands.await(
        "the node is ready",
        Duration.ofSeconds(120),
        () -> get("/api/health/ready").statusCode() == 200);
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
    var sink = job.topic();
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
        "CREATE SINK %s FROM %s INTO KAFKA CONNECTION kafka (TOPIC '%s') KEY (id) FORMAT JSON ENVELOPE %s%s"
            .formatted(
                sink,
                job.table(),
                job.topic(),
                job.envelope(),
                with.isEmpty() ? "" : " WITH (" + String.join(", ", with) + ")");
    if (changes) {
      sql(create);
      awaitState(sink, "running");
      sql("ALTER SINK " + sink + " PAUSE");
      awaitState(sink, "paused");
    }
    return new Prepared() {
      @Override
      public void begin(int valueBytes) throws Exception {
        sql(changes ? "ALTER SINK " + sink + " RESUME" : create);
      }

      @Override
      public void close() throws Exception {
        sql("DROP SINK " + sink);
        Commands.await(
            "nothing is owed",
            Duration.ofSeconds(60),
            () ->
                stage
                    .ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'akkasinks%'")
                    .equals("0"));
      }
    };
  }

  private void awaitState(String sink, String state) throws Exception {
    Commands.await(
        sink + " is " + state,
        Duration.ofSeconds(60),
        () -> get("/api/sinks/" + sink).body().contains("\"" + state + "\""));
  }

  /** A counter of the sink's report. */
  long counter(String sink, String field) throws Exception {
    var found =
        Pattern.compile("\"" + field + "\"\\s*:\\s*\"?(\\d+)")
            .matcher(get("/api/sinks/" + sink).body());
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  void sql(String statement) throws Exception {
    var request =
        HttpRequest.newBuilder(uri("/api/sql"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"query\": \"" + statement.replace("\"", "\\\"") + "\"}"))
            .build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    if (answer.contains("\"error\"")) {
      throw new IllegalStateException(statement + ": " + answer);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    Commands.stop(process);
  }
}
