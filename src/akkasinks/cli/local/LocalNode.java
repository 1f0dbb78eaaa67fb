package akkasinks.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A node as a process with a loopback address of its own. */
public final class LocalNode {
  private final Place place;
  private final Jvm process;

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
   * What all nodes have in common.
   *
   * @param secretsKey goes into the environment: no file may hold it
   */
  record Shared(List<Place> seeds, String stateUrl, String secretsKey, String heap) {}

  private LocalNode(Place place, Jvm process) {
    this.place = place;
    this.process = process;
  }

  /** Starts it and returns at once; {@link #awaitReady} waits. */
  static LocalNode start(Place place, Path folder, Shared shared) throws IOException {
    Files.createDirectories(folder);
    Path config = folder.resolve("node.conf");
    Files.writeString(
        config,
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
                shared.seeds().stream()
                    .map(seed -> '"' + seed.address() + '"')
                    .collect(Collectors.joining(", ")),
                folder.resolve("scratch"),
                shared.stateUrl(),
                place.host(),
                place.http(),
                place.host(),
                place.pgwire(),
                place.host(),
                place.management()));
    return new LocalNode(
        place,
        Jvm.start(
            List.of("-Xmx" + shared.heap()),
            Map.of("AKKASINKS_SECRETS_KEY", shared.secretsKey()),
            folder.resolve("node.log"),
            List.of(
                "akkasinks.cli.Main", "node", "--config", config.toString(), "--end-with-input")));
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
    return process.log();
  }

  /** Returns when it answers statements. */
  void awaitReady() throws IOException {
    process.ready();
  }

  public boolean isUp() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** As a power failure would. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /** Hands its sinks over and leaves the cluster. */
  void stop() throws InterruptedException {
    process.stop();
  }
}
