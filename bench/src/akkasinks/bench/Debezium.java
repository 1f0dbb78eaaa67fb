package akkasinks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The Debezium PostgreSQL connector on a Kafka Connect worker, exactly-once on. {@code
 * docs/bench.md} has the reason of each setting.
 */
final class Debezium implements Contender {
  private final Stage stage;
  private final Tuning tuning;
  private final int port = Commands.freePort();
  private final Http http = new Http(port);
  private final Process worker;
  private final Path log;

  Debezium(Stage stage, Tuning tuning) throws Exception {
    this.stage = stage;
    this.tuning = tuning;
    var jars = Peers.brought(stage.product(), "debezium");
    var folder = Files.createTempDirectory(stage.folder(), "debezium-");
    this.log = folder.resolve("connect.log");
    var properties = folder.resolve("worker.properties");
    Files.writeString(properties, lines(worker("bench-" + port, jars.resolve("plugins"))));
    this.worker =
        Commands.start(
            log,
            new ProcessBuilder(
                Commands.java("java"),
                "-Xmx" + Stage.HEAP,
                "-XX:+UseParallelGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                jars.resolve("lib") + "/*",
                "org.apache.kafka.connect.cli.ConnectDistributed",
                properties.toString()));
    await("Kafka Connect answers", () -> http.get("/connectors").statusCode() == 200);
  }

  private Map<String, String> worker(String group, Path plugins) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("bootstrap.servers", stage.brokers());
    settings.put("group.id", group);
    settings.put("listeners", "http://127.0.0.1:" + port);
    settings.put("rest.advertised.host.name", "127.0.0.1");
    settings.put("plugin.path", plugins.toString());
    settings.put("plugin.discovery", "service_load");
    settings.put("exactly.once.source.support", "enabled");
    settings.put("connector.client.config.override.policy", "All");
    for (var topic : List.of("config", "offset", "status")) {
      settings.put(topic + ".storage.topic", group + "-" + topic);
      settings.put(topic + ".storage.replication.factor", "1");
    }
    settings.put("offset.storage.partitions", "1");
    settings.put("status.storage.partitions", "1");
    for (var side : List.of("key", "value")) {
      settings.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
      settings.put(side + ".converter.schemas.enable", "false");
    }
    return settings;
  }

  private static String lines(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private Map<String, String> connector(String name, Job job) {
    boolean changes = job.work() == Job.Work.CHANGES;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    settings.put("tasks.max", "1");
    settings.put("database.hostname", "127.0.0.1");
    settings.put("database.port", Integer.toString(stage.postgresPort()));
    settings.put("database.user", "postgres");
    settings.put("database.password", "unused");
    settings.put("database.dbname", "postgres");
    settings.put("topic.prefix", job.name());
    settings.put("table.include.list", "public." + job.table());
    settings.put("plugin.name", "pgoutput");
    settings.put("slot.name", name);
    settings.put("publication.name", name);
    settings.put("publication.autocreate.mode", "filtered");
    settings.put("snapshot.mode", changes ? "no_data" : "initial");
    settings.put("decimal.handling.mode", "string");
    settings.put("exactly.once.support", "required");
    settings.putAll(forSpeed());
    if (job.form().envelope() == Job.Envelope.UPSERT) {
      settings.put("transforms", "unwrap");
      settings.put("transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState");
      settings.put("transforms.unwrap.delete.tombstone.handling.mode", "tombstone");
    }
    return settings;
  }

  private Map<String, String> forSpeed() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("max.batch.size", "8192");
    settings.put("max.queue.size", "32768");
    settings.put("snapshot.fetch.size", "20000");
    settings.put("poll.interval.ms", "10");
    settings.put("producer.override.compression.type", "lz4");
    settings.put("producer.override.batch.size", "524288");
    settings.put("producer.override.buffer.memory", "67108864");
    switch (tuning) {
      case THROUGHPUT -> {
        settings.put("transaction.boundary", "interval");
        settings.put("transaction.boundary.interval.ms", "500");
        settings.put("producer.override.linger.ms", "5");
      }
      case LATENCY -> {
        settings.put("transaction.boundary", "poll");
        settings.put("producer.override.linger.ms", "0");
      }
    }
    return settings;
  }

  @Override
  public String name() {
    return "Debezium";
  }

  @Override
  public String guarantee() {
    return "exactly once (Connect's), snapshot starts again after a crash";
  }

  @Override
  public List<ProcessHandle> processes() {
    return List.of(worker.toHandle());
  }

  @Override
  public Prepared prepare(Job job) throws Exception {
    var name = "dbz_" + job.name();
    boolean changes = job.work() == Job.Work.CHANGES;
    create(name, job, changes ? "RUNNING" : "STOPPED");
    if (changes) {
      await(name + " has its slot", () -> stage.slotState(name).equals("t"));
      require(http.put("/connectors/" + name + "/stop").statusCode(), 204);
      await(name + " is stopped", () -> stage.slotState(name).equals("f"));
    }
    await(
        name + " is stopped",
        () -> http.get("/connectors/" + name + "/status").body().contains("STOPPED"));
    return new Prepared() {
      @Override
      public void begin(int recordBytes) throws Exception {
        require(http.put("/connectors/" + name + "/resume").statusCode(), 202);
      }

      @Override
      public void close() throws Exception {
        require(http.delete("/connectors/" + name).statusCode(), 204);
        stage.dropSlot(name, name);
      }
    };
  }

  private void create(String name, Job job, String state) throws Exception {
    var config =
        connector(name, job).entrySet().stream()
            .map(e -> Figures.quoted(e.getKey()) + ": " + Figures.quoted(e.getValue()))
            .collect(Collectors.joining(", "));
    var request =
        "{\"name\": %s, \"initial_state\": \"%s\", \"config\": {%s}}"
            .formatted(Figures.quoted(name), state, config);
    // While the worker joins its group it answers 409.
    await(
        name + " is created",
        () -> {
          var answer = http.post("/connectors", request);
          if (answer.statusCode() >= 400 && answer.statusCode() != 409) {
            throw new IllegalStateException(answer.body());
          }
          return answer.statusCode() == 201;
        });
  }

  private void require(int status, int wanted) throws IOException {
    if (status != wanted) {
      throw new IOException(
          "Kafka Connect answered " + status + " and not " + wanted + "; its log is " + log);
    }
  }

  private void await(String what, Commands.Condition condition) throws Exception {
    Commands.await(what, log, condition);
  }

  @Override
  public void close() {
    Commands.stop(worker);
  }
}
