package akkasinks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Flink CDC's postgres-cdc source into Flink's upsert-kafka sink, EXACTLY_ONCE, as Flink SQL on a
 * cluster in one JVM. {@code docs/bench.md} has the reason of each setting.
 */
final class Flink implements Contender {
  /** Flink 1.20 supports no newer one, and there is no CDC connector for Flink 2. */
  private static final int JDK = 17;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** What Flink's own scripts open for a JDK 17. */
  private static final List<String> OPENED =
      List.of(
          "lang",
          "lang.reflect",
          "net",
          "io",
          "nio",
          "text",
          "time",
          "util",
          "util.concurrent",
          "util.concurrent.atomic",
          "util.concurrent.locks");

  private static final Pattern COMPLETED = Pattern.compile("\"completed\":(\\d+)");

  private final Stage stage;
  private final boolean incremental;
  private final Tuning tuning;
  private final Path log;
  private final int port = Commands.freePort();
  private final Http http = new Http(port);
  private final Process process;
  private final BufferedReader answers;

  /**
   * @param incremental reads the snapshot in chunks between checkpoints, which makes it resumable;
   *     else in one go, before the first checkpoint
   */
  Flink(Stage stage, boolean incremental, Tuning tuning) throws Exception {
    this.stage = stage;
    this.incremental = incremental;
    this.tuning = tuning;
    var java =
        Jdks.java(JDK)
            .orElseThrow(
                () ->
                    new Lineup.UnavailableException(
                        "Flink CDC: it needs a JDK 17, and none was found (JAVA17_HOME names"
                            + " one)"));
    var built = Peers.brought(stage.product(), "flink");
    var folder = Files.createTempDirectory(stage.folder(), "flink-");
    this.log = folder.resolve("flink.log");
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.add("-Xmx" + Stage.HEAP);
    command.add("-XX:+UseParallelGC");
    OPENED.forEach(name -> command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED"));
    command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", built.resolve("classes") + ":" + built.resolve("lib") + "/*"));
    command.add("akkasinks.bench.peer.FlinkPeer");
    settings(folder).forEach((key, value) -> command.add(key + "=" + value));
    this.process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    expectOk("start");
  }

  private Map<String, String> settings(Path folder) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (var part : List.of("rest.", "jobmanager.", "taskmanager.")) {
      settings.put(part + "bind-host", "127.0.0.1");
      settings.put(part + "bind-address", "127.0.0.1");
    }
    settings.put("rest.address", "127.0.0.1");
    settings.put("rest.port", Integer.toString(port));
    settings.put("taskmanager.host", "127.0.0.1");
    settings.put("parallelism.default", "1");
    settings.put("taskmanager.memory.managed.size", "8m");
    settings.put("taskmanager.memory.network.min", "16m");
    settings.put("taskmanager.memory.network.max", "16m");
    settings.put("state.backend.type", "hashmap");
    settings.put("state.checkpoints.dir", folder.resolve("checkpoints").toUri().toString());
    settings.put("state.savepoints.dir", folder.resolve("savepoints").toUri().toString());
    settings.put("execution.checkpointing.interval", checkpoints().toMillis() + "ms");
    settings.put("execution.checkpointing.mode", "EXACTLY_ONCE");
    // Without incremental snapshot no checkpoint ends before the snapshot does.
    settings.put("execution.checkpointing.timeout", "1h");
    settings.put("pipeline.object-reuse", "true");
    settings.put("table.exec.sink.upsert-materialize", "NONE");
    settings.put("web.submit.enable", "false");
    return settings;
  }

  private Duration checkpoints() {
    return switch (tuning) {
      case THROUGHPUT -> Duration.ofSeconds(1);
      case LATENCY -> Duration.ofMillis(100);
    };
  }

  private String tables(String slot, Job job) {
    boolean changes = job.work() == Job.Work.CHANGES;
    Map<String, String> source = new LinkedHashMap<>();
    source.put("connector", "postgres-cdc");
    source.put("hostname", "127.0.0.1");
    source.put("port", Integer.toString(stage.postgresPort()));
    source.put("username", "postgres");
    source.put("password", "unused");
    source.put("database-name", "postgres");
    source.put("schema-name", "public");
    source.put("table-name", job.table());
    source.put("slot.name", slot);
    source.put("decoding.plugin.name", "pgoutput");
    source.put("debezium.publication.name", slot);
    source.put("debezium.publication.autocreate.mode", "filtered");
    source.put("debezium.max.batch.size", "8192");
    source.put("debezium.max.queue.size", "32768");
    source.put("debezium.poll.interval.ms", "10");
    source.put("debezium.snapshot.fetch.size", "20000");
    source.put("scan.incremental.snapshot.enabled", Boolean.toString(incremental));
    if (incremental) {
      source.put("scan.incremental.snapshot.chunk.size", "50000");
      source.put("scan.snapshot.fetch.size", "20000");
      source.put("scan.startup.mode", changes ? "latest-offset" : "initial");
    } else if (changes) {
      source.put("debezium.snapshot.mode", "never");
    }
    Map<String, String> sink = new LinkedHashMap<>();
    sink.put("connector", "upsert-kafka");
    sink.put("topic", job.topic());
    sink.put("properties.bootstrap.servers", stage.brokers());
    sink.put("key.format", "json");
    sink.put("value.format", "json");
    sink.put("value.json.timestamp-format.standard", "ISO-8601");
    sink.put("sink.delivery-guarantee", "exactly-once");
    sink.put("sink.transactional-id-prefix", slot);
    // Flink asks for an hour by default; the broker's default maximum is this.
    sink.put("properties.transaction.timeout.ms", "900000");
    sink.put("properties.compression.type", "lz4");
    sink.put("properties.batch.size", "524288");
    sink.put("properties.buffer.memory", "67108864");
    sink.put("properties.linger.ms", tuning == Tuning.LATENCY ? "0" : "5");
    return table("source", source) + "; " + table("sink", sink);
  }

  private static String table(String name, Map<String, String> options) {
    return "CREATE TABLE `"
        + name
        + "` (id BIGINT, customer INT, status STRING, amount DECIMAL(12, 2), note STRING,"
        + " `at` TIMESTAMP_LTZ(6), PRIMARY KEY (id) NOT ENFORCED) WITH ("
        + options.entrySet().stream()
            .map(option -> "'" + option.getKey() + "' = '" + option.getValue() + "'")
            .collect(Collectors.joining(", "))
        + ")";
  }

  @Override
  public String name() {
    return "Flink CDC, " + (incremental ? "incremental" : "one go");
  }

  @Override
  public String guarantee() {
    return incremental
        ? "exactly once per checkpoint, resumable snapshot"
        : "exactly once per checkpoint, snapshot starts again after a crash";
  }

  @Override
  public String cannot(Job job) {
    return job.form().envelope() == Job.Envelope.DEBEZIUM
        ? "its debezium-json writes an update as a delete and an insert"
        : "";
  }

  @Override
  public Duration settle(Job job) {
    return checkpoints().multipliedBy(3).plusMillis(500);
  }

  @Override
  public List<ProcessHandle> processes() {
    return List.of(process.toHandle());
  }

  @Override
  public Prepared prepare(Job job) throws Exception {
    var slot = "flink_" + job.name() + (incremental ? "_chunks" : "");
    boolean changes = job.work() == Job.Work.CHANGES;
    command("create " + slot + " " + tables(slot, job));
    if (changes) {
      awaitReading(slot, start(slot));
      command("stop " + slot);
      Commands.await(slot + " is free", PATIENCE, () -> stage.slotState(slot).equals("f"));
    }
    return new Prepared() {
      private boolean begun;

      @Override
      public void begin(int recordBytes) throws Exception {
        start(slot);
        begun = true;
      }

      @Override
      public void close() throws Exception {
        if (begun) {
          command("cancel " + slot);
        }
        stage.dropSlot(slot, slot);
      }
    };
  }

  /** Its offset is in the state of the checkpoints that follow. */
  private void awaitReading(String slot, String job) throws Exception {
    Commands.await(slot + " is read", PATIENCE, () -> stage.slotState(slot).equals("t"));
    long before = checkpointsOf(job);
    Commands.await(
        slot + " is read over two checkpoints",
        PATIENCE,
        () -> {
          // The enumerator, too, opens it for a moment.
          return stage.slotState(slot).equals("t") && checkpointsOf(job) >= before + 2;
        });
  }

  private long checkpointsOf(String job) throws Exception {
    var found = COMPLETED.matcher(http.get("/jobs/" + job + "/checkpoints").body());
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  private String start(String slot) throws IOException {
    return command("start " + slot + " INSERT INTO `sink` SELECT * FROM `source`");
  }

  private String command(String line) throws IOException {
    var out = process.getOutputStream();
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    return expectOk(line);
  }

  /** What the answer says after the OK. */
  private String expectOk(String line) throws IOException {
    var answer = answers.readLine();
    if (answer == null || !answer.startsWith("OK")) {
      throw new IOException("Flink, " + line + ": " + answer + "\n" + Commands.tail(log));
    }
    return answer.substring(answer.indexOf(' ') + 1);
  }

  @Override
  public void close() {
    Commands.stop(process);
  }
}
