package akkasinks.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node as a process with a loopback address of its own; one that has ended is started again. */
public final class LocalNode {
  private final Place place;
  private final Path folder;
  private final Map<String, String> environment;
  private final List<String> flags;
  private @Nullable Jvm process;

  /**
   * Where a node listens.
   *
   * @param remoting port for other nodes
   */
  public record Place(
      String name, String host, int remoting, int http, int pgwire, int management) {
    /** As members of the cluster know it. */
    public String address() {
      return host + ":" + remoting;
    }
  }

  /**
   * @param flags further ones of the JVM: settings as system properties
   * @param environment holds what no file may: the key for secrets
   */
  LocalNode(
      Place place,
      Path folder,
      List<Place> seeds,
      String stateUrl,
      List<String> flags,
      Map<String, String> environment)
      throws IOException {
    this.place = place;
    this.folder = folder;
    this.flags = flags;
    this.environment = environment;
    Files.createDirectories(folder);
    Files.writeString(
        config(),
        """
        akkasinks {
          node { host = "%s", port = %d, seeds = [%s] }
          state { dir = "%s", jdbc-url = "%s", user = "postgres" }
          http { host = "%s", port = %d }
          pgwire { host = "%s", port = %d }
          management { host = "%s", port = %d }
        }
        """
            .formatted(
                place.host(),
                place.remoting(),
                seeds.stream()
                    .map(seed -> '"' + seed.address() + '"')
                    .collect(Collectors.joining(", ")),
                folder.resolve("scratch"),
                stateUrl,
                place.host(),
                place.http(),
                place.host(),
                place.pgwire(),
                place.host(),
                place.management()));
  }

  public Place place() {
    return place;
  }

  /** Address of its HTTP front. */
  public String url() {
    return "http://" + place.host() + ":" + place.http();
  }

  /** As psql takes it. */
  public String pgUrl() {
    return "postgres://" + place.host() + ":" + place.pgwire();
  }

  /** What it logs. */
  public Path log() {
    return folder.resolve("node.log");
  }

  /** Starts it and returns at once; {@link #awaitReady} waits. */
  public void start() throws IOException {
    if (isUp()) {
      throw new IllegalStateException(place.name() + " runs already");
    }
    List<String> all = new ArrayList<>(flags);
    process =
        Jvm.start(
            all,
            environment,
            log(),
            List.of(
                "akkasinks.cli.Main", "node", "--config", config().toString(), "--end-with-input"));
  }

  /** Returns when it answers statements. */
  public void awaitReady() throws IOException {
    running().ready(log());
  }

  public boolean isUp() {
    return process != null && process.isAlive();
  }

  public long pid() {
    return running().pid();
  }

  /** As a power failure would. */
  public void kill() throws InterruptedException {
    running().kill();
  }

  /** Hands its sinks over and leaves the cluster. */
  public void stop() throws InterruptedException {
    if (process != null) {
      process.stop();
    }
  }

  private Path config() {
    return folder.resolve("node.conf");
  }

  private Jvm running() {
    if (process == null) {
      throw new IllegalStateException(place.name() + " was never started");
    }
    return process;
  }
}
