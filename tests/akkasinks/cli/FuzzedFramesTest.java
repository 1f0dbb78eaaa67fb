package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.sql.StatementSamples;
import akkasinks.testing.Seeds;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * What no client would send, on the real ports of a node that wants logins: from strangers, and
 * from a role that may do nothing. The node stays as it is: alive, closed, and no bigger.
 */
final class FuzzedFramesTest {
  private static final String SUPER = "correct horse";
  private static final int FULL = 100_000;
  private static final int SHORT = 4_000;

  /** Of heap, between a first part of the run and its end. */
  private static final long GROWTH = 48L << 20;

  @TempDir static Path dir;
  private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();
  private static RealNode node;

  @BeforeAll
  static void start() throws SQLException {
    ThresholdFilter errors = new ThresholdFilter();
    errors.setLevel("ERROR");
    errors.start();
    LOGGED.addFilter(errors);
    LOGGED.start();
    ((Logger) LoggerFactory.getLogger("akkasinks")).addAppender(LOGGED);
    ((Logger) LoggerFactory.getLogger("akkasinks.audit")).setLevel(Level.OFF);
    node =
        RealNode.start(
            dir, Map.of("akkasinks.auth.required", true, "akkasinks.auth.password", SUPER));
    try (var connection = DriverManager.getConnection(jdbc(), "akkasinks", SUPER);
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE poor LOGIN PASSWORD 'poor'");
      statement.execute("CREATE SECRET there AS 'x'");
    }
  }

  @AfterAll
  static void stop() {
    node.close();
    ((Logger) LoggerFactory.getLogger("akkasinks")).detachAppender(LOGGED);
    ((Logger) LoggerFactory.getLogger("akkasinks.audit")).setLevel(null);
  }

  @Test
  void framesOfPostgresProtocol() throws SQLException {
    holds(SHORT, FuzzedFramesTest::pgwire);
  }

  @Test
  void requestsOverHttp() throws SQLException {
    holds(SHORT, FuzzedFramesTest::http);
  }

  @Test
  @Tag("full")
  void aHundredThousandFramesOfPostgresProtocol() throws SQLException {
    holds(FULL, FuzzedFramesTest::pgwire);
  }

  @Test
  @Tag("full")
  void aHundredThousandRequestsOverHttp() throws SQLException {
    holds(FULL, FuzzedFramesTest::http);
  }

  /** Sends one connection's frames and says how many of them the node may have read. */
  private interface Connection {
    int send(Random random) throws IOException;
  }

  private static void holds(int frames, Connection connection) throws SQLException {
    String before = catalog();
    LOGGED.list.clear();
    AtomicLong early = new AtomicLong();
    AtomicInteger sent = new AtomicInteger();
    Seeds.forAll(
        2,
        frames,
        random -> {
          if (sent.get() >= frames) {
            return;
          }
          int more = connection.send(random);
          int already = sent.getAndAdd(more);
          if (already < frames / 4 && already + more >= frames / 4) {
            early.set(heap());
          }
        });

    if (Long.getLong("seed") == null) {
      assertThat(sent.get()).isGreaterThanOrEqualTo(frames);
      assertThat(heap() - early.get()).as("bytes that stayed in use").isLessThan(GROWTH);
    }
    assertThat(LOGGED.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    assertThat(catalog()).isEqualTo(before);
    assertThat(node.ready()).isTrue();
  }

  private static String catalog() throws SQLException {
    StringBuilder all = new StringBuilder();
    try (var connection = DriverManager.getConnection(jdbc(), "akkasinks", SUPER);
        var statement = connection.createStatement()) {
      for (String show :
          List.of("SECRETS", "CONNECTIONS", "SOURCES", "SINKS", "ROLES", "PRIVILEGES")) {
        try (var rows = statement.executeQuery("SHOW " + show)) {
          while (rows.next()) {
            all.append(show).append(' ').append(rows.getString(1)).append('\n');
          }
        }
      }
    }
    return all.toString();
  }

  private static long heap() {
    var memory = ManagementFactory.getMemoryMXBean();
    long[] least = {Long.MAX_VALUE};
    // Buffers of connections that are just going are no growth.
    for (int i = 0; i < 5; i++) {
      System.gc();
      least[0] = Math.min(least[0], memory.getHeapMemoryUsage().getUsed());
    }
    return least[0];
  }

  private static int pgwire(Random random) throws IOException {
    try (Socket socket = new Socket(node.pgwire().getAddress(), node.pgwire().getPort())) {
      socket.setSoTimeout(20_000);
      boolean inside = random.nextBoolean();
      OutputStream out = socket.getOutputStream();
      int frames = 1 + random.nextInt(5);
      if (inside) {
        new ScramClient(socket).login("poor", "poor");
      } else {
        out.write(Frames.start(random));
      }
      for (int n = 0; n < frames; n++) {
        out.write(inside ? Frames.any(random) : Frames.beforeLogin(random));
      }
      drained(socket);
      return inside ? frames : 1;
    } catch (SocketException closedByTheNode) {
      return 1;
    }
  }

  private static int http(Random random) throws IOException {
    URI url = URI.create(node.url());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
      socket.setSoTimeout(20_000);
      int requests = 1 + random.nextInt(4);
      for (int n = 0; n < requests; n++) {
        socket.getOutputStream().write(request(random));
      }
      drained(socket);
      return requests;
    } catch (SocketException closedByTheNode) {
      return 1;
    }
  }

  private static byte[] request(Random random) {
    String sql = StatementSamples.mutated(random, Seeds.oneOf(random, StatementSamples.ALL));
    String body =
        switch (random.nextInt(4)) {
          case 0 -> Seeds.text(random, 50);
          case 1 -> "{\"query\": \"SHOW SINKS\"}";
          default -> "{\"query\": \"" + sql.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        };
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String request =
        Seeds.oneOf(random, "GET", "POST", "DELETE", "PUT", "OPTIONS", "BREW")
            + " "
            + Seeds.oneOf(
                random,
                "/api/sql",
                "/api/sinks",
                "/api/sinks/x/pause",
                "/api/token",
                "/metrics",
                "/api/health/ready",
                "/",
                "/%zz",
                "//api//sql",
                "/api/sql?x=" + random.nextInt())
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + authorization(random)
            + Seeds.oneOf(random, "Content-Type: application/json\r\n", "Content-Type: x\r\n", "")
            + Seeds.oneOf(
                random,
                "Content-Length: " + length + "\r\n",
                "Content-Length: " + (length + random.nextInt(5) - 2) + "\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Expect: 100-continue\r\n")
            + Seeds.oneOf(random, "", "Connection: close\r\n", "Origin: http://evil\r\n")
            + "\r\n"
            + body;
    byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(3) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String authorization(Random random) {
    String poor = Base64.getEncoder().encodeToString("poor:poor".getBytes(StandardCharsets.UTF_8));
    String value =
        switch (random.nextInt(20)) {
          case 0 -> "Basic " + Base64.getEncoder().encodeToString(new byte[] {58, (byte) 0xff});
          case 1 -> "Bearer u0.99999999999." + "A".repeat(43);
          case 2 -> "Basic " + poor.substring(random.nextInt(poor.length()));
          case 3 -> Seeds.oneOf(random, "Basic", "Negotiate x", "Bearer ", "Basic ===");
          case 4, 5, 6 -> "";
          default -> "Basic " + poor;
        };
    return value.isEmpty() ? "" : "Authorization: " + value + "\r\n";
  }

  /** Until the node has closed, which it must soon after we have. */
  private static void drained(Socket socket) throws IOException {
    socket.shutdownOutput();
    byte[] buffer = new byte[8_192];
    while (socket.getInputStream().read(buffer) >= 0) {
      // What it says is of no concern here.
    }
  }

  private static String jdbc() {
    return "jdbc:postgresql://127.0.0.1:" + node.pgwire().getPort() + "/d";
  }
}
