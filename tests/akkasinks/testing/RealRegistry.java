package akkasinks.testing;

import akkasinks.cli.embedded.FreePort;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * A real schema registry (Apicurio, with Confluent's API) in a process of its own, behind a proxy
 * that takes it away and gives it back. It wants a password.
 */
public final class RealRegistry implements AutoCloseable {
  public static final String USER = "alice";
  public static final String PASSWORD = "s3cret";

  private static final Path UNPACKED = Path.of("target", "registry");
  private static final String API = "/apis/ccompat/v7";
  private static @Nullable RealRegistry shared;

  private final Path dir = TestDirs.create("registry");
  private final Certificates certificates = Certificates.in(dir, "client");
  private final int port = FreePort.next();
  private final FaultProxy proxy = FaultProxy.to(port);
  private final TlsFront tls = TlsFront.to(port, certificates);
  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;

  /** By id, under which a registry never has another one. */
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

  private RealRegistry() {
    try {
      process = start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** One for all tests of this JVM; use subjects of your own. */
  public static synchronized RealRegistry shared() {
    if (shared == null) {
      RealRegistry registry = new RealRegistry();
      Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
      registry.awaitReady();
      shared = registry;
    }
    return shared;
  }

  private Process start() throws IOException {
    Path jar = UNPACKED.resolve("quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(
          jar + " is missing: mvn process-test-classes fetches and unpacks Apicurio Registry");
    }
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=" + port,
            "-Dquarkus.management.host=127.0.0.1",
            "-Dquarkus.management.port=" + FreePort.next(),
            "-Dquarkus.http.auth.basic=true",
            "-Dquarkus.security.users.embedded.enabled=true",
            "-Dquarkus.security.users.embedded.plain-text=true",
            "-Dquarkus.security.users.embedded.users." + USER + "=" + PASSWORD,
            "-Dquarkus.security.users.embedded.roles." + USER + "=sr-admin",
            "-Dapicurio.auth.role-based-authorization=true",
            "-Dquarkus.http.auth.permission.api.paths=/apis/*",
            "-Dquarkus.http.auth.permission.api.policy=authenticated",
            "-jar",
            jar.toAbsolutePath().toString());
    return new ProcessBuilder(command)
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("registry.log").toFile())
        .start();
  }

  private void awaitReady() {
    Await.within(Duration.ofSeconds(120))
        .holds(
            "the schema registry answers",
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(
                    "it ended:\n" + Files.readString(dir.resolve("registry.log")));
              }
              try {
                return request("GET", "/subjects", "").statusCode() == 200;
              } catch (UncheckedIOException notYet) {
                return false;
              }
            });
  }

  /** What clients are given; leads through the proxy. */
  public String url() {
    return "http://" + proxy.address() + API;
  }

  /**
   * The same over TLS, past the proxy; takes only clients with a certificate of {@link
   * #certificates}.
   */
  public String tlsUrl() {
    return "https://127.0.0.1:" + tls.port() + API;
  }

  /** Its own, and that of {@code client}. */
  public Certificates certificates() {
    return certificates;
  }

  /** What takes it away and gives it back. */
  public FaultProxy proxy() {
    return proxy;
  }

  /** A request past the proxy, logged in. */
  public HttpResponse<String> request(String method, String path, String body) {
    String login =
        Base64.getEncoder()
            .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + API + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Basic " + login)
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The schema of an id, as Apache Avro reads it; asked for once. */
  public Schema schema(int id) {
    return schemas.computeIfAbsent(id, this::asked);
  }

  private Schema asked(int id) {
    try {
      return new Schema.Parser()
          .parse(
              new ObjectMapper()
                  .readTree(request("GET", "/schemas/ids/" + id, "").body())
                  .path("schema")
                  .asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record framed as Confluent's clients do, by the schema of the id in it. */
  public GenericRecord decoded(byte @Nullable [] message) {
    var bytes = ByteBuffer.wrap(Objects.requireNonNull(message));
    if (bytes.get() != 0) {
      throw new AssertionError("not framed as Confluent's clients do");
    }
    try {
      var decoder = DecoderFactory.get().binaryDecoder(message, 5, message.length - 5, null);
      return new GenericDatumReader<GenericRecord>(schema(bytes.getInt())).read(null, decoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    proxy.close();
    tls.close();
    http.close();
    TestDirs.delete(dir);
  }
}
