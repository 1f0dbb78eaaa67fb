package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that talk to a node, with a node that says what a test tells it. */
class CommandLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicReference<String> received = new AtomicReference<>("");
  private volatile String answer = "{\"results\": []}";
  private HttpServer node;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext(
        "/api/sql",
        exchange -> {
          received.set(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    node.start();
  }

  @AfterEach
  void stop() {
    node.stop(0);
  }

  private int run(String stdin, String... words) {
    Console console =
        new Console(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("AKKASINKS_URL", "http://127.0.0.1:" + node.getAddress().getPort()));
    return Main.run(List.of(words), console);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void statementsComeFromTheLineAFileOrStandardInput() throws IOException {
    Path file = Files.writeString(folder.resolve("a.sql"), "SHOW SOURCES");

    assertThat(run("", "sql", "SHOW SINKS")).isZero();
    assertThat(received.get()).isEqualTo("{\"query\":\"SHOW SINKS\"}");
    run("", "sql", "-f", file.toString());
    assertThat(received.get()).isEqualTo("{\"query\":\"SHOW SOURCES\"}");
    run("SHOW SECRETS", "sql");
    assertThat(received.get()).isEqualTo("{\"query\":\"SHOW SECRETS\"}");
  }

  @Test
  void resultsGoToOutputAndErrorsWithTheirPlaceToTheErrorStream() {
    answer =
        """
        {"results": [
          {"ok": "CREATE SINK", "notices": [{"message": "careful", "severity": "notice"}]},
          {"tag": "SELECT 1", "desc": {"columns": [{"name": "name"}]}, "rows": [["s"]],
           "notices": []},
          {"error": {"message": "no such thing", "code": "42704", "position": 6}, "notices": []}]}
        """;

    assertThat(run("", "sql", "DROP SINK nix")).isEqualTo(1);
    assertThat(out()).isEqualTo("CREATE SINK\n name\n------\n s\n(1 row)\n\n");
    assertThat(err())
        .isEqualTo(
            "NOTICE:  careful\nERROR:  no such thing\nLINE 1: DROP SINK nix\n             ^\n");
  }

  @Test
  void verifyEndsWithWhatItFound() {
    String report =
        """
        {"results": [{"tag": "VERIFY SINK",
          "desc": {"columns": [{"name": "property"}, {"name": "value"}]},
          "rows": [["result", "%s"], ["rows in table", "3"]], "notices": []}]}
        """;

    answer = report.formatted("equal");
    assertThat(run("", "verify", "a\"b")).isZero();
    assertThat(received.get()).contains("VERIFY SINK \\\"a\\\"\\\"b\\\"");
    answer = report.formatted("different");
    assertThat(run("", "verify", "s")).isEqualTo(1);
    answer = "{\"results\": []}";
    assertThat(run("", "verify", "s")).as("no answer is no proof").isEqualTo(1);
  }

  @Test
  void aNodeThatDoesNotAnswerIsNamed() {
    int port = node.getAddress().getPort();
    node.stop(0);

    assertThat(run("", "sql", "SHOW SINKS")).isEqualTo(1);
    assertThat(err()).contains("no node answers at http://127.0.0.1:" + port).contains("HINT:");
  }

  @Test
  void whatIsNoNodeIsRecognised() {
    answer = "<html>";

    assertThat(run("", "sql", "SHOW SINKS")).isEqualTo(1);
    assertThat(err()).contains("is no AkkaSinks node");
  }

  @Test
  void mistypedWordsGetTheNearestOnes() {
    assertThat(run("", "dmeo")).isEqualTo(2);
    assertThat(run("", "sql", "--ulr", "x")).isEqualTo(2);
    assertThat(run("", "sql", "--url")).isEqualTo(2);
    assertThat(run("", "verify")).isEqualTo(2);
    assertThat(run("", "sql", "-f", "nowhere.sql")).isEqualTo(2);

    assertThat(err())
        .contains("Did you mean demo?")
        .contains("Did you mean --url?")
        .contains("option --url needs a value")
        .contains("verify needs the name of one sink")
        .contains("there is no file nowhere.sql");
  }
}
