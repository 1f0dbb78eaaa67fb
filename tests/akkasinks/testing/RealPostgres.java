package akkasinks.testing;

import akkasinks.cli.embedded.EmbeddedPostgres;
import akkasinks.cli.embedded.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real Postgres, to be stopped, killed and started again on the same directory and port. */
public final class RealPostgres implements AutoCloseable {
  /** The version that the product ships with. */
  public static final int CURRENT = 18;

  private static final Path OLD_BINARIES = Path.of("target", "postgres-old");

  /** Nodes of tests end as nodes do that will go on: their sinks' slots stay. */
  private static final Map<String, String> SHARED_SETTINGS = Map.of("max_replication_slots", "256");

  private static final Map<Integer, RealPostgres> SHARED = new HashMap<>();

  private final Path dir;
  private final int port;
  private final Map<String, String> settings;
  private final Optional<Path> binaries;
  private final AtomicInteger databases = new AtomicInteger();
  private @Nullable EmbeddedPostgres server;

  private RealPostgres(Path dir, int port, Map<String, String> settings, Optional<Path> binaries) {
    this.dir = dir;
    this.port = port;
    this.settings = Map.copyOf(settings);
    this.binaries = binaries;
  }

  /** A database of one test. */
  public record Database(String host, int port, String user, String password, String name) {
    /** The JDBC address; user and password are in it. */
    public String jdbcUrl() {
      return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
          .formatted(host, port, name, user, password);
    }

    /** The same database through a proxy or another port. */
    public Database at(int otherPort) {
      return new Database(host, otherPort, user, password, name);
    }

    /** A new connection; close it. */
    public Connection connect() throws SQLException {
      return DriverManager.getConnection(jdbcUrl());
    }

    /** Runs statements, each committed by itself, over one connection. */
    public void execute(String... statements) throws SQLException {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
    }

    /** All rows of a query, every value as Postgres's text. */
    public List<List<@Nullable String>> query(String sql) throws SQLException {
      try (Connection connection = connect();
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery(sql)) {
        ResultSetMetaData meta = result.getMetaData();
        List<List<@Nullable String>> rows = new ArrayList<>();
        while (result.next()) {
          List<@Nullable String> row = new ArrayList<>();
          for (int i = 1; i <= meta.getColumnCount(); i++) {
            row.add(result.getString(i));
          }
          rows.add(row);
        }
        return rows;
      }
    }

    /** The first column of the first row, or null. */
    public @Nullable String value(String sql) throws SQLException {
      List<List<@Nullable String>> rows = query(sql);
      return rows.isEmpty() ? null : rows.getFirst().getFirst();
    }
  }

  /** One server of the current version for all tests of this JVM. */
  public static RealPostgres shared() {
    return shared(CURRENT);
  }

  /** One server of that major version for all tests of this JVM. */
  public static RealPostgres shared(int major) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(
          major,
          version -> {
            RealPostgres postgres = start(version, SHARED_SETTINGS);
            Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
            return postgres;
          });
    }
  }

  /**
   * The major version of the older Postgres: that of {@code -Dpostgres.old.binaries.version}, else
   * the oldest that builds have brought along.
   */
  public static int old() {
    String told = System.getProperty("postgres.old.binaries.version", "");
    return (told.isEmpty() ? oldBinaries("").stream().map(RealPostgres::version) : Stream.of(told))
        .map(version -> Integer.valueOf(version.replaceFirst("\\..*$", "")))
        .min(Integer::compare)
        .orElseThrow(() -> missing("an older version"));
  }

  /** The versions that what differs between them is tested with: the current and the older one. */
  public static List<Integer> versions() {
    return List.of(CURRENT, old());
  }

  /** A server of your own, for tests that stop or kill it. */
  public static RealPostgres start() {
    return start(CURRENT, Map.of());
  }

  /** A server of your own with other settings. */
  public static RealPostgres start(int major, Map<String, String> settings) {
    Optional<Path> binaries =
        major == CURRENT
            ? Optional.empty()
            : Optional.of(
                oldBinaries(major + ".").stream()
                    .findFirst()
                    .orElseThrow(() -> missing("version " + major)));
    RealPostgres postgres =
        new RealPostgres(TestDirs.create("postgres"), FreePort.next(), settings, binaries);
    postgres.up();
    return postgres;
  }

  private static List<Path> oldBinaries(String version) {
    if (!Files.isDirectory(OLD_BINARIES)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(OLD_BINARIES)) {
      return files.filter(file -> version(file).startsWith(version)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version(Path jar) {
    return jar.getFileName().toString().replaceFirst("^.*-amd64-", "");
  }

  private static IllegalStateException missing(String what) {
    return new IllegalStateException(
        "no binaries of Postgres, "
            + what
            + ", in "
            + OLD_BINARIES
            + ": run mvn process-test-classes -Dpostgres.old.binaries.version=…");
  }

  /** The port, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The postmaster's process id. */
  public long pid() {
    return running().pid();
  }

  /** Its files; to be touched only while it is down. */
  public Path dataDir() {
    return dir.resolve("data");
  }

  /** The maintenance database. */
  public Database admin() {
    return database("postgres");
  }

  /** A fresh database; the name gets a number, so that it is unique on this server. */
  public Database createDatabase(String name) {
    String unique = name + "_" + databases.incrementAndGet();
    try {
      admin().execute("CREATE DATABASE \"" + unique + "\"");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create database " + unique, e);
    }
    return database(unique);
  }

  private Database database(String name) {
    return new Database("127.0.0.1", port, EmbeddedPostgres.USER, "unused", name);
  }

  /** Starts it again, on the same directory and port. */
  public synchronized void up() {
    if (server != null) {
      throw new IllegalStateException("Postgres runs already");
    }
    try {
      server = EmbeddedPostgres.start(dataDir(), port, settings, binaries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fast shutdown: sessions are ended, a checkpoint is written. */
  public synchronized void stop() {
    EmbeddedPostgres running = running();
    server = null;
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shuts down and starts again. */
  public void restart() {
    stop();
    up();
  }

  /** kill -9 of the postmaster and of all its processes, as if the machine's power had gone. */
  public synchronized void killHard() {
    EmbeddedPostgres running = running();
    ProcessHandle postmaster =
        ProcessHandle.of(running.pid())
            .orElseThrow(() -> new IllegalStateException("Postgres is dead already"));
    List<ProcessHandle> family = new ArrayList<>(postmaster.descendants().toList());
    family.addFirst(postmaster);
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(Processes::awaitEnd);
    stop();
  }

  /** killHard and start again. */
  public void crash() {
    killHard();
    up();
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      stop();
    }
    TestDirs.delete(dir);
  }

  private EmbeddedPostgres running() {
    if (server == null) {
      throw new IllegalStateException("Postgres does not run");
    }
    return server;
  }
}
