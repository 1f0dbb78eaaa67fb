package akkasinks.bench;

import java.nio.file.Path;
import java.util.List;

/** A schema registry, Apicurio with Confluent's API, in a process of its own. */
final class Registry implements AutoCloseable {
  private static final String API = "/apis/ccompat/v7";

  private final int port = Commands.freePort();
  private final Process process;

  /** Maven brings its artifact, as those of the peers. */
  Registry(Path product, Path folder) throws Exception {
    var jar = Peers.brought(product, "registry").resolve("registry/quarkus-run.jar");
    var log = folder.resolve("registry.log");
    this.process =
        Commands.start(
            log,
            new ProcessBuilder(
                    List.of(
                        Commands.java("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        // Else it listens on every interface.
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.management.port=" + Commands.freePort(),
                        "-jar",
                        jar.toString()))
                .directory(folder.toFile()));
    var http = new Http(port);
    Commands.await(
        "the schema registry answers", log, () -> http.get(API + "/subjects").statusCode() == 200);
  }

  String url() {
    return "http://127.0.0.1:" + port + API;
  }

  @Override
  public void close() {
    Commands.stop(process);
  }
}
