package akkasinks.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The first figures: the product beside the straight pipe, interleaved in one run, on one Postgres and one
 * broker (its own JVM), after a warm-up round.
 *
 * <p>Usage: {@code FirstFigures PRODUCT_HOME [rows] [rounds]}, where PRODUCT_HOME is a built checkout.
 */
public final class FirstFigures {
  private static final int PARTITIONS = 4;

  private final Path home;
  private final int rows;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int httpPort = freePort();
  private final int brokerPort = freePort();
  private final String brokers = "127.0.0.1:" + brokerPort;
  private final List<Process> processes = new ArrayList<>();
  private String jdbcUrl = "";
  private int run;

  private FirstFigures(Path home, int rows) {
    this.home = home;
    this.rows = rows;
  }

  public static void main(String[] args) throws Exception {
    int rows = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    var figures = new FirstFigures(Path.of(args[0]).toAbsolutePath(), rows);
    try {
      figures.start();
      figures.measure(rounds);
    } finally {
      figures.processes.reversed().forEach(Process::destroy);
    }
    System.exit(0);
  }

  private void start() throws Exception {
    var dir = Files.createTempDirectory("akkasinks-bench-");
    var postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("wal_level", "logical")
            .setServerConfig("max_wal_size", "8GB")
            .setServerConfig("max_replication_slots", "20")
            .setServerConfig("max_wal_senders", "20")
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(postgres)));
    jdbcUrl = postgres.getJdbcUrl("postgres", "postgres");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var product = home.resolve("target/lib") + "/*";
    try (var jars = Files.list(home.resolve("target"))) {
      product +=
          ":"
              + jars.filter(f -> f.getFileName().toString().matches("akkasinks-.*\\.jar"))
                  .findFirst()
                  .orElseThrow();
    }
    spawn(
        dir.resolve("kafka.log"),
        java, "-Xmx512m", "-cp", product, "akkasinks.cli.embedded.EmbeddedKafka",
        "--dir", dir.resolve("kafka").toString(), "--port", Integer.toString(brokerPort));
    Files.writeString(
        dir.resolve("node.conf"),
        """
        akkasinks.state.dir = "%s"
        akkasinks.secrets.key-file = "%s"
        akkasinks.http.port = %d
        """
            .formatted(dir.resolve("state"), dir.resolve("key"), httpPort));
    spawn(
        dir.resolve("node.log"),
        java, "-Xmx512m", "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED", "-cp", product, "akkasinks.cli.Main", "node",
        "--config", dir.resolve("node.conf").toString());
    await("the node is ready", () -> get("/api/health/ready").statusCode() == 200);
    var port = postgres.getPort();
    sql("CREATE SECRET pw AS 'unused'");
    sql(
        "CREATE CONNECTION pg TO POSTGRES (HOST '127.0.0.1', PORT "
            + port
            + ", USER 'postgres', PASSWORD SECRET pw, DATABASE 'postgres')");
    await(
        "the broker is ready",
        () ->
            sqlAnswer(
                    "CREATE CONNECTION IF NOT EXISTS kafka TO KAFKA (BROKERS ('"
                        + brokers
                        + "'), SECURITY PROTOCOL = 'PLAINTEXT')")
                .contains("CREATE CONNECTION"));
    sql("CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES");
    execute(
        "CREATE TABLE items (id int8 PRIMARY KEY, customer int4 NOT NULL, status text NOT NULL,"
            + " amount numeric(12,2) NOT NULL, note text, at timestamptz NOT NULL)",
        "INSERT INTO items SELECT i, i % 20000, (ARRAY['new','paid','shipped'])[1 + i % 3],"
            + " (i % 100000) / 100.0, repeat(md5(i::text), 2), now() FROM generate_series(1, "
            + rows
            + ") i",
        "CREATE TABLE events (LIKE items INCLUDING ALL)",
        "ALTER TABLE items REPLICA IDENTITY FULL",
        "ALTER TABLE events REPLICA IDENTITY FULL",
        "VACUUM ANALYZE items");
  }

  private void measure(int rounds) throws Exception {
    int valueBytes = valueBytes();
    List<Double> ours = new ArrayList<>();
    List<Double> pipe = new ArrayList<>();
    List<Double> oursDrain = new ArrayList<>();
    List<Double> pipeDrain = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double a = snapshot();
      double b = pipeSnapshot(valueBytes);
      double[] c = drains(valueBytes);
      System.out.printf(
          "round %d%s: snapshot %.0f/s, pipe %.0f/s; drain %.0f/s, pipe %.0f/s%n",
          round, round == 0 ? " (warm-up)" : "", a, b, c[0], c[1]);
      if (round > 0) {
        ours.add(a);
        pipe.add(b);
        oursDrain.add(c[0]);
        pipeDrain.add(c[1]);
      }
    }
    report("snapshot to JSON upsert", ours, pipe);
    report("drain of single-row transactions", oursDrain, pipeDrain);
  }

  private static void report(String what, List<Double> ours, List<Double> pipe) {
    System.out.printf(
        "%s: median %.0f rows/s (%.0f-%.0f); straight pipe %.0f (%.0f-%.0f); ratio %.2f%n",
        what,
        median(ours), ours.stream().min(Double::compare).orElse(0.0),
        ours.stream().max(Double::compare).orElse(0.0),
        median(pipe), pipe.stream().min(Double::compare).orElse(0.0),
        pipe.stream().max(Double::compare).orElse(0.0),
        median(ours) / median(pipe));
  }

  private int valueBytes() throws Exception {
    var topic = topic();
    sql(create(topic, "items", ""));
    awaitRecords(topic);
    long bytes = number(get("/api/sinks/" + topic).body(), "bytes_out");
    sql("DROP SINK " + topic);
    return (int) (bytes / rows) - 16;
  }

  private double snapshot() throws Exception {
    var topic = topic();
    long start = System.nanoTime();
    sql(create(topic, "items", ""));
    awaitRecords(topic);
    double perSecond = rows * 1e9 / (System.nanoTime() - start);
    check(topic);
    sql("DROP SINK " + topic);
    return perSecond;
  }

  private double pipeSnapshot(int valueBytes) throws Exception {
    var topic = topic();
    long start = System.nanoTime();
    StraightPipe.snapshot(jdbcUrl, "items", brokers, topic, valueBytes);
    double perSecond = rows * 1e9 / (System.nanoTime() - start);
    check(topic);
    return perSecond;
  }

  /** Both drain the same transactions, each from its own slot: ours, then the pipe. */
  private double[] drains(int valueBytes) throws Exception {
    execute("TRUNCATE events");
    var topic = topic();
    sql(create(topic, "events", " WITH (SNAPSHOT = false)"));
    await("running", () -> get("/api/sinks/" + topic).body().contains("\"running\""));
    sql("ALTER SINK " + topic + " PAUSE");
    await("paused", () -> get("/api/sinks/" + topic).body().contains("\"paused\""));
    execute(
        "DROP PUBLICATION IF EXISTS pipe",
        "CREATE PUBLICATION pipe FOR TABLE events",
        "SELECT pg_create_logical_replication_slot('pipe" + run + "', 'pgoutput')",
        "DO $$ BEGIN FOR i IN 1.."
            + rows
            + " LOOP INSERT INTO events VALUES (i, i % 20000, 'paid', (i % 100000) / 100.0,"
            + " repeat(md5(i::text), 2), now()); COMMIT; END LOOP; END $$");
    long start = System.nanoTime();
    sql("ALTER SINK " + topic + " RESUME");
    awaitRecords(topic);
    double ours = rows * 1e9 / (System.nanoTime() - start);
    check(topic);
    sql("DROP SINK " + topic);
    var pipeTopic = topic();
    start = System.nanoTime();
    StraightPipe.drain(
        jdbcUrl, "pipe" + (run - 1), "pipe", brokers, pipeTopic, valueBytes, rows);
    double pipe = rows * 1e9 / (System.nanoTime() - start);
    check(pipeTopic);
    execute("SELECT pg_drop_replication_slot('pipe" + (run - 1) + "')");
    return new double[] {ours, pipe};
  }

  private String create(String topic, String table, String with) {
    return "CREATE SINK "
        + topic
        + " FROM "
        + table
        + " INTO KAFKA CONNECTION kafka (TOPIC '"
        + topic
        + "') KEY (id) FORMAT JSON ENVELOPE UPSERT"
        + with;
  }

  private String topic() throws Exception {
    var name = "t" + ++run;
    try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin
          .createTopics(List.of(new NewTopic(name, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
    return name;
  }

  private void awaitRecords(String sink) throws Exception {
    await(
        "all rows are committed",
        () -> number(get("/api/sinks/" + sink).body(), "records_out") >= rows);
  }

  /** An independent reader counts what a read_committed consumer sees. */
  private void check(String topic) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(
            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      long count = 0;
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        count += consumer.poll(Duration.ofMillis(200)).count();
      }
      if (count != rows) {
        throw new IllegalStateException(topic + " holds " + count + " of " + rows + " records");
      }
    }
  }

  private void sql(String statement) throws Exception {
    var answer = sqlAnswer(statement);
    if (answer.contains("\"error\"")) {
      throw new IllegalStateException(statement + ": " + answer);
    }
  }

  private String sqlAnswer(String statement) throws Exception {
    var body = "{\"query\": \"" + statement.replace("\"", "\\\"") + "\"}";
    var request =
        HttpRequest.newBuilder(uri("/api/sql"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + httpPort + path);
  }

  private void execute(String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void spawn(Path log, String... command) throws Exception {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    processes.add(process);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (java.io.IOException notYet) {
        // The process is starting.
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException("not within 5 minutes: " + what);
  }

  private static long number(String json, String field) {
    var found = Pattern.compile("\"" + field + "\"\\s*:\\s*\"?(\\d+)").matcher(json);
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  private static double median(List<Double> values) {
    var sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      System.err.println("closing: " + e.getMessage());
    }
  }
}
