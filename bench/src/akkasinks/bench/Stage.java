package akkasinks.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.postgresql.PGConnection;

/**
 * What all contenders share: one Postgres, one Kafka broker in a JVM of its own, and a folder.
 * Everything listens on loopback.
 */
final class Stage implements AutoCloseable {
  /** Of every contender and of the broker. */
  static final String HEAP = "512m";

  /** In the pattern of several topics, where the name of a table stands; as in our TOPIC. */
  static final String TABLE = "{table}";

  private static final String OBJECT_IN_USE = "55006";

  private final Path product;
  private final Path folder;
  private final EmbeddedPostgres postgres;
  private final ProcessHandle postmaster;
  private final Process broker;
  private final String brokers;
  private Optional<Registry> registry = Optional.empty();
  private boolean logsAreWanted;
  private int topics;

  /**
   * @param product a checkout whose build is current
   */
  Stage(Path product) throws Exception {
    this.product = product;
    this.folder = Files.createTempDirectory("akkasinks-bench-");
    Runtime.getRuntime().addShutdownHook(new Thread(this::leaveNothing));
    this.postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("wal_level", "logical")
            .setServerConfig("max_wal_size", "16GB")
            .setServerConfig("checkpoint_timeout", "1h")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_connections", "600")
            .setServerConfig("max_replication_slots", "256")
            .setServerConfig("max_wal_senders", "256")
            .setServerConfig("autovacuum", "off")
            .start();
    this.postmaster = parentOfBackend();
    int port = Commands.freePort();
    this.brokers = "127.0.0.1:" + port;
    this.broker =
        Commands.start(
            folder.resolve("kafka.log"),
            new ProcessBuilder(
                    Commands.java("java"),
                    "-Xmx" + HEAP,
                    "-cp",
                    classPath(),
                    "akkasinks.cli.embedded.EmbeddedKafka",
                    "--dir",
                    folder.resolve("kafka").toString(),
                    "--port",
                    Integer.toString(port))
                // It ends with its parent: what it reads from must stay open.
                .redirectInput(ProcessBuilder.Redirect.PIPE));
    Commands.await(
        "the broker answers",
        Duration.ofSeconds(60),
        () -> {
          try (var socket = new java.net.Socket("127.0.0.1", port)) {
            return socket.isConnected();
          }
        });
  }

  /** The product's jar and its dependencies. */
  private String classPath() throws IOException {
    try (var jars = Files.list(product.resolve("target"))) {
      var jar =
          jars.filter(f -> f.getFileName().toString().matches("akkasinks-.*\\.jar"))
              .findFirst()
              .orElseThrow(() -> new IOException("no build in " + product));
      return jar + ":" + product.resolve("target/lib") + "/*";
    }
  }

  Path product() {
    return product;
  }

  Path folder() {
    return folder;
  }

  String brokers() {
    return brokers;
  }

  /** Of a schema registry, which the first who asks starts. */
  String registryUrl() throws Exception {
    if (registry.isEmpty()) {
      registry = Optional.of(new Registry(product, folder));
    }
    return registry.get().url();
  }

  int postgresPort() {
    return postgres.getPort();
  }

  String jdbcUrl() {
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  ProcessHandle broker() {
    return broker.toHandle();
  }

  ProcessHandle postmaster() {
    return postmaster;
  }

  private ProcessHandle parentOfBackend() throws SQLException {
    // The backend lives as long as its connection.
    try (var connection = DriverManager.getConnection(jdbcUrl())) {
      int backend = connection.unwrap(PGConnection.class).getBackendPID();
      return ProcessHandle.of(backend).flatMap(ProcessHandle::parent).orElseThrow();
    }
  }

  void execute(String... statements) throws SQLException {
    execute(List.of(statements));
  }

  void execute(List<String> statements) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl());
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Each on a connection of its own, all at once. */
  void executeAtOnce(List<String> statements) throws Exception {
    try (var threads = Executors.newFixedThreadPool(statements.size())) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (var sql : statements) {
        tasks.add(
            () -> {
              execute(sql);
              return null;
            });
      }
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  /** Ends a replication slot that nobody reads any more, and the publication beside it. */
  void dropSlot(String slot, String publication) throws Exception {
    Commands.await(
        "slot " + slot + " is free",
        Duration.ofSeconds(60),
        () -> {
          try {
            execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE"
                    + " slot_name = '"
                    + slot
                    + "'");
            return true;
          } catch (SQLException e) {
            if (e.getSQLState().equals(OBJECT_IN_USE)) {
              return false;
            }
            throw e;
          }
        });
    execute("DROP PUBLICATION IF EXISTS " + publication);
  }

  /** "t" if somebody reads it, "f" if nobody does, empty if there is none. */
  String slotState(String slot) throws SQLException {
    return ask("SELECT coalesce((SELECT active::text FROM pg_replication_slots WHERE slot_name = '"
            + slot
            + "'), '')")
        .transform(state -> state.isEmpty() ? "" : state.substring(0, 1));
  }

  /** The first column of the first row. */
  String ask(String query) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /**
   * A new, empty topic, named as Debezium names the topic of a table, so that it needs no renaming.
   */
  String topic(String table, int partitions) throws Exception {
    return topic(List.of(table), partitions);
  }

  /** The same for each of several tables: gives the pattern of their names. */
  String topic(List<String> tables, int partitions) throws Exception {
    var pattern = "t" + ++topics + ".public." + (tables.size() > 1 ? TABLE : tables.getFirst());
    create(tables.stream().map(table -> pattern.replace(TABLE, table)).toList(), partitions);
    return pattern;
  }

  void create(List<String> names, int partitions) throws Exception {
    try (var admin = admin()) {
      admin
          .createTopics(
              names.stream()
                  .map(name -> new NewTopic(name, Optional.of(partitions), Optional.empty()))
                  .toList())
          .all()
          .get();
      // Created is not yet known to who answers.
      Commands.await(
          "topics " + names + " are known",
          Duration.ofSeconds(60),
          () -> admin.listTopics().names().get().containsAll(names));
    }
  }

  /** Their records were judged: their disk is wanted for others. */
  void drop(List<String> names) throws Exception {
    try (var admin = admin()) {
      admin.deleteTopics(names).all().get();
    }
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", brokers));
  }

  /** Ends everything; logs stay, for who wants to know why. */
  void closeAfterFailure() throws Exception {
    logsAreWanted = true;
    end();
    System.err.println("logs are kept in " + folder);
  }

  private void end() throws IOException {
    registry.ifPresent(Registry::close);
    Commands.stop(broker);
    postgres.close();
    remove(folder.resolve("kafka"));
  }

  @Override
  public void close() throws Exception {
    end();
    remove(folder);
  }

  /** At Ctrl-C too: a broker's log may be gigabytes. */
  private void leaveNothing() {
    try {
      if (broker != null) {
        broker.destroyForcibly().waitFor();
      }
      if (!logsAreWanted) {
        remove(folder);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
